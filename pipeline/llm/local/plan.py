"""How a model is fitted to this machine, beside STT and the voice: its context, its threads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from config.errors import ModelError
from config.models.catalogue import LlmFacts, Model, catalogue
from config.models.llm_choice import CONTEXTS, RESERVED_MB, TESTS, context_for, needed_mb
from pipeline.llm.local.files import LocalFiles


@dataclass(frozen=True, slots=True)
class Plan:
    context: int
    """Tokens of it that are used."""
    small_cache: bool
    """Keys and values of the context at 8 bits, since at 16 it would have to be shorter."""
    memory_mb: int


def plan(files: LocalFiles, free_mb: int) -> Plan:
    """``free_mb``: of memory, for all. Raises ``ModelError`` where it cannot fit."""
    left = free_mb - RESERVED_MB
    context = context_for(files.facts, left)
    longest = min(CONTEXTS[0], files.facts.context)
    if context != longest and files.header.quantizable:
        halved = _at_8_bits(files.facts)
        longer = context_for(halved, left)
        if longer is not None and longer > (context or 0):
            return Plan(longer, True, needed_mb(halved, longer))
    if context is None:
        raise too_large(files, left)
    return Plan(context, False, needed_mb(files.facts, context))


def too_large(files: LocalFiles, left_mb: int) -> ModelError:
    needed = needed_mb(files.facts, CONTEXTS[-1]) / 1000
    free = max(0, left_mb) / 1000
    smaller = _best_that_fits(left_mb)
    todo = f"Take a smaller one: aloud config set llm {smaller.spec}" if smaller else ""
    return ModelError(
        f"{files.name} needs about {needed:.1f} GB of memory beside speech, and {free:.1f} are free.",
        todo=todo or "Close other programs, or choose a model elsewhere: aloud talk --llm auto",
    )


def _best_that_fits(left_mb: int) -> Model | None:
    fitting = [
        model
        for model in catalogue()
        if model.llm and model.name not in TESTS and context_for(model.llm, left_mb) is not None
    ]
    return max(fitting, key=lambda model: (model.llm.score or 0.0) if model.llm else 0.0, default=None)


def _at_8_bits(facts: LlmFacts) -> LlmFacts:
    """Blocks of 32 numbers, each with a scale of 16 bits: 34 bytes instead of 64."""
    return replace(facts, kv_bytes=facts.kv_bytes * 34 // 64)
