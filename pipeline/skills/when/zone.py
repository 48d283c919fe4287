"""Times on the wall as moments of a time zone."""

from __future__ import annotations

from datetime import datetime, timezone


def in_zone(wall: datetime, now: datetime) -> datetime:
    """A time on the wall as a moment. A fixed offset that is this machine's own follows its summer time."""
    if now.tzinfo is None:
        return wall
    if (
        isinstance(now.tzinfo, timezone)
        and now.replace(tzinfo=None).astimezone().utcoffset() == now.utcoffset()
    ):
        return wall.astimezone()
    return wall.replace(tzinfo=now.tzinfo)


def seconds_between(start: datetime, end: datetime) -> float:
    """Of real time: an hour that summer time skips does not count."""
    return end.timestamp() - start.timestamp()
