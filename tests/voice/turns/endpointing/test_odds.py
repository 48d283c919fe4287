"""The odds that a turn is over: which way each piece of evidence pulls, and that none decides alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.turns.endpointing.completeness import Completeness
from voice.turns.endpointing.odds import Evidence, log_odds

share = st.floats(0, 1)
readings = st.sampled_from(["complete", "stated", "unclear", "phrase", "incomplete", "clause"])


def test_the_better_it_reads_the_better_the_odds() -> None:
    order: tuple[Completeness, ...] = ("incomplete", "phrase", "unclear", "stated")
    odds = [log_odds(Evidence(reading, "words")) for reading in order]
    assert odds == sorted(set(odds))


@given(readings, share, share, share)
def test_surer_ears_never_make_an_end_less_likely(reading: str, a: float, b: float, heard: float) -> None:
    low, high = sorted((min(a, 0.999), min(b, 0.999)))
    less, more = (log_odds(Evidence(reading, "It rains.", sure, heard)) for sure in (low, high))  # type: ignore[arg-type]
    assert less <= more


@given(readings, share, share, share)
def test_nor_does_a_voice_that_comes_to_its_end(reading: str, sure: float, a: float, b: float) -> None:
    less, more = (log_odds(Evidence(reading, "It rains.", sure, heard)) for heard in sorted((a, b)))  # type: ignore[arg-type]
    assert less <= more


closings = st.floats(-4, 4)


@given(readings, share, closings, closings)
def test_nor_do_ears_that_expect_no_more(reading: str, sure: float, a: float, b: float) -> None:
    less, more = (
        log_odds(Evidence(reading, "It rains.", min(sure, 0.999), closing=told))  # type: ignore[arg-type]
        for told in sorted((a, b))
    )
    assert less <= more


@pytest.mark.parametrize("closing", [None, 1.0])
def test_last_words_count_for_ears_that_doubt_alone(closing: float | None) -> None:
    for sure, counts in ((0.9, True), (1.0, False)):
        less, more = (
            log_odds(Evidence("stated", "It rains.", sure, ending=told, closing=closing)) for told in (-2, 2)
        )
        assert (less < more) == counts


def test_ears_that_hear_well_and_expect_no_more_end_a_turn() -> None:
    assert log_odds(Evidence("complete", "It rains.", 0.9, closing=2.5)) > 1.5
    assert log_odds(Evidence("unclear", "Paris", 0.6, closing=-1.0)) < 0


@given(share)
def test_the_sound_alone_turns_no_dangling_word_into_an_end(heard: float) -> None:
    assert log_odds(Evidence("incomplete", "Set a timer for", 0.95, heard)) < 0
    assert log_odds(Evidence("complete", "What time is it?", 0.95, heard)) > 0


@pytest.mark.parametrize(
    ("preflight", "confidence", "is_open"),
    [
        ("It was the worst of", 0.7, True),
        ("It was the worst of times.", 0.7, False),
        ("it was the worst of times", 0.7, False),  # who begins small sets no marks either
        ("It was the worst of times", 1.0, False),  # an STT that is told, or do not tell
        ("“Is it so?”", 0.7, False),
    ],
)
def test_ears_that_set_marks_and_set_none(preflight: str, confidence: float, is_open: bool) -> None:
    odds = log_odds(Evidence("stated", preflight, confidence))
    marked = log_odds(Evidence("stated", preflight.rstrip(".?”") + ".", confidence))
    assert (odds < marked) == is_open


def test_without_a_turn_model_it_is_as_if_that_had_little_to_say() -> None:
    without = log_odds(Evidence("stated", "It rains.", 0.9))
    heard = [log_odds(Evidence("stated", "It rains.", 0.9, sound)) for sound in (0.02, 0.98)]
    assert heard[0] < without < heard[1]
