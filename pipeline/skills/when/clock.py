"""Times of day as people say them, in the words of a language: ``config/language/LANGUAGE/clock.toml``."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from config.language.data import table
from config.language.lexicon import Lexicon, Slot
from config.language.normalise import normalise
from config.language.words import articles
from pipeline.skills.when.number_slots import slots

Half = Literal["", "morning", "midday", "afternoon", "evening", "night"]
HALVES: tuple[Half, ...] = get_args(Half)[1:]

_AFTER_MIDNIGHT = frozenset({12, 0, 1, 2, 3, 4})
"""Hours of a night that belong to the next day: "12:30 tonight", "at two at night"."""


@dataclass(frozen=True, slots=True)
class ClockTime:
    """What the clock shows, in minutes from midnight on, as it was said."""

    minutes: int
    exact: bool = False
    """As a clock of 24 hours is read: ``06:30``, ``noon``; else either half of the day may be meant."""
    midnight: bool = False

    @property
    def is_of_morning(self) -> bool:
        """Whether it is rather of the morning, where nobody says of which half."""
        return 5 <= self.minutes // 60 <= 12

    def times(self, half: Half = "") -> list[timedelta]:
        """From the beginning of the day on: one, where the half of it is known; else the morning's first."""
        hour, minute = divmod(self.minutes, 60)
        minutes = timedelta(minutes=minute)
        if self.midnight:
            return [timedelta(hours=24 if half == "night" else 0)]
        if half in ("night", "evening") and hour in ({12} if half == "evening" else _AFTER_MIDNIGHT):
            return [timedelta(hours=hour % 12 + 24) + minutes]
        if half and hour <= 12 and not self.exact:
            return [timedelta(hours=_in_half(hour, half)) + minutes]
        if half or self.exact or not 1 <= hour <= 12:
            return [timedelta(hours=hour) + minutes]
        return [timedelta(hours=hour) + minutes, timedelta(hours=(hour + 12) % 24) + minutes]


def _in_half(hour: int, half: Half) -> int:
    if half == "midday":
        return hour if hour > 4 else hour + 12
    return hour % 12 + (0 if half == "morning" else 12)


def _minutes(form: str, values: Mapping[str, int]) -> int:
    """From midnight on: of ``half_to`` seven, half past six."""
    hour = values.get("hour", values.get("named", 0))
    minute = values.get("minute", values.get("tens", 0))
    after = {
        "hour": 0, "hour_minute": minute, "minute_past": minute, "minute_to": -minute, "quarter_past": 15,
        "quarter_to": -15, "half_past": 30, "half_to": -30, "three_quarters_past": 45,
        "three_quarters_to": -45, "minute_past_half": minute - 30, "minute_to_half": -30 - minute,
    }[form]  # fmt: skip
    return (hour * 60 + after) % (24 * 60)


def _clock_time(form: str, values: Mapping[str, int]) -> ClockTime:
    if form in ("noon", "midnight"):
        return ClockTime(12 * 60 if form == "noon" else 0, exact=True, midnight=form == "midnight")
    if form == "time":
        (minutes,) = values.values()
        return ClockTime(minutes)
    return ClockTime(
        _minutes(form.removeprefix("exact_"), values), exact=form.startswith("exact_") or "named" in values
    )


def _named(language: str) -> Slot:
    """Noon and midnight, as hours."""
    times = table(language, "clock")["times"]
    known = {normalise(text): hour for form, hour in (("noon", 12), ("midnight", 0)) for text in times[form]}

    def slot(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
        if at < len(words) and words[at] in known:
            yield known[words[at]], at + 1

    return slot


@functools.cache
def _forms(language: str) -> Lexicon[tuple[str, bool]]:
    """Each form, and whether it is a time by itself."""
    tables = table(language, "clock")
    forms = [(text, (form, True)) for form, texts in tables["times"].items() for text in texts]
    forms += [(text, (form, False)) for form, texts in tables["bare"].items() for text in texts]
    return Lexicon(forms, {**slots(language), "named": _named(language)}, tables.get("rules"))


@functools.cache
def _before(language: str) -> Lexicon[bool]:
    tables = table(language, "clock")
    return Lexicon([(text, True) for text in tables["before"]["time"]], rules=tables.get("rules"))


@functools.cache
def _halves(language: str, name: str) -> Lexicon[Half]:
    tables = table(language, "clock")
    return Lexicon(
        [(text, half) for half in HALVES for text in tables[name][half]], rules=tables.get("rules")
    )


def clock_at(words: Sequence[str], at: int, language: str) -> tuple[ClockTime, int, bool] | None:
    """The time of day that begins at ``at``, the place after it, and whether it is surely one: "seven" alone
    may be any number.
    """
    said = _before(language).longest(words, at)
    begins = said.end if said else at
    found = _forms(language).longest(words, begins)
    if found is None and said:
        begins, said = at, None
        found = _forms(language).longest(words, at)
    if found is None:
        return None
    if said is None and found.end == at + 1 and words[at] in articles(language):
        return None  # "einen" counts nothing
    form, sure = found.meaning
    time = _clock_time(form, found.values)
    if words[begins].startswith("0") and words[begins] != "0":
        time = ClockTime(time.minutes, exact=True)
    return time, found.end, sure or said is not None


def begins_clock(word: str, language: str) -> bool:
    """Whether a time of day can begin with it."""
    return _forms(language).begins(word) or _before(language).begins(word)


def begins_half(word: str, language: str) -> bool:
    """Whether a half of the day can begin with it."""
    return _halves(language, "halves").begins(word) or _halves(language, "today").begins(word)


def half_at(words: Sequence[str], at: int, language: str) -> tuple[Half, int] | None:
    """ "in the morning", "du soir"."""
    return _half(words, at, language, "halves")


def half_of_today_at(words: Sequence[str], at: int, language: str) -> tuple[Half, int] | None:
    """ "tonight", "ce soir"."""
    return _half(words, at, language, "today")


def half_of_day_at(words: Sequence[str], at: int, language: str) -> tuple[Half, int] | None:
    """ "morning", after "tomorrow"."""
    return _half(words, at, language, "after_day") or _half(words, at, language, "halves")


def _half(words: Sequence[str], at: int, language: str, name: str) -> tuple[Half, int] | None:
    found = _halves(language, name).longest(words, at)
    return (found.meaning, found.end) if found else None


def of_24_hours(language: str) -> bool:
    """Whether "seven" is rather the seven of the morning than the nearer of both."""
    return bool(table(language, "clock")["reading"]["of_24_hours"])
