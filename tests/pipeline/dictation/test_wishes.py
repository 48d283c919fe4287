"""What asks for a change of the text, and what only sounds like it."""

from __future__ import annotations

import pytest

from pipeline.dictation.wishes import is_wish


@pytest.mark.parametrize(
    "words",
    [
        "Make it shorter.", "make this a bit more formal", "Second paragraph friendlier.", "Shorter please",
        "Please make the last paragraph much shorter", "a little warmer", "Make it less technical!",
    ],
)  # fmt: skip
def test_wishes(words: str) -> None:
    assert is_wish(words, "en")


@pytest.mark.parametrize(
    "words",
    [
        "Make it to the station.", "The second paragraph was friendlier than the first.", "short",
        "Make it formal.", "Life is getting shorter.", "Make it shorter than the other one and send it", "",
        "More coffee",
    ],
)  # fmt: skip
def test_what_is_dictated(words: str) -> None:
    assert not is_wish(words, "en")


def test_german_and_a_language_without_wishes() -> None:
    assert is_wish("Mach es bitte kürzer.", "de")
    assert is_wish("Den zweiten Absatz freundlicher", "de")
    assert not is_wish("Das Leben wird kürzer.", "de")
    assert not is_wish("Make it shorter", "fi")
