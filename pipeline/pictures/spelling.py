"""A word letter by letter: which one is meant, and how its letters are said. Pure."""

from __future__ import annotations

import re

from config.language.phrases import phrases

ALIKE = 70.0
"""Percent of likeness (rapidfuzz's ratio) from which a word heard is taken for one that was read."""


def chosen(heard: str, named: str = "") -> str:
    """The word of ``heard`` to be spelled: the one most like ``named``; without a name the one in its last
    sentence that a person could not spell by ear (a name, a number), else its last. Empty: none is meant.
    """
    words = [word for raw in heard.split() if (word := _bare(raw))]
    if not words:
        return ""
    if named:
        from rapidfuzz import fuzz, process

        best = process.extractOne(named.lower(), [word.lower() for word in words], scorer=fuzz.ratio)
        return words[best[2]] if best[1] >= ALIKE else ""
    last = re.split(r"(?<=[.!?])\s+|\n", heard.strip())[-1]
    in_last = [word for raw in last.split() if (word := _bare(raw))] or words
    speech_output = [word for word in in_last[1:] if word[0].isupper() or any(map(str.isdigit, word))]
    return (speech_output or in_last)[-1]


def spelled(word: str, language: str = "en") -> str:
    """ "Hale" as "Hale: H, A, L, E."."""
    marks = phrases(language).tables["marks"]
    letters = [marks.get(letter, letter.upper() if len(letter.upper()) == 1 else letter) for letter in word]
    return f"{word}: {', '.join(letters)}."


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word)
