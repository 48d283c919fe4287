"""Which language model is offered on which machine, and how quick it is said to be."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from config.files import measured_file
from config.models.catalogue import Model, catalogue, known
from config.models.llm_choice import FIRST_WORD_S, SPOKEN_WORDS_S, context_for, llm_offers, needed_mb, offer
from config.models.llm_speed import (
    LlmSpeed,
    computed_speed,
    learn_reading,
    learn_writing,
    llm_speed,
    measured_reads,
)
from config.settings.paths import state_dir
from config.system.cores import llm_threads
from tests.tables import for_each

KERNEL_S = 0.228
"""Of the machine on which the sizes below were measured, on one thread."""


def machine(kernel_s: float) -> None:
    """One whose kernel takes so long on each of a model's threads."""
    file = measured_file.of_this_machine(state_dir() / "llm-speeds")
    measured_file.keep(file, "kernel", kernel_s * llm_threads())


@for_each(
    ("parameters", "size", "read_ms", "write_ms"),
    [(0.39, 219e6, 8.58, 35.32), (1.08, 606e6, 23.92, 91.84), (2.97, 1673e6, 70.43, 254.03)],
)
def test_what_two_sizes_took_tells_of_the_third(
    parameters: float, size: float, read_ms: float, write_ms: float
) -> None:
    facts = known("smollm2-360m-instruct").llm
    assert facts
    speed = computed_speed(dataclasses.replace(facts, parameters=parameters, bytes=int(size)), KERNEL_S)
    assert 1000 / speed.reads == pytest.approx(read_ms, rel=0.1)
    assert 1000 / speed.writes == pytest.approx(write_ms, rel=0.1)


def names(language: str, kernel_s: float, available_mb: int) -> list[str]:
    machine(kernel_s)
    return [each.model.name for each in llm_offers(language, available_mb=available_mb) if each.fits]


def test_the_best_of_the_quick_ones_is_offered_first_and_what_does_not_fit_last() -> None:
    assert names("en", 0.008, 16_000)[0] == "qwen3.5-4b"  # eight fast cores
    assert names("en", 0.08, 16_000)[0] == "qwen3.5-2b"
    assert names("en", 0.24, 16_000)[0] == "qwen3.5-0.8b"
    assert names("en", 2.0, 16_000)[0] == "smollm2-360m-instruct"  # none is quick enough
    assert names("en", 0.008, 4_000)[0] == "qwen3.5-2b"
    assert names("en", 0.008, 300) == []
    assert "smollm3-3b" not in names("pl", 0.05, 16_000)
    assert "smollm2-135m-instruct" not in names("en", 0.05, 16_000)


def test_an_offer_says_why() -> None:
    machine(0.25)
    offers = {each.model.name: each for each in llm_offers("en", available_mb=4_000)}
    assert not any(each.here for each in offers.values())
    quick, slow, large = offers["qwen3.5-0.8b"], offers["smollm3-3b"], offers["qwen3-vl-8b"]
    assert quick.quick_enough
    assert quick.words_per_s > SPOKEN_WORDS_S
    assert quick.first_word_s < FIRST_WORD_S
    assert "faster than one speaks" in quick.reason
    assert (slow.fits, slow.quick_enough) == (True, False)
    assert "slower than one speaks" in slow.reason
    assert large.reason == f"It needs about {large.memory_mb / 1000:.1f} GB of memory, and 3.4 are free."
    assert [each.fits for each in offers.values()] == sorted((e.fits for e in offers.values()), reverse=True)


def test_the_context_is_what_there_is_memory_for() -> None:
    facts = known("llama-3.2-3b-instruct").llm
    assert facts
    needed = [needed_mb(facts, context) for context in (8192, 4096, 2048)]
    assert [context_for(facts, mb) for mb in needed] == [8192, 4096, 2048]
    assert context_for(facts, needed[2] - 1) is None


def test_what_is_nothing_of_a_language_model_is_not_offered() -> None:
    with pytest.raises(ValueError, match="base"):
        llm_speed(known("base"))
    with pytest.raises(ValueError, match="base"):
        offer(known("base"), LlmSpeed(1.0, 1.0), 1000)


def test_answers_correct_the_speed_of_a_model_and_of_the_others() -> None:
    machine(0.2)
    one, other = known("qwen3.5-2b"), known("qwen3.5-4b")
    before, others = llm_speed(one), llm_speed(other)
    learn_reading(one, 10, 9.0)
    learn_writing(one, 5, 9.0)
    assert measured_reads(one) is None, "too short to tell"
    learn_reading(one, 100, 100 / before.reads * 2)
    learn_writing(one, 50, 50 / before.writes * 4)
    assert llm_speed(one).reads == pytest.approx(before.reads / 2, rel=0.01)
    assert llm_speed(other).reads == pytest.approx(others.reads / 2, rel=0.01)
    assert llm_speed(other).writes == pytest.approx(others.writes / 4, rel=0.01)
    learn_reading(one, 100, 100 / before.reads)
    assert before.reads / 2 < llm_speed(one).reads < before.reads, "one answer does not undo another"


def test_every_figure_has_a_source_and_a_day() -> None:
    models: list[Model] = [model for model in catalogue() if model.kind == "llm"]
    assert len(models) >= 12
    for model in models:
        facts = model.llm
        assert facts
        assert {"bytes", "kv_bytes"} <= set(facts.sources)
        assert (facts.score is None) == ("score" not in facts.sources)
        assert facts.date
        assert abs((facts.bytes + facts.projector_bytes) / 1e6 - model.about_mb) < 1
        assert bool(facts.projector) == bool(facts.projector_bytes) == model.sees
        assert 0.1 < facts.parameters < 9
        assert model.patterns == tuple(filter(None, (facts.file, facts.projector)))


def row(model: Model) -> str:
    facts = model.llm
    assert facts
    through = f" ({facts.active:g} a token)" if facts.active else ""
    cells = (
        *(f"`{model.name}`", f"{facts.parameters:g}{through}", "yes" if model.sees else ""),
        *(f"{model.about_mb:,}", f"{needed_mb(facts, 8192):,}", f"{facts.context:,}"),
        *(", ".join(model.languages).replace("*", "many"), f"{facts.score:g}" if facts.score else ""),
        model.licence,
    )
    return f"|{'|'.join(cells)}|"


def test_the_page_has_the_figures_of_the_catalogue() -> None:
    page = (Path(__file__).parents[3] / "docs" / "language-models.md").read_text("utf-8")
    told = [line for line in page.splitlines() if line.startswith("|`")]
    assert told == [row(model) for model in catalogue() if model.kind == "llm"]
