"""Lengths of time as people say them: ``an hour and a half``, ``1 hour and 30 minutes``."""

from __future__ import annotations

from fractions import Fraction

from config.language.number_words import read_number

_UNITS = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), 1),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "m"), 60),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), 3600),
    **dict.fromkeys(("day", "days"), 86_400),
    **dict.fromkeys(("week", "weeks"), 604_800),
}


def _one(words: list[str], at: int, last: int) -> tuple[Fraction, int, int] | None:
    """``two and a half minutes``, ``an hour and a half``, ``half an hour``: seconds, place after, unit."""
    read = read_number(words, at)
    if read is None and words[at : at + 1] in (["a"], ["an"]):
        read = Fraction(1), at + 1
    if read is None:
        return None
    number, after = read
    if 0 < number < 1:
        for between in (["of", "an"], ["of", "a"], ["an"], ["a"]):
            if words[after : after + len(between)] == between:
                after += len(between)
                break
    unit = _UNITS.get(words[after]) if after < len(words) else None
    if unit is None:
        # "an hour and twenty": the smaller unit goes without saying, at the very end.
        small = {3600: 60, 60: 1}.get(last)
        return (number * small, after, small) if small and after == len(words) and number < 60 else None
    after += 1
    if words[after : after + 3] in (["and", "a", "half"], ["and", "a", "quarter"]):
        number += Fraction(1, 2 if words[after + 2] == "half" else 4)
        after += 3
    elif words[after : after + 3] == ["and", "three", "quarters"]:
        number, after = number + Fraction(3, 4), after + 3
    return number * unit, after, unit


def read_duration(text: str) -> float | None:
    """Seconds, when the whole text is a length of time; units fall: ``1 hour and 30 minutes``."""
    words, at, total, last = text.split(), 0, Fraction(0), 0
    while at < len(words):
        one = _one(words, at + (at > 0 and words[at] == "and"), last)
        if one is None or (last and one[2] >= last):
            return None
        total, at, last = total + one[0], one[1], one[2]
    return float(total) if last else None
