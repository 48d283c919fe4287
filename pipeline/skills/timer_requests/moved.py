"""When an alarm rings that is moved."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from pipeline.skills.timer_requests.intents import MoveAlarm
from pipeline.skills.when.zone import in_zone


def new_moment(intent: MoveAlarm, due: datetime, now: datetime) -> datetime | None:
    """Of one ``due`` so far: on its day, unless another was said, and in its half of the day where both
    may be meant. None where there is no such day.
    """
    if intent.moment is None:
        return datetime.fromtimestamp(due.timestamp() + intent.by_seconds, due.tzinfo)
    day = intent.moment.day.on(now.date()) if intent.moment.day else due.date()
    at = timedelta(hours=due.hour, minutes=due.minute)
    times = intent.moment.times()[: 1 if intent.moment.literal else None] or [at]
    nearest = min(times, key=lambda each: abs(each - at))
    return in_zone(datetime.combine(day, time()) + nearest, now) if day else None
