"""When something is to happen, as people say it: a time of day, a day, how often, in any order."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from pipeline.skills.when.calendar import (
    WEEKDAYS,
    NamedDay,
    begins_day,
    behind_a_time,
    day_at,
    repeat_at,
    weekday_at,
)
from pipeline.skills.when.clock import (
    HALVES,
    ClockTime,
    Half,
    begins_clock,
    begins_half,
    clock_at,
    half_at,
    half_of_day_at,
    half_of_today_at,
    of_24_hours,
)
from pipeline.skills.when.zone import in_zone, seconds_between

_WITH_A_TIME = frozenset({"days_ahead", "weeks_ahead", "day_of_month"})
"""Days only with a time of day: "in three days" is also a length of time, and "the first" may be a timer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said of it; ``repeat``: ``daily``, ``weekdays``, ``weekends`` or weekdays with
    commas between them.
    """

    clock: ClockTime | None = None
    half: Half = ""
    day: NamedDay | None = None
    repeat: str = ""
    literal: bool = False
    """The first of its times is meant where no day is said: as where a clock has 24 hours."""
    sure: bool = False
    """No mere number, which might be one of something else."""

    @property
    def timed(self) -> bool:
        """Whether a time was said; the middle of the day is one."""
        return self.clock is not None or self.half == "midday"

    def times(self) -> list[timedelta]:
        """Of the day, from its beginning on; [] where none was said."""
        if self.clock is None:
            return [timedelta(hours=12)] if self.timed else []
        return self.clock.times(self.half)

    def next(self, now: datetime) -> datetime | None:
        """The moment that lies ahead: the nearer, where both halves of the day may be meant. None where no
        time was said, or none lies ahead.
        """
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        if self.day is None:
            days = [midnight, midnight + timedelta(days=1)]
            times = [time % timedelta(days=1) for time in self.times()[: 1 if self.literal else None]]
            ahead = [in_zone(day + time, now) for time in times for day in days]
            return min((each for each in ahead if seconds_between(now, each) > 0), default=None)
        date = self.day.on(now.date())
        if date is None:
            return None
        moments = (in_zone(datetime.combine(date, time()) + ahead, now) for ahead in self.times())
        return next((each for each in moments if seconds_between(now, each) > 0), None)

    def of_waking(self) -> Moment:
        """The same for who is to be woken: at seven is in the morning, where nothing else is said."""
        return replace(self, literal=self.clock is not None and self.clock.is_of_morning)

    def joined(self, other: Moment) -> Moment | None:
        """A day and its time that were said apart; None where both say the same of it."""
        if any(getattr(self, name) and getattr(other, name) for name in ("clock", "half", "day", "repeat")):
            return None
        return Moment(
            self.clock or other.clock, self.half or other.half, self.day or other.day,
            self.repeat or other.repeat, self.literal or other.literal, sure=True,
        )  # fmt: skip


_Part = Callable[[Moment, Sequence[str], int, str], "tuple[Moment, int] | None"]


def _repeat(so_far: Moment, words: Sequence[str], at: int, language: str) -> tuple[Moment, int] | None:
    read = None if so_far.repeat or so_far.day else repeat_at(words, at, language)
    if read is None:
        return None
    form, weekday, end = read
    often, _, part = form.partition("_")
    half = next((half for half in HALVES if half == part), so_far.half)
    repeat = often
    if weekday is not None:
        more, end = _more_weekdays(words, end, language)
        repeat = ",".join(WEEKDAYS[day] for day in dict.fromkeys((weekday, *more)))
    named = replace(so_far, repeat=repeat, half=half, sure=True)
    return _with_half(named, words, end, language)


def _more_weekdays(words: Sequence[str], at: int, language: str) -> tuple[list[int], int]:
    """ "Every Monday, Wednesday and Friday"."""
    days = list[int]()
    while at < len(words):
        read = weekday_at(words, at, language)
        if read is None:
            break
        days.append(read[0])
        at = read[1]
    return days, at


def _day(so_far: Moment, words: Sequence[str], at: int, language: str) -> tuple[Moment, int] | None:
    read = None if so_far.day or so_far.repeat else day_at(words, at, language)
    return _with_half(replace(so_far, day=read[0], sure=True), words, read[1], language) if read else None


def _with_half(moment: Moment, words: Sequence[str], at: int, language: str) -> tuple[Moment, int]:
    """ "Tomorrow morning": right behind a day, one word is enough."""
    read = None if moment.half else half_of_day_at(words, at, language)
    return (replace(moment, half=read[0]), read[1]) if read else (moment, at)


def _clock(so_far: Moment, words: Sequence[str], at: int, language: str) -> tuple[Moment, int] | None:
    read = None if so_far.clock else clock_at(words, at, language)
    if read is None:
        return None
    time, end, sure = read
    literal = of_24_hours(language) and time.is_of_morning
    return replace(so_far, clock=time, literal=literal, sure=so_far.sure or sure), end


def _today(so_far: Moment, words: Sequence[str], at: int, language: str) -> tuple[Moment, int] | None:
    read = None if so_far.day or so_far.repeat else half_of_today_at(words, at, language)
    if read is None or (so_far.half and (so_far.half == "morning") != (read[0] == "morning")):
        return None
    half = so_far.half or read[0]  # "9 pm tonight"
    return replace(so_far, half=half, day=NamedDay("today", {}), sure=True), read[1]


def _half(so_far: Moment, words: Sequence[str], at: int, language: str) -> tuple[Moment, int] | None:
    read = None if so_far.half else half_at(words, at, language)
    alone = so_far == Moment()
    if read is None or (alone and read[1] == at + 1):
        return None
    return replace(so_far, half=read[0], sure=True), read[1]


@functools.lru_cache(maxsize=4096)
def _begun_by(word: str, language: str) -> tuple[_Part, ...]:
    """What may begin with it: with most words nothing."""
    day = (_repeat, _day) if begins_day(word, language) else ()
    half = (_today, _half) if begins_half(word, language) else ()
    return (*day, *half, *((_clock,) if begins_clock(word, language) else ()))


def _longer(moment: Moment, words: Sequence[str], at: int, language: str) -> tuple[Moment, int] | None:
    """With what is said of it at ``at``: the longest of what that may be."""
    parts = _begun_by(words[at], language)
    read = [part(moment, words, at, language) for part in parts]
    longest = max(filter(None, read), key=lambda each: each[1], default=None)
    if longest is None and moment.clock and words[at] in behind_a_time(language):
        return _day(moment, words, at + 1, language)  # "a las ocho del lunes"
    return longest


def moment_at(words: Sequence[str], at: int, language: str) -> tuple[Moment, int] | None:
    """The moment that begins at ``at``, as much as is said of it, and the place after it."""
    moment, end = Moment(), at
    while end < len(words) and (longer := _longer(moment, words, end, language)):
        moment, end = longer
    bare = moment.day and moment.day.form in _WITH_A_TIME and not (moment.clock or moment.half)
    return None if end == at or bare else (moment, end)
