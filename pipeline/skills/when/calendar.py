"""Days as people name them, in the words of a language: ``config/language/LANGUAGE/calendar.toml``."""

from __future__ import annotations

import calendar
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from config.language.data import table
from config.language.lexicon import Lexicon, Slot
from config.language.numbers import numbers
from config.language.words import articles, words_in
from pipeline.skills.when.easter import easter
from pipeline.skills.when.number_slots import slots

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = ("weekday", "weekday_plural")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_FROM_TODAY = {
    "today": 0, "tomorrow": 1, "day_after_tomorrow": 2, "yesterday": -1, "day_before_yesterday": -2,
}  # fmt: skip
_YEARS_FROM_THIS = {"this_year": 0, "next_year": 1, "last_year": -1}
_FURTHEST = 40_000
"""Days."""
_YEARS = 9
"""In so many there is surely a February 29."""


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day as it was named; which one that is depends on today."""

    form: str
    values: Mapping[str, int]
    feast: Mapping[str, Any] | None = None
    year: str = ""
    """Of a feast or a date: one of ``_YEARS_FROM_THIS``."""

    def on(self, today: date, *, past: bool = False) -> date | None:
        """The next one, today counted; with ``past`` the last. None where there is no such day."""
        try:
            return next(self._days(today, past), None)
        except (OverflowError, ValueError):
            return None

    def _days(self, today: date, past: bool) -> Iterator[date]:
        if self.form in _FROM_TODAY:
            yield today + timedelta(days=_FROM_TODAY[self.form])
        elif "weekday" in self.values:
            ahead = (self.values["weekday"] - today.weekday() - 1) % 7 + 1
            back = past or self.form == "last_weekday"
            yield today + timedelta(days=(ahead - 7 or -7) if back else ahead)
        elif "count" in self.values:
            days = self.values["count"] * (7 if self.form.startswith("weeks") else 1)
            if days <= _FURTHEST:
                yield today + timedelta(days=-days if self.form.endswith("ago") else days)
        else:
            for day in self._dated(today, past):
                if self.year or "year" in self.values or (day <= today if past else day >= today):
                    yield day

    def _dated(self, today: date, past: bool) -> Iterator[date]:
        """Of this year, then of those before or after it."""
        if self.year:
            yield from self._in_year(today.year + _YEARS_FROM_THIS[self.year], past)
            return
        if "year" in self.values:
            yield date(self.values["year"], self.values["month"], self.values["ordinal"])
            return
        for n in range(_YEARS):
            yield from self._in_year(today.year - n if past else today.year + n, past)

    def _in_year(self, year: int, past: bool) -> Iterator[date]:
        if self.feast is not None:
            yield _feast(self.feast, year)
            return
        months = [self.values["month"]] if "month" in self.values else list(range(1, 13))
        for month in reversed(months) if past else months:
            if self.values["ordinal"] <= calendar.monthrange(year, month)[1]:
                yield date(year, month, self.values["ordinal"])


def _feast(feast: Mapping[str, Any], year: int) -> date:
    if "easter" in feast:
        return easter(year) + timedelta(days=feast["easter"])
    if "nth" in feast:
        first = date(year, feast["month"], 1)
        ahead = (WEEKDAYS.index(feast["weekday"]) - first.weekday()) % 7
        return first + timedelta(days=ahead + 7 * (feast["nth"] - 1))
    month, day = feast["day"].split("-")
    return date(year, int(month), int(day))


def _named(language: str, name: str, ids: Sequence[str], first: int) -> Slot:
    """The words of a table as values from ``first`` on."""
    known = {
        tuple(words_in(word, language)): number
        for number, each in enumerate(ids, first)
        for word in table(language, "calendar")[name][each]
    }
    longest = max(map(len, known), default=0)

    def slot(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
        for length in range(longest, 0, -1):
            if (value := known.get(tuple(words[at : at + length]))) is not None:
                yield value, at + length

    return slot


@functools.cache
def _slots(language: str) -> Mapping[str, Slot]:
    return {
        **slots(language),
        "weekday": _named(language, "weekdays", WEEKDAYS, 0),
        "weekday_plural": _named(language, "weekday_plurals", WEEKDAYS, 0),
        "month": _named(language, "months", MONTHS, 1),
    }


_Day = tuple[str, Mapping[str, Any] | None, str]
"""The form, the feast, and which year."""


@functools.cache
def _days(language: str) -> Lexicon[_Day]:
    tables = table(language, "calendar")
    days: list[tuple[str, _Day]] = [
        (text, (form, None, "")) for form, texts in tables["days"].items() for text in texts
    ]
    days += [(text, ("feast", feast, "")) for feast in tables["feasts"] for text in feast["say"]]
    of_years = [
        (f"{text} ({'|'.join(tables['years'][year])})", (form, feast, year))
        for text, (form, feast, _) in days
        if form in ("feast", "date")
        for year in _YEARS_FROM_THIS
    ]
    return Lexicon([*days, *of_years], _slots(language), tables.get("rules"))


@functools.cache
def _repeats(language: str) -> Lexicon[str]:
    tables = table(language, "calendar")
    repeats = [(text, form) for form, texts in tables["repeats"].items() for text in texts]
    return Lexicon(repeats, _slots(language), tables.get("rules"))


@functools.cache
def _beyond(language: str) -> Lexicon[bool]:
    tables = table(language, "calendar")
    return Lexicon(
        [(text, True) for text in tables["beyond"]["words"]], _slots(language), tables.get("rules")
    )


@functools.cache
def behind_a_time(language: str) -> frozenset[str]:
    """Words between a time of day and its day: "a las ocho del lunes"."""
    return frozenset(table(language, "calendar")["behind_a_time"]["words"])


def begins_day(word: str, language: str) -> bool:
    """Whether the name of a day, or of some again and again, can begin with it."""
    return _days(language).begins(word) or _repeats(language).begins(word)


def day_at(words: Sequence[str], at: int, language: str) -> tuple[NamedDay, int] | None:
    """The day that is named at ``at``, and the place after it."""
    found = _days(language).longest(words, at)
    return (_named_day(found.meaning, found.values), found.end) if found else None


def read_day(words: Sequence[str], language: str) -> NamedDay | None:
    """The day that all the words name."""
    found = _days(language).whole(words)
    return _named_day(found.meaning, found.values) if found else None


def _named_day(meaning: _Day, values: Mapping[str, int]) -> NamedDay:
    form, feast, year = meaning
    return NamedDay(form, values, feast, year)


def repeat_at(words: Sequence[str], at: int, language: str) -> tuple[str, int | None, int] | None:
    """``daily``, ``daily_morning``, ``weekdays``, ``weekends`` or ``weekly``; the weekday of the last; the
    place after it.
    """
    found = _repeats(language).longest(words, at)
    if found is None:
        return None
    return found.meaning, next(iter(found.values.values()), None), found.end


def weekday_at(words: Sequence[str], at: int, language: str) -> tuple[int, int] | None:
    """The further day of the week that stands at ``at``, "and Thursdays", and the place after it."""
    at += words[at : at + 1] != [] and words[at] in numbers(language).joining
    at += words[at : at + 1] != [] and words[at] in articles(language)
    known = _slots(language)
    return next((found for name in _WEEKDAYS for found in known[name](words, at)), None)


def speaks_of_time(words: Sequence[str], language: str) -> bool:
    """Whether words speak of a day or a time that no phrase has: where they are to be said later, they were
    not understood.
    """
    return any(_beyond(language).longest(words, at) for at in range(len(words)))
