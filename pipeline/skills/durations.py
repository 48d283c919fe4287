"""Lengths of time as people say them: ``an hour and a half``, ``anderthalb Stunden``, ``1 h 30``.

What they are called in a language is told in ``config/language/LANGUAGE/durations.toml``.
"""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Literal

from config.language.amounts import UnitNames, read_amount
from config.language.data import table
from config.language.number_words import Words, read_number
from config.language.numbers import numbers
from config.language.phrases import phrases

_SECONDS = {
    "second": 1,
    "minute": 60,
    "quarter_hour": 900,
    "half_hour": 1800,
    "three_quarters_hour": 2700,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
}
_SMALLER = {3600: 60, 60: 1}
_PARTS_OF_AN_HOUR = (900, 1800, 2700)
"""Said without "a" too: "Viertelstunde"."""
_SAID = ("day", "hour", "minute", "second")

Case = Literal["said", "dative", "accusative"]
"""German says "in 3 Tagen" and "3 Tage"; other languages have one form for all."""


@functools.cache
def _names(language: str) -> UnitNames[int]:
    read = table(language, "durations")["read"]
    return UnitNames.of((form, _SECONDS[unit]) for unit, forms in read.items() for form in forms)


def begins_unit(word: str, language: str) -> bool:
    """Whether the name of a unit begins with it."""
    return word in _first_words(language)


@functools.cache
def _first_words(language: str) -> frozenset[str]:
    return frozenset(name.split()[0] for name in _names(language).units)


def _one(words: Words, at: int, last: int, language: str) -> tuple[Fraction, int, int] | None:
    """``two and a half minutes``, ``an hour and a half``, ``half an hour``: seconds, place after, unit."""
    if amount := read_amount(words, at, _names(language), language):
        number, unit, after = amount
        return number * unit, after, unit
    if (name := _names(language).at(words, at)) and name[0] in _PARTS_OF_AN_HOUR:
        return Fraction(name[0]), name[1], name[0]
    # "an hour and twenty": the smaller unit goes without saying, at the very end; "une heure un quart".
    read, small = read_number(words, at, language), _SMALLER.get(last)
    if read is None or read[1] < len(words) or small is None or read[0] >= 60:
        return None
    return (read[0] * (last if 0 < read[0] < 1 else small), read[1], small)


def duration_at(words: Words, at: int, language: str = "en") -> tuple[float, int] | None:
    """Seconds of the length of time that begins at ``at``, and the place after it; ``words`` are apart."""
    joining = numbers(language).joining
    end, total, last = at, Fraction(0), 0
    while end < len(words):
        one = _one(words, end + (end > at and words[end] in joining), last, language)
        if one is None or (last and one[2] >= last):
            break
        total, end, last = total + one[0], one[1], one[2]
    return (float(total), end) if last else None


def say_length(number: int, unit: str, language: str = "en", case: Case = "said") -> str:
    """``1 hour``, ``einem Tag``; the unit is ``second``, ``minute``, ``hour``, ``day`` or ``week``."""
    data = table(language, "durations")
    one, several = data.get(case, data["said"])[unit]
    text: str = one if number == 1 else several.format(n=number)
    return text


def say_duration(seconds: float, language: str = "en", case: Case = "said") -> str:
    """``3661`` → ``1 hour, 1 minute and 1 second``; to the nearest second, at least one."""
    rest = max(1, round(seconds))
    parts: list[str] = []
    for unit in _SAID:
        number, rest = divmod(rest, _SECONDS[unit])
        if number:
            parts.append(say_length(number, unit, language, case))
    return phrases(language).listed(parts)
