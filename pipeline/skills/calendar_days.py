"""Days as people name them: ``december 25``, ``next friday``, ``in ten days``, ``easter``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from config.language.normalise import listed
from config.language.number_words import ONES, TENS, whole_number

DAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
MONTH_NAMES = listed("january february march april may june july august september october november december")
_SHORT = {name[:3]: n for n, name in enumerate(MONTH_NAMES, 1)} | {"sept": 9}
MONTHS = {name: n for n, name in enumerate(MONTH_NAMES, 1)} | _SHORT
_ORDINALS = {
    word: n
    for n, word in enumerate(
        listed(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
            "thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth"
        ),
        start=1,
    )
} | {"twentieth": 20, "thirtieth": 30}
_BY_DATE = {
    "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26),
    "new year": (1, 1), "new years": (1, 1), "new year's": (1, 1), "new year's day": (1, 1),
    "new years day": (1, 1), "new year's eve": (12, 31), "new years eve": (12, 31), "halloween": (10, 31),
    "valentine's day": (2, 14), "valentines day": (2, 14), "saint patrick's day": (3, 17),
    "st patrick's day": (3, 17), "fourth of july": (7, 4),
}  # fmt: skip
FEASTS = ("easter", "thanksgiving", "new year", "valentine's day", "halloween", "christmas eve", "christmas")
"""Of those that ``read_feast`` knows, a name each."""


def say_date(day: date, *, year: bool = True) -> str:
    """``Friday, December 25, 2026``."""
    return f"{day:%A}, {day:%B} {day.day}" + (f", {day.year}" if year else "")


def easter(year: int) -> date:
    """Western Easter Sunday; the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    (i, k), m = divmod(c, 4), (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def _thanksgiving(year: int) -> date:
    """The fourth Thursday of November (United States)."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _ordinal(words: list[str]) -> int | None:
    """``25``, ``25th``, ``twenty five``, ``twenty fifth``."""
    if len(words) == 1:
        digits = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", words[0])
        return int(digits[1]) if digits else _ORDINALS.get(words[0], ONES.get(words[0], TENS.get(words[0])))
    if len(words) == 2 and words[0] in TENS:
        unit = _ORDINALS.get(words[1], ONES.get(words[1], 0))
        return TENS[words[0]] + unit if 1 <= unit <= 9 else None
    return None


def ordinal_of(words: list[str]) -> int | None:
    return _ordinal(words)


def _year(words: list[str]) -> int | None:
    """``2027``, ``two thousand twenty seven``, ``twenty twenty seven``, ``nineteen eighty four``."""
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) == 4:
        return int(words[0])
    value = whole_number(words)
    if value is not None and value.denominator == 1 and 1000 <= value <= 9999:
        return int(value)
    century = {"nineteen": 1900, "twenty": 2000, "eighteen": 1800}.get(words[0]) if words else None
    rest = whole_number(words[1:]) if century else None
    valid = century and rest is not None and rest.denominator == 1 and 10 <= rest <= 99
    return century + int(rest) if valid and century and rest is not None else None


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_calendar_day(text: str, today: date, *, past: bool) -> date | None:
    """``december 25``, ``the third of may 2027``; without a year the next one, or with ``past`` the last."""
    words = [word for word in text.split() if word not in {"the", "of"}]
    at = next((n for n, word in enumerate(words) if word in MONTHS), None)
    if at is None:
        return None
    month = MONTHS[words[at]]
    before, after = words[:at], words[at + 1 :]
    for split in range(len(after), -1, -1):
        if before and split:
            continue
        day, rest = _ordinal(before or after[:split]), after[split:]
        year = _year(rest) if rest else None
        if day is None or (rest and year is None):
            continue
        if year is not None:
            return _make(year, month, day)
        years = (today.year - n if past else today.year + n for n in range(9))
        days = (_make(year, month, day) for year in years)
        return next((d for d in days if d and (d <= today if past else d >= today)), None)
    return None


def read_feast(text: str, today: date, *, past: bool) -> date | None:
    name = text.removeprefix("the ").removeprefix("next ")
    for year in (today.year, today.year - 1 if past else today.year + 1):
        day: date | None = None
        if name in {"easter", "easter sunday"}:
            day = easter(year)
        elif name == "thanksgiving":
            day = _thanksgiving(year)
        elif name in _BY_DATE:
            day = date(year, *_BY_DATE[name])
        if day and (day <= today if past else day >= today):
            return day
    return None


def _relative(text: str, today: date) -> date | None:
    """``tomorrow``, ``next friday``, ``in ten days``, ``two weeks ago``, ``a week from today``."""
    shift = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2,
             "day after tomorrow": 2, "the day before yesterday": -2}.get(text)  # fmt: skip
    if shift is not None:
        return today + timedelta(days=shift)
    if match := re.fullmatch(r"(?:(?:next|this|on|the next|last) )?(\w+)", text):
        if match[1] not in DAYS:
            return None
        ahead = (DAYS.index(match[1]) - today.weekday() - 1) % 7 + 1
        back = ahead - 7 or -7
        return today + timedelta(days=back if text.startswith("last") else ahead)
    match = re.fullmatch(
        r"(?P<ahead>in )?(?P<n>.+) (?P<unit>days?|weeks?)(?P<way> ago| from (?:now|today)| before today)?",
        text,
    )
    if match is None or bool(match["ahead"]) == bool(match["way"]):
        return None
    number = _count_of(match["n"])
    if number is None or number > 40_000:
        return None
    days = number * (7 if match["unit"].startswith("week") else 1)
    backward = "ago" in (match["way"] or "") or "before" in (match["way"] or "")
    try:
        return today + timedelta(days=-days if backward else days)
    except OverflowError:
        return None


def _count_of(text: str) -> int | None:
    words = text.split()
    if words in (["a"], ["an"]):
        return 1
    value = whole_number(words)
    return int(value) if value is not None and value.denominator == 1 and value >= 0 else None


def read_date(text: str, today: date, *, past: bool = False) -> date | None:
    """The day the whole text names."""
    return (
        _relative(text, today)
        or read_feast(text, today, past=past)
        or read_calendar_day(text, today, past=past)
    )
