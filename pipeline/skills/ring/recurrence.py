"""What rings again: on which days, and when next, by the clock on the wall of a time zone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.skills.when.calendar import WEEKDAYS

Days = tuple[int, ...]
"""Days of the week, Monday 0; none: once."""

DAILY, WORKDAYS, WEEKEND = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (5, 6)
NAMED: dict[str, Days] = {
    "daily": DAILY,
    "weekdays": WORKDAYS,
    "weekends": WEEKEND,
    **{name: (day,) for day, name in enumerate(WEEKDAYS)},
}
"""What the argument ``repeat`` of a tool may hold."""

_LOCALTIME = Path("/etc/localtime")


def read_days(names: Iterable[str]) -> Days:
    """``["weekdays", "sunday"]`` as days, each once, Monday first. Raises ``KeyError`` for another name."""
    return tuple(sorted({day for name in names for day in NAMED[name]}))


def zone_of(now: datetime) -> str:
    """The name of the zone that ``now`` is in: its own, or this machine's. Empty where it has none."""
    if isinstance(now.tzinfo, ZoneInfo):
        return now.tzinfo.key
    name = os.environ.get("TZ", "").lstrip(":") or _machine_zone()
    zone = _zone(name)
    return name if zone is not None and now.astimezone(zone).utcoffset() == now.utcoffset() else ""


def on_wall(day: date, at: time, zone: str) -> datetime:
    """The moment at which a clock in ``zone`` (empty: this machine's) shows ``at`` on ``day``."""
    wall, known = datetime.combine(day, at), _zone(zone)
    return wall.astimezone() if known is None else wall.replace(tzinfo=known)


def next_moment(at: time, days: Days, zone: str, after: float, *, first: date | None = None) -> datetime:
    """The first moment behind ``after`` (seconds since 1970) at which it is ``at`` on one of ``days``, and
    not before the day ``first``.
    """
    today = datetime.fromtimestamp(after, _zone(zone)).date()
    day = max(today, first or today)
    while True:
        moment = on_wall(day, at, zone)
        if day.weekday() in days and moment.timestamp() > after:
            return moment
        day += timedelta(days=1)


def last_moment(at: time, days: Days, zone: str, until: float) -> datetime:
    """The last one that is not behind ``until``."""
    day = datetime.fromtimestamp(until, _zone(zone)).date()
    while True:
        moment = on_wall(day, at, zone)
        if day.weekday() in days and moment.timestamp() <= until:
            return moment
        day -= timedelta(days=1)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such name, or no table of zones here
        return None


def _machine_zone() -> str:
    try:
        target = os.readlink(_LOCALTIME)
    except OSError:
        return ""
    return target.partition("zoneinfo/")[2]
