"""The gate drops what nobody said, and lets through what people do say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import for_each
from voice.audio.samples import HEARING_RATE
from voice.stt.hallucination_filter import (
    DecodedText,
    believe,
    echoes,
    is_hallucination,
    is_non_speech,
    loops,
    moments,
    starts_over,
    too_flat,
    too_quiet,
)

WORDS = st.text("abcdefghij", min_size=2, max_size=6)


def sure(text: str) -> DecodedText:
    return DecodedText(text, no_speech=0.01, log_probability=-0.2)


@for_each(
    "text",
    [
        "It was the best of times, it was the worst of times, it was the age of wisdom, "
        "it was the age of foolishness, it was the epoch of belief, it was the epoch of incredulity",
        "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.",
        "No, no, no.",
        "Stop. Stop. Stop. Stop!",
        "Zero seven seven one zero, zero seven one one, zero seven seven one zero, one one seven zero.",
        "1 2 1 2 1 2 1 2 1 2 1 2",
        "nove nove nove nove nove nove nove nove nove nove",
        "acht acht acht acht acht acht acht acht acht acht",
        "One million: 1 000 000 000 000 000 000. " + "0 " * 20,
        "",
    ],
)
def test_what_people_say_passes(text: str) -> None:
    assert not loops(text)
    assert believe([sure(text)]) == [sure(text)]


@for_each(
    "text",
    [
        "Thank you for watching. " * 3,
        "thank you " * 5,
        "so " * 12,
        "I'm going to go to the I'm going to go to the I'm going to go to the",
        "Grazie per la visione. " * 3,
        "ご視聴ありがとうございました" * 5,
        "9" + ".25" * 100,  # a crowd, as tiny.en heard it
        "Red 9, " + "4, " * 40,
    ],
)
def test_loops_are_dropped(text: str) -> None:
    assert loops(text)
    assert believe([sure(text)]) == []


def test_a_loop_over_several_segments_is_dropped() -> None:
    assert believe([sure(" Thank you.")] * 2) == [sure(" Thank you.")] * 2
    assert believe([sure(" Thank you.")] * 5) == []


def test_no_speech_alone_or_doubt_alone_passes_and_both_do_not() -> None:
    assert not is_hallucination(DecodedText("Thank you.", 0.9, -0.4))
    assert not is_hallucination(DecodedText("Thank you.", 0.2, -1.4))
    assert is_hallucination(DecodedText("Thank you.", 0.9, -1.4))


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=60, unique=True))
def test_different_words_are_never_a_loop(words: list[str]) -> None:
    assert not loops(" ".join(words))


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=3, max_size=8), st.integers(3, 6), st.lists(WORDS, max_size=5))
def test_a_phrase_of_three_words_three_times_is_a_loop(
    phrase: list[str], times: int, before: list[str]
) -> None:
    assert loops(" ".join([*before, *phrase * times]))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.floats(0, 1), st.floats(-5, 0))
def test_believing_only_drops_and_is_settled_at_once(text: str, no_speech: float, doubt: float) -> None:
    written = [DecodedText(text, no_speech, doubt), sure("Turn on the light.")]
    believed = believe(written)
    assert all(part in written for part in believed)
    assert believe(believed) == believed


@settings(max_examples=60, deadline=None)
@given(st.floats(-110, 0), st.integers(1, 5 * HEARING_RATE))
def test_the_floor_is_where_it_is_said_to_be(dbfs: float, length: int) -> None:
    samples = np.full(length, 10 ** (dbfs / 20), np.float32)
    if dbfs < -60.1:
        assert too_quiet(samples)
    if dbfs > -59.9 and length >= HEARING_RATE // 10:
        assert not too_quiet(samples)


def test_a_short_word_in_a_long_silence_is_loud_enough() -> None:
    samples = np.zeros(10 * HEARING_RATE, np.float32)
    assert too_quiet(samples)
    assert too_quiet(samples[:0])
    samples[50_000:54_000] = 0.003
    assert not too_quiet(samples)


def test_a_crowd_is_flat_and_a_voice_is_not() -> None:
    rng = np.random.default_rng(1)
    crowd = rng.normal(0, 0.03, 2 * HEARING_RATE).astype(np.float32)
    assert too_flat(moments(crowd))
    voice = crowd * np.repeat([0.1, 1.0, 0.1, 1.0], HEARING_RATE // 2).astype(np.float32)
    assert not too_flat(moments(voice))
    assert not too_flat(moments(crowd[:4000]))  # too short to tell
    assert not too_flat([])


@for_each(
    ("range_db", "confidence", "non_speech"),
    [
        (6.0, 0.78, True),
        (6.0, 0.92, False),
        (8.0, 0.85, False),
        (9.4, 0.49, True),
        (9.4, 0.7, False),
        (9.7, 0.43, True),
        (9.8, 0.1, True),
        (9.8, 0.5, False),
        (10.8, 0.42, False),
        (13.3, 0.37, True),
        (13.9, 0.1, False),
    ],
)
def test_words_in_even_sound_are_a_murmur_unless_the_engine_is_sure(
    range_db: float, confidence: float, non_speech: bool
) -> None:
    levels = np.linspace(-40.0, -40.0 + range_db / 0.85, 50)
    assert is_non_speech(levels.tolist(), confidence) == non_speech


@pytest.mark.parametrize(
    ("text", "echoed"),
    [
        ("Annalena, Kubernetes, Grafana, Toby Wright.", True),
        ("Annalena Kubernetes Grafana Toby Wright Annalena", True),
        ("Annalena and Toby Wright run Kubernetes with Grafana.", False),
        ("Toby Wright.", False),
        ("Annalena Kubernetes.", False),
        ("", False),
    ],
)
def test_the_list_of_expected_words_is_not_what_was_said(text: str, echoed: bool) -> None:
    assert echoes(text, "Annalena, Kubernetes, Grafana, Toby Wright") is echoed


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Press 4 for the previous message. Press 4 for the previous message", True),
        ("Press 1 to enter a number. Press 1 to enter", True),
        ("no no no", False),
        ("Stop. Stop.", False),
        ("What is the weather like in Paris?", False),
        ("It was the best of times, it was the worst of times", False),
    ],
)
def test_a_text_that_starts_over_is_seen(text: str, again: bool) -> None:
    assert starts_over(text) is again
