"""Which language model in the process suits a person and a machine: by language, memory and speed."""

from __future__ import annotations

from dataclasses import dataclass

from config.models.catalogue import LlmFacts, Model, catalogue, find
from config.models.choice import hears
from config.models.llm_speed import LlmSpeed, llm_speed
from config.system import memory

SPOKEN_WORDS_S = 2.5
"""Words a second of a voice: an answer that is written more slowly is waited for between its sentences."""
FIRST_WORD_S = 1.5
"""Within which an answer should begin; a person who waits longer asks whether anybody is there."""
WORDS_A_TOKEN = 0.75
"""Of English."""
_QUESTION = 60
"""Tokens that are read anew for a spoken question: its words, their marks, the date and the time."""
CONTEXTS = (8192, 4096, 2048)
"""Tokens: twenty spoken turns and a few pictures of about 1000 each; or what there is memory for."""
_WORKING_MB = 120
"""What llama.cpp takes to compute in, beside weights and context."""
_SEEING_MB = 150
"""The same of a projector."""
RESERVED_MB = 600
"""For STT and the voice that are not loaded yet, and for what else is begun meanwhile."""
TESTS = frozenset({"smollm2-135m-instruct"})
"""Offered to nobody."""


@dataclass(frozen=True, slots=True)
class LlmOffer:
    model: Model
    here: bool
    """Fetched already."""
    memory_mb: int
    """About what it takes with the context that would be used, projector included."""
    fits: bool
    """Beside the STT, the voice and the rest of the machine."""
    first_word_s: float
    """Predicted for this machine: a spoken question after a prompt that was read before."""
    words_per_s: float
    """Predicted speed of writing; speech needs about 2.5 words a second."""
    quick_enough: bool
    reason: str
    """One sentence for a person: why it is offered first, or why not."""


def llm_offers(language: str, *, available_mb: int | None = None) -> tuple[LlmOffer, ...]:
    """Those that speak the language, the best first; those that do not fit last.

    The best: of those that are quick enough the one with the best score, of the others the quickest.
    ``available_mb``: of memory; None: what is free now. Blocking: about a second on the first call ever.
    """
    free = memory.available_mb() if available_mb is None else available_mb
    models = [m for m in catalogue() if m.llm and hears(m, language) and m.name not in TESTS]
    offers = [offer(model, llm_speed(model), free - RESERVED_MB) for model in models]
    return tuple(sorted(offers, key=_rank))


def offer(model: Model, speed: LlmSpeed, free_mb: int) -> LlmOffer:
    """Raises ``ValueError`` for a model of which nothing is known."""
    if model.llm is None:
        raise ValueError(model.name)
    context = context_for(model.llm, free_mb)
    memory_mb = needed_mb(model.llm, context or CONTEXTS[-1])
    first_word_s = _QUESTION / speed.reads + 1 / speed.writes
    words_per_s = speed.writes * WORDS_A_TOKEN
    quick = words_per_s >= SPOKEN_WORDS_S and first_word_s <= FIRST_WORD_S
    fits = context is not None
    return LlmOffer(
        model,
        find(model.spec) is not None,
        memory_mb,
        fits,
        first_word_s,
        words_per_s,
        quick,
        _reason(memory_mb, free_mb, fits, first_word_s, words_per_s),
    )


def needed_mb(facts: LlmFacts, context: int) -> int:
    """Weights, projector, what the context takes, and what is computed in."""
    seeing = facts.projector_bytes / 1e6 + _SEEING_MB if facts.projector else 0
    return round(facts.bytes / 1e6 + seeing + facts.kv_bytes * context / 1e6 + _WORKING_MB)


def context_for(facts: LlmFacts, free_mb: int) -> int | None:
    """The longest for which there is memory; None: not even the shortest fits."""
    lengths = (min(context, facts.context) for context in CONTEXTS)
    return next((context for context in lengths if needed_mb(facts, context) <= free_mb), None)


def _reason(memory_mb: int, free_mb: int, fits: bool, first_word_s: float, words_per_s: float) -> str:
    if not fits:
        return (
            f"It needs about {memory_mb / 1000:.1f} GB of memory, and {max(0, free_mb) / 1000:.1f} are free."
        )
    begins = f"it begins to answer after about {first_word_s:.1f} s"
    if words_per_s < SPOKEN_WORDS_S:
        return f"It writes about {words_per_s:.1f} words a second here, slower than one speaks, and {begins}."
    if first_word_s > FIRST_WORD_S:
        return f"Here {begins}, which is long for a talk."
    return f"Here {begins} and writes {words_per_s:.0f} words a second, faster than one speaks."


def _rank(each: LlmOffer) -> tuple[bool, bool, float, float]:
    score = each.model.llm.score if each.model.llm else None
    if each.quick_enough:
        return not each.fits, False, -(score or 0.0), each.memory_mb
    return not each.fits, True, -each.words_per_s, each.memory_mb
