"""The tools that set, list and cancel timers, alarms and reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pipeline.llm.base import ToolSpec
from pipeline.skills.answer import sentence
from pipeline.skills.clock_time import in_zone, say_time, seconds_between
from pipeline.skills.timers import Kind, Timer, Timers, count, enumerate_aloud, say_duration
from pipeline.tools.base import Risk, Tool, ToolError, ToolResult

_NAMED = 5
"""Timers that are named one by one; beyond it only their number is told."""

_NAME = {"type": "string", "maxLength": 80}
_WHICH = {
    "name": _NAME | {"description": "what it is called"},
    "number": {"type": "integer"},
    "seconds": {"type": "number", "description": "how long it was set for"},
}


def _schema(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


_SET_TIMER = ToolSpec(
    "set_timer",
    "Sets a timer, or a reminder, that rings after so many seconds. Only this tool can do it.",
    _schema(
        {
            "seconds": {"type": "number", "description": "for example 300 for five minutes"},
            "name": _NAME | {"description": "for example pasta; of a reminder: what to do"},
            "kind": {"type": "string", "enum": ["timer", "reminder"]},
        },
        "seconds",
    ),
)
_SET_ALARM = ToolSpec(
    "set_alarm",
    "Sets an alarm, or a reminder, for a time of day.",
    _schema(
        {
            "time": {"type": "string", "maxLength": 5, "description": "of 24 hours, as 07:30"},
            "tomorrow": {"type": "boolean", "description": "not today, though it is still ahead"},
            "name": _NAME | {"description": "of a reminder: what to do"},
            "kind": {"type": "string", "enum": ["alarm", "reminder"]},
        },
        "time",
    ),
)
_LIST_TIMERS = ToolSpec(
    "list_timers",
    "Tells how much time is left on timers, alarms and reminders; on all when nothing is given.",
    _schema(_WHICH),
)
_CANCEL_TIMER = ToolSpec(
    "cancel_timer",
    "Cancels a timer, alarm or reminder: the one that is meant, the only one, or all.",
    _schema(
        _WHICH
        | {"kind": {"type": "string", "enum": ["timer", "alarm", "reminder"]}, "all": {"type": "boolean"}}
    ),
)


class TimerTools:
    """What can be done with ``timers``. Each gives the sentence that says what was done, or raises
    ``ToolError`` or ``InputError``. ``now``: the person's own time.
    """

    def __init__(self, timers: Timers, now: Callable[[], datetime]) -> None:
        self._timers = timers
        self._now = now

    def set_timer(self, seconds: float, name: str = "", kind: Kind = "timer") -> str:
        """A timer that is called ``name``, or a reminder of it."""
        self._timers.start(seconds, name, kind)
        length = say_duration(seconds)
        return _set_for(name, kind, f"in {length}", f"for {length}") + _as_long_as(seconds)

    def set_alarm(self, time: str, tomorrow: bool = False, name: str = "", kind: Kind = "alarm") -> str:
        """At the next ``time`` (``07:30``), or the one of tomorrow: an alarm, or a reminder of ``name``."""
        now = self._now()
        moment = _next(time, now, tomorrow=tomorrow)
        seconds = seconds_between(now, moment)
        self._timers.start(seconds, name if kind == "reminder" else say_time(moment), kind)
        at = say_time(moment) + (" tomorrow" if moment.date() > now.date() else "")
        return _set_for(name, kind, f"at {at}", f"for {at}") + _as_long_as(max(seconds, 3600))

    def list_timers(self, number: int | None = None, name: str = "", seconds: float | None = None) -> str:
        """What is left on those that are meant; on all, where nothing is given."""
        found = self._timers.find(number, name, seconds)
        if not found:
            running = self._timers.running()
            return f"There is no {_meant(number, name, seconds)}." if running else "No timer is running."
        parts = [self._left_on(timer, alone=len(found) == 1) for timer in found[:_NAMED]]
        if len(found) > _NAMED:
            parts.append(f"{count(len(found) - _NAMED, 'timer')} more")
        verb = "is" if parts[0].startswith("1 ") and parts[0].split()[2] == "left" else "are"
        return f"There {verb} {enumerate_aloud(parts)}."

    def cancel_timer(
        self,
        number: int | None = None,
        name: str = "",
        seconds: float | None = None,
        kind: Kind = "timer",
        all: bool = False,
    ) -> str:
        """The one that is meant; where nothing is given, the only one of its ``kind``, or the only one."""
        running = self._timers.running()
        if not running:
            return "No timer is running."
        if all:
            cancelled = self._timers.cancel_all()
            return "Timer cancelled." if cancelled == 1 else f"All {cancelled} timers cancelled."
        found = self._timers.find(number, name, seconds)
        if found == running:
            found = [timer for timer in running if timer.kind == kind] or running
        if not found:
            return f"There is no {_meant(number, name, seconds)}. There is the {_titles(running)}."
        if len(found) > 1:
            return f"There are {count(len(found), 'timer')}: the {_titles(found)}. Which one?"
        self._timers.cancel(found[0])
        return f"{sentence(found[0].title)} cancelled."

    def _left_on(self, timer: Timer, *, alone: bool) -> str:
        left = f"{say_duration(self._timers.left(timer))} left"
        return left if alone and timer.kind == "timer" and not timer.label else f"{left} on the {timer.title}"

    def tool(self, spec: ToolSpec, risk: Risk, act: Callable[..., str]) -> Tool:
        """``act`` as a tool; what it did to the timers can be taken back."""

        async def run(**arguments: Any) -> ToolResult:
            before = self._timers.running()
            text = act(**arguments)
            changed = self._timers.running() != before
            return ToolResult(text, undo=self._timers.undoing(before) if changed else None)

        return Tool(spec.name, spec.description, spec.parameters, risk=risk, run=run)


def timer_tools(timers: Timers, now: Callable[[], datetime]) -> tuple[Tool, ...]:
    """The four, for one person's timers."""
    does = TimerTools(timers, now)
    return (
        does.tool(_SET_TIMER, "write", does.set_timer),
        does.tool(_SET_ALARM, "write", does.set_alarm),
        does.tool(_LIST_TIMERS, "read", does.list_timers),
        does.tool(_CANCEL_TIMER, "write", does.cancel_timer),
    )


def _next(time: str, now: datetime, *, tomorrow: bool) -> datetime:
    """The next moment at which the clock shows ``time``. Raises ``ToolError``."""
    try:
        read = datetime.strptime(time, "%H:%M")
    except ValueError:
        raise ToolError(f"“{time}” is no time of day. Write it as 07:30.") from None
    wall = now.replace(hour=read.hour, minute=read.minute, second=0, microsecond=0, tzinfo=None)
    moment, later = in_zone(wall, now), in_zone(wall + timedelta(days=1), now)
    return later if tomorrow or seconds_between(now, moment) <= 0 else moment


def _set_for(name: str, kind: Kind, when: str, length: str) -> str:
    if kind == "reminder":
        return f"I will remind you{' to ' + name if name else ''} {when}."
    return f"{sentence(f'{name} timer' if name and kind == 'timer' else kind)} set {length}."


def _meant(number: int | None, name: str, seconds: float | None) -> str:
    """What was looked for, and is not there."""
    if name:
        return f"{name} timer"
    return f"timer for {say_duration(seconds)}" if seconds is not None else f"timer number {number}"


def _titles(timers: list[Timer]) -> str:
    return enumerate_aloud([timer.title for timer in timers[:_NAMED]])


def _as_long_as(seconds: float) -> str:
    """From an hour on it matters that a timer lives no longer than the program."""
    return " It rings only while I am running." if seconds >= 3600 else ""
