"""How often a person asks to hear something: "say it ten times". Pure."""

from __future__ import annotations

from config.language.normalise import normalise
from config.language.number_words import read_number

MOST_TIMES = 1000


def times_asked(question: str, language: str) -> int:
    """The largest whole number in it, whatever it counts; 0: none."""
    words = normalise(question, language=language).split()
    read = (read_number(words, at, language) for at in range(len(words)))
    values = [value for value, _ in filter(None, read) if value.denominator == 1]
    return max((int(value) for value in values if 0 < value <= MOST_TIMES), default=0)
