"""Aloud's own sentences: every language has them all, with the same blanks."""

from __future__ import annotations

import string

import pytest

from config.language.data import languages
from config.language.phrases import phrases


def blanks(sentence: str) -> set[str]:
    """ "A_colour" and "Colour" are the colour with an article and with a capital."""
    names = (name for _, name, _, _ in string.Formatter().parse(sentence) if name)
    return {name.lower().removeprefix("a_") for name in names}


@pytest.mark.parametrize("language", languages()[1:])
def test_every_language_has_the_same_keys_and_blanks(language: str) -> None:
    english, other = phrases("en").tables, phrases(language).tables
    assert {name: set(table) for name, table in other.items()} == {
        name: set(table) for name, table in english.items()
    }
    for name, table in english.items():
        for key, sentence in table.items():
            assert blanks(other[name][key]) == blanks(sentence), (language, name, key)


def test_a_language_by_its_code_and_english_for_the_rest() -> None:
    assert phrases("de-AT").language == "de"
    assert phrases("zz").language == phrases("auto").language == "en"


def test_lists() -> None:
    assert phrases("de").listed(["rot"]) == "rot"
    assert phrases("fr").listed(["rouge", "vert", "bleu"]) == "rouge, vert et bleu"
