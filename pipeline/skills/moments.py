"""When something is to happen, as people say it: a time of day, a day, or both, in either order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from pipeline.skills.calendar_days import DAYS, MONTH_NAMES, read_date
from pipeline.skills.clock_time import clock_times, in_zone, read_clock, seconds_between

_WEEKDAY = "|".join(DAYS)
_PARTS = {
    "morning": "in the morning", "afternoon": "in the afternoon", "evening": "in the evening",
    "night": "at night",
}  # fmt: skip
_DAY = (
    r"(?:today|tonight|this (?:morning|afternoon|evening)|(?:the )?day after tomorrow|"
    rf"(?:(?:on|this|next|coming|this coming) )?(?:{_WEEKDAY})|tomorrow)"
)
_WITH_PART = rf"{_DAY}(?: (?:morning|afternoon|evening|night))?"
_WHEN = re.compile(
    rf"(?:(?P<before>{_WITH_PART}) )?(?:(?:at|by|around|for) )?(?P<clock>.+?)"
    rf"(?: (?:on )?(?P<after>{_WITH_PART}))?"
)
_DAY_ALONE = re.compile(rf"(?:on |for )?{_WITH_PART}")
_BEYOND = re.compile(
    rf"\b(?:every|each|daily|weekly|monthly|yearly|{_WEEKDAY}|{'|'.join(f'{day}s' for day in DAYS)}|tomorrow|"
    rf"tonight|weekdays?|weekends?|next (?:week|month|year)|in the (?:morning|afternoon|evening)|"
    rf"(?:in|on|of) (?:{'|'.join(MONTH_NAMES)})|on the \w+|\d+(?:st|nd|rd|th))\b"
)


@dataclass(frozen=True, slots=True)
class NoTime:
    """A day is named, and no time of it."""


def read_moment(text: str, now: datetime) -> datetime | NoTime | None:
    """``at nine tomorrow``, ``on monday morning at 8``, ``7:30 pm``; None where it is no moment. It lies
    ahead, and a day without a half of it is read as on the clock.
    """
    if _DAY_ALONE.fullmatch(text) and not clock_times(text):
        return NoTime()
    match = _WHEN.fullmatch(text)
    if match is None or (match["before"] and match["after"]):
        return None
    day = match["before"] or match["after"] or ""
    if not day:
        return read_clock(match["clock"], now)
    return _on(day, match["clock"], now)


def _on(day: str, clock: str, now: datetime) -> datetime | None:
    named, part = _parted(day)
    date = read_date(re.sub(r"^(?:this )?coming ", "", named), now.date())
    if date is None:
        return None
    times = clock_times(f"{clock} {part}") if part else []
    midnight = datetime.combine(date, time())
    moments = (in_zone(midnight + ahead, now) for ahead in times or clock_times(clock))
    return next((moment for moment in moments if seconds_between(now, moment) > 0), None)


def _parted(day: str) -> tuple[str, str]:
    """The day, and which half of it: ``tomorrow morning``, ``tonight``."""
    if day == "tonight":
        return "today", "tonight"
    first, _, last = day.rpartition(" ")
    if last not in _PARTS:
        return day, ""
    return ("today" if first == "this" else first), _PARTS[last]


def names_a_time(text: str) -> bool:
    """Whether words speak of a day or a time. Where they are to be said later, it was not understood."""
    return _BEYOND.search(text) is not None
