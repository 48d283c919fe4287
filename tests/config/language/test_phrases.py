"""Aloud's own sentences: every language has them all, with the same blanks."""

from __future__ import annotations

import re
import string

import pytest

from config.language.data import languages, table
from config.language.phrases import phrases


def blanks(sentence: str) -> set[str]:
    """ "A_colour" and "Colour" are the colour with an article and with a capital."""
    names = (name for _, name, _, _ in string.Formatter().parse(sentence) if name)
    return {name.lower().removeprefix("a_") for name in names}


@pytest.mark.parametrize("language", languages()[1:])
def test_every_language_has_the_same_keys_and_blanks(language: str) -> None:
    english, other = phrases("en").tables, phrases(language).tables
    assert {name: set(each) for name, each in other.items()} == {
        name: set(each) for name, each in english.items()
    }
    for name, sentences in english.items():
        for key, sentence in sentences.items():
            assert blanks(other[name][key]) == blanks(sentence), (language, name, key)


def test_a_language_by_its_code_and_english_for_the_rest() -> None:
    assert phrases("de-AT").language == "de"
    assert phrases("zz").language == phrases("auto").language == "en"


def test_lists() -> None:
    assert phrases("de").listed(["rot"]) == "rot"
    assert phrases("fr").listed(["rouge", "vert", "bleu"]) == "rouge, vert et bleu"


STRANGERS = {
    "en": "$.",
    "de": r"(?<![.:?!„] )\bSie\b|\bIhnen\b|\bIhre?[mnrs]? [A-Z{]",
    "es": r"\b[Uu]sted|\b[Dd]iga|\b[Mm]uestre|\b[Ss]e lo |^Sus? (?!ejes)",
    "fr": r"\b([Vv]ous|[Vv]otre|[Vv]os)\b|\w{2}ez\b",
    "it": r"\b([Ll]ei|[Dd]ica|^Sua)\b",
}
"""What says that one speaks to somebody one is not on first-name terms with."""


@pytest.mark.parametrize("language", languages())
def test_the_person_is_spoken_to_as_a_friend(language: str) -> None:
    told = [*phrases(language).tables.values(), table(language, "small_talk")["said"]]
    strange = [text for each in told for text in each.values() if re.search(STRANGERS[language], text)]
    assert strange == []
