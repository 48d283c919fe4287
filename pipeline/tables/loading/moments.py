"""Dates and times as people write them, to ISO 8601. Pure.

"03/04/2024" is the 3rd of April or the 4th of March: the whole column has to say which, so each way to read a
cell has a name (``dmy/``, ``mdy/``), and what all cells of a column have in common is what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

_TIME = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?: ?([AaPp])\.?[Mm]\.?)?"
_DAY = r"([0-9]{1,4})([-./])([0-9]{1,2})\2([0-9]{1,4})"
_MOMENT = re.compile(rf"{_DAY}(?:(?:T|,? +){_TIME} ?(Z|UTC|[+-][0-9]{{2}}:?[0-9]{{2}})?)?")
_CLOCK = re.compile(_TIME)
_CENTURY = 70
"""Two digits from here on are of the last century."""


@dataclass(frozen=True, slots=True)
class Moment:
    """``days``: from the way to read it to the date. ``clock``: with a time of day; None: it has none."""

    days: Mapping[str, date] = field(default_factory=dict)
    clock: time | None = None
    zone: str = ""

    def at(self, way: str, *, utc: bool = False) -> str:
        """In ISO 8601; ``utc``: turned to it."""
        if not self.days:
            return (self.clock or time()).isoformat()
        whole = datetime.combine(self.days[way], self.clock or time())
        if utc and self.zone:
            whole -= _offset(self.zone)
        return whole.isoformat(" ")


def moment(cell: str) -> Moment | None:
    """A date, a time, or both; None: neither."""
    if found := _CLOCK.fullmatch(cell):
        clock = _clock(found.groups())
        return Moment(clock=clock) if clock else None
    found = _MOMENT.fullmatch(cell)
    if not found:
        return None
    clock = _clock(found.groups()[4:9]) if found[5] else None
    days = _days(found[1], found[2], found[3], found[4])
    if not days or (found[5] and clock is None):
        return None
    zone = found[10] or ""
    return Moment(days, clock, "UTC" if zone in ("Z", "UTC", "+00:00", "+0000") else zone)


def _clock(parts: tuple[str | None, ...]) -> time | None:
    hour, minute, second, fraction, half = parts
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half in "Pp" else 0)
    try:
        return time(hours, int(minute or 0), int(second or 0), int((fraction or "0")[:6].ljust(6, "0")))
    except ValueError:
        return None


def _days(first: str, mark: str, second: str, third: str) -> dict[str, date]:
    ways = [("ymd", first, second, third)] if len(first) == 4 else []
    if len(first) <= 2 and len(third) in (2, 4):
        ways.append((f"dmy{mark}", third, second, first))
        if mark != ".":
            ways.append((f"mdy{mark}", third, first, second))
    found = {way: _day(year, month, day) for way, year, month, day in ways}
    return {way: day for way, day in found.items() if day}


def _day(year: str, month: str, day: str) -> date | None:
    years = int(year) + (0 if len(year) == 4 else 2000 if int(year) < _CENTURY else 1900)
    try:
        return date(years, int(month), int(day))
    except ValueError:
        return None


def _offset(zone: str) -> timedelta:
    return datetime.strptime(zone.replace("UTC", "Z"), "%z").utcoffset() or timedelta()
