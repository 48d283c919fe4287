"""The language of a conversation: pinned, and changed by what is long and sure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.stt.language_pin import LONG_S, SURE, Guess, Pin

short = st.builds(Guess, st.sampled_from(["nl", "cy", "de"]), st.floats(0, 1), st.floats(0.2, 0.95))


def pinned(*guesses: Guess, account: str = "en") -> list[str]:
    """The language each utterance was written in."""
    pin, written = Pin(account), []
    for guess in guesses:
        written.append(pin.weigh(guess))
        pin.keep(guess)
    return written


def test_a_short_word_is_no_other_language() -> None:
    """Whisper base on "Ever failed.": Dutch, p = 0.85."""
    assert pinned(Guess("en", 0.99, 2.0), Guess("nl", 0.85, 0.7), Guess("nl", 0.85, 0.9)) == ["en"] * 3


@given(st.lists(short, max_size=8))
def test_no_row_of_short_words_changes_it(guesses: list[Guess]) -> None:
    assert set(pinned(Guess("en", 0.9, 3.0), *guesses)) == {"en"}


@given(st.lists(short, max_size=8), st.floats(SURE, 1), st.floats(LONG_S, 30))
def test_a_long_and_sure_sentence_changes_it_whatever_came_before(
    before: list[Guess], probability: float, speech_s: float
) -> None:
    assert pinned(*before, Guess("es", probability, speech_s))[-1] == "es"


@pytest.mark.parametrize(("first", "second"), [(1.2, 1.2), (1.8, 3.0)])
def test_two_in_a_row_change_it(first: float, second: float) -> None:
    written = pinned(Guess("en", 0.9, 3.0), Guess("es", 0.8, first), Guess("es", 0.75, second))
    assert written == ["en", "en", "es"]


def test_english_spanish_english() -> None:
    spoken = [Guess("en", 0.97, 2.4), Guess("es", 0.96, 2.8), Guess("es", 0.6, 1.0), Guess("en", 0.95, 2.1)]
    assert pinned(*spoken) == ["en", "es", "es", "en"]


@pytest.mark.parametrize(
    ("text", "guess"), [("Ever failed.", Guess("nl", 0.82, 1.6)), ("yes", Guess("es", 0.43, 0.6))]
)
def test_nor_do_the_first_words_of_all(text: str, guess: Guess) -> None:
    """Whisper base's guesses."""
    assert pinned(guess) == ["en"]


def test_a_language_that_aloud_speaks_needs_to_be_less_sure() -> None:
    assert pinned(Guess("de", 0.75, 2.6)) == ["de"]
    assert pinned(Guess("hi", 0.78, 3.3)) == ["en"]
    assert pinned(Guess("de", 0.75, 1.9)) == ["en"]
    assert pinned(Guess("it", 0.72, 2.1), account="es") == ["es"]


def test_a_language_that_was_spoken_before_needs_least() -> None:
    changed = [Guess("cy", 0.95, 3.0), Guess("en", 0.95, 3.0)]
    assert pinned(Guess("cy", 0.55, 3.0)) == ["en"]
    assert pinned(*changed, Guess("cy", 0.55, 3.0)) == ["cy", "en", "cy"]
    assert pinned(*changed, Guess("cy", 0.95, 1.6)) == ["cy", "en", "cy"]
    assert pinned(*changed, Guess("de", 0.95, 1.6)) == ["cy", "en", "en"]


def test_two_long_ones_of_which_it_is_little_sure_change_it_where_aloud_speaks_the_language() -> None:
    en = Guess("en", 0.9, 3.0)
    assert pinned(en, Guess("es", 0.45, 1.4), Guess("es", 0.5, 1.7))[-1] == "es"
    assert pinned(en, Guess("es", 0.45, 1.4), Guess("es", 0.5, 1.4))[-1] == "en"
    assert pinned(en, Guess("la", 0.45, 3.0), Guess("la", 0.5, 3.0))[-1] == "en"


def test_a_draft_changes_nothing() -> None:
    pin = Pin("en")
    for _ in range(5):
        assert pin.weigh(Guess("es", 0.95, 3.0)) == "es"
    assert pin.weigh(Guess("es", 0.8, 0.5)) == "en"
