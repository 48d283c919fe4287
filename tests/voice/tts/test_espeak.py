"""Espeak itself: the sound, and where each word lies in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import TtsError
from tests.tables import for_each
from voice.audio.speech import Speech
from voice.tts.base import Tts
from voice.tts.espeak import Espeak, has_voice, languages
from voice.tts.word_timing import lay_out, pause_after, token_spans


def check(speech: Speech, text: str) -> None:
    """What holds for any speech of any engine."""
    assert speech.text == text
    assert [word.text for word in speech.words] == text.split()
    assert speech.audio.samples.dtype == np.float32
    assert np.isfinite(speech.audio.samples).all()
    assert np.abs(speech.audio.samples).max(initial=0) <= 1
    edges = [edge for word in speech.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(speech.audio.samples) for edge in edges)


def loudness(speech: Speech, start: int, end: int) -> float:
    return float(np.sqrt(np.mean(np.square(speech.audio.samples[start:end])))) if end > start else 0.0


def test_it_is_a_mouth() -> None:
    tts: Tts = Espeak()
    tts.warm()
    assert (tts.name, tts.rate) == ("espeak:en-us", 22_050)


def test_words_lie_where_espeak_says() -> None:
    speech = Espeak().say("Hello, how are you today?")
    check(speech, "Hello, how are you today?")
    hello, how, are, _, today = speech.words
    # The comma's pause belongs to no word, and is silent.
    assert how.start - hello.end > 0.1 * speech.audio.rate
    assert loudness(speech, hello.end, how.start) < 0.01 * loudness(speech, hello.start, hello.end)
    assert how.end <= are.start
    assert today.end - today.start > are.end - are.start


def test_a_word_lasts_as_long_as_when_said_alone() -> None:
    speech = Espeak().say("one, two, three, four")
    lengths = [(word.end - word.start) / speech.audio.rate for word in speech.words]
    alone = [
        len(Espeak().say(word).audio.samples) / speech.audio.rate for word in ("one", "two", "three", "four")
    ]
    assert lengths == pytest.approx([seconds - 0.05 for seconds in alone], abs=0.12)


@pytest.mark.parametrize(
    "text",
    [
        "It is one of the best of the lot, to be sure.",
        "It costs 1,234.50 dollars, or 500.",
        "co-operate twenty-one 21-22 a.b.c U.S. Dr. Smith",
        "Café naïve 日本 über \U0001f600 ok.",
        "Well — 10–20, or “so” (perhaps) … and/or not?!",
        "One line.\n\nAnother\tline.",
    ],
)
def test_merged_and_split_words(text: str) -> None:
    speech = Espeak().say(text)
    check(speech, text)
    spoken = [word for word in speech.words if any(map(str.isalnum, word.text))]
    assert all(word.end > word.start for word in spoken)


def test_silence_around_is_short() -> None:
    espeak = Espeak()
    for text, pause in (("Good morning.", 0.2), ("Good morning,", 0.12), ("Good morning", 0.03)):
        samples = espeak.say(text).audio.samples
        loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
        assert loud[0] <= 0.021 * espeak.rate
        assert len(samples) - 1 - loud[-1] == pytest.approx(pause * espeak.rate, abs=2)
        assert pause_after(text) == pause


@for_each("text", ["", "   ", "...", "— !", "?!", "\u200b", "\x00", "(…)", "。"])
def test_nothing_to_say_is_a_short_silence(text: str) -> None:
    speech = Espeak().say(text)
    check(speech, text)
    assert 0 < speech.audio.seconds <= 0.2
    assert not speech.audio.samples.any()


def test_speed() -> None:
    sentence = "The quick brown fox jumps over the lazy dog again and again."
    slow, plain, fast = (Espeak().say(sentence, speed=speed).audio.seconds for speed in (0.6, 1.0, 2.0))
    assert slow > 1.4 * plain
    assert fast < 0.65 * plain
    # Espeak's voice wavers a little, never the same twice.
    assert Espeak().say(sentence).audio.seconds == pytest.approx(plain, rel=0.02)


def test_voices_share_one_engine() -> None:
    english, german = Espeak("en-us"), Espeak("de")
    first = english.say("Ziegenbart is here.").audio.seconds
    assert german.say("Ziegenbart is here.", speed=1.5).audio.seconds != pytest.approx(first, rel=0.1)
    assert english.say("Ziegenbart is here.").audio.seconds == pytest.approx(first, rel=0.03)


@pytest.mark.parametrize(
    ("name", "near"),
    [("en-uk", "espeak:en-us"), ("english", "Is it espeak:en-gb or espeak:en-us?"), ("nonsense", "")],
)
def test_of_an_unknown_voice_a_few_that_are_near_are_named(name: str, near: str) -> None:
    with pytest.raises(TtsError, match=f"no voice '{name}'") as caught:
        Espeak(name).warm()
    assert near in caught.value.todo
    assert caught.value.todo.count("espeak:") <= 5
    assert "See all: aloud models list" in caught.value.todo
    Espeak().say("It still speaks.")


@pytest.mark.parametrize(("theirs", "ours"), [("zh", "cmn"), ("no", "nb")])
def test_a_language_that_others_call_otherwise_is_spoken(theirs: str, ours: str) -> None:
    said, same = (Espeak(name).say("2 3").audio.samples for name in (theirs, ours))
    assert len(said) == pytest.approx(len(same), rel=0.03)  # no two voices speak as long


def test_every_language_that_is_listed_can_be_spoken() -> None:
    assert [name for name in languages() if not has_voice(name)] == []


def test_asking_for_a_voice_changes_none() -> None:
    english = Espeak("en-us")
    before = len(english.say("Ziegenbart is here.").audio.samples)
    assert has_voice("de")
    assert not has_voice("nonsense")
    assert len(english.say("Ziegenbart is here.").audio.samples) == pytest.approx(before, rel=0.03)


def test_many_threads_one_at_a_time() -> None:
    texts = ["one two three", "four five six", "a much longer sentence than these"] * 4
    alone = [len(Espeak().say(text).audio.samples) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: len(Espeak().say(text).audio.samples), texts))
    assert together == pytest.approx(alone, rel=0.03)


def test_no_text_is_taken_for_a_command() -> None:
    espeak = Espeak()
    plain = espeak.say("b one").audio.seconds
    # ^A is espeak's own sign for an embedded command: here "rate 400".
    assert espeak.say("\x01b one").audio.seconds == pytest.approx(plain, rel=0.03)
    assert espeak.say("<break time='5s'/> one").audio.seconds < 5
    check(espeak.say("a\x00b \ud800 c"), "a\x00b \ud800 c")


def test_a_very_long_text() -> None:
    text = "and so it goes on, " * 120
    speech = Espeak().say(text)
    check(speech, text)
    begins = [word.start for word in speech.words]
    assert len(set(begins)) == len(begins)


TEXT = st.text(
    st.one_of(st.sampled_from(list("abc ABC 0123456789 ,.-'!?()\n\t—“%$&/…日ü")), st.characters()),
    max_size=50,
)


@settings(max_examples=120, deadline=None)
@given(TEXT)
def test_any_text(text: str) -> None:
    check(Espeak().say(text, speed=2.5), text)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text("ab 1,.—", max_size=30),
    sound=st.lists(st.sampled_from([0.0, 0.001, 0.5, -0.5]), max_size=400),
    begins=st.dictionaries(st.integers(-2, 20), st.integers(-100, 600), max_size=8),
)
def test_any_moments_are_laid_out_in_order(text: str, sound: list[float], begins: dict[int, int]) -> None:
    check(lay_out(text, np.array(sound, np.float32), 1000, begins), text)
    assert [text[a:b] for a, b in token_spans(text)] == text.split()
