"""Days, months and years in a question, as ``2024-03-05``, ``2024-03``, ``month 3`` and ``2024``."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from config.language.data import table
from config.language.normalise import apart
from config.language.words import words_in
from pipeline.skills.when.calendar import MONTHS, day_at
from pipeline.skills.when.number_slots import slots

YEARS = range(1900, 2101)
ANY_MONTH = "month "
"""Before the number of a month whose year was not said."""

_WRITTEN = re.compile(r"(?<![\w.,/])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?![\w/]|[.,]\d)")
_OF_THE_PAST = frozenset({"date", "today", "yesterday", "day_before_yesterday", "last_weekday"})
_DECEMBER = 12


def with_plain_dates(text: str, language: str) -> str:
    """``5.3.2024`` → ``2024-03-05``, wherever it stands. With strokes the month is first where that is so
    in the language.
    """
    return _WRITTEN.sub(lambda match: _plain(match, language), text)


def _plain(match: re.Match[str], language: str) -> str:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    month_first = match[2] == "/" and table(language, "tables")["dates"]["month_first"]
    day, month = (second, first) if month_first and first <= _DECEMBER else (first, second)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return match[0]


def date_at(words: Sequence[str], at: int, language: str, today: date) -> tuple[str, int] | None:
    """What is named at ``at``, and the place after it; a bare number is no year here."""
    return _iso(words, at) or _day(words, at, language, today) or _month(words, at, language)


def _iso(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """``2024 - 03 - 05``, as normalised."""
    parts = words[at : at + 5]
    if len(parts) < 5 or list(parts[1::2]) != ["-", "-"] or len(parts[0]) != 4:
        return None
    try:
        return date(*map(int, parts[::2])).isoformat(), at + 5
    except ValueError:
        return None


def _day(words: Sequence[str], at: int, language: str, today: date) -> tuple[str, int] | None:
    read = day_at(words, at, language)
    if read is None or read[0].form not in _OF_THE_PAST:
        return None
    day = read[0].on(today, past=True)
    return (day.isoformat(), read[1]) if day else None


@functools.cache
def _months(language: str) -> Mapping[tuple[str, ...], int]:
    months = table(language, "calendar")["months"]
    return {
        tuple(words_in(word, language)): number
        for number, name in enumerate(MONTHS, 1)
        for word in months[name]
    }


@functools.cache
def _before_year(language: str) -> frozenset[str]:
    return frozenset(words_in(apart(" ".join(table(language, "tables")["words"]["of"])), language))


def _month(words: Sequence[str], at: int, language: str) -> tuple[str, int] | None:
    month = _months(language).get(tuple(words[at : at + 1]))
    if month is None:
        return None
    end = at + 1
    behind = end + (end < len(words) and words[end] in _before_year(language))
    year = next((each for each in slots(language)["year"](words, behind) if each[0] in YEARS), None)
    return (f"{year[0]}-{month:02d}", year[1]) if year else (f"{ANY_MONTH}{month}", end)


def span(value: str | int | float) -> tuple[date, date] | None:
    """From a day up to another, which is not in it; None: it is no date, or a month of any year."""
    parts = str(value).split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3 or len(parts[0]) != 4:
        return None
    try:
        begin = date(*(*map(int, parts), *[1] * (3 - len(parts))))
        return begin, _next(begin, len(parts))
    except (ValueError, OverflowError):
        return None


def _next(begin: date, parts: int) -> date:
    if parts == 1:
        return date(begin.year + 1, 1, 1)
    if parts == 2:
        return (begin.replace(day=28) + timedelta(days=4)).replace(day=1)
    return begin + timedelta(days=1)


def any_month(value: str | int | float) -> int:
    """The number of a month of any year; 0: it is none."""
    number = str(value).removeprefix(ANY_MONTH)
    is_month = str(value).startswith(ANY_MONTH) and number.isdecimal() and 1 <= int(number) <= _DECEMBER
    return int(number) if is_month else 0


def with_year(value: str, today: date) -> str:
    """A month as the last that has begun; another date as it is."""
    month = any_month(value)
    return f"{today.year - (month > today.month)}-{month:02d}" if month else value


def in_order(
    low: str | int | float, high: str | int | float, today: date
) -> tuple[str | int | float, str | int | float]:
    """Both ends: ``March`` of "March to May 2024" is of that year."""
    if isinstance(high, str):
        high = with_year(high, today)
        if month := any_month(low):
            year = int(high[:4])
            low = f"{year - (month > int(high[5:7] or 12))}-{month:02d}"
    return low, high
