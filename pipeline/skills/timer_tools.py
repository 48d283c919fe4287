"""The tools that set, list and cancel timers, alarms and reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pipeline.llm.base import ToolSpec
from pipeline.skills.answer import sentence
from pipeline.skills.clock_time import in_zone, say_time, seconds_between
from pipeline.skills.durations import say_duration
from pipeline.skills.timers import Kind, Timer, Timers, count, enumerate_aloud
from pipeline.tools.base import Risk, Tool, ToolError, ToolResult

_NAMED = 5
"""Timers that are named one by one; beyond it only their number is told."""

_NAME = {"type": "string", "maxLength": 80}
_WHICH = {
    "name": _NAME | {"description": "what it is called"},
    "number": {"type": "integer"},
    "seconds": {"type": "number", "description": "how long it was set for"},
}
_KIND = {"kind": {"type": "string", "enum": ["timer", "alarm", "reminder"]}}


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
            "date": {"type": "string", "maxLength": 10, "description": "as 2026-12-25, within seven days"},
            "name": _NAME | {"description": "of a reminder: what to do"},
            "kind": {"type": "string", "enum": ["alarm", "reminder"]},
        },
        "time",
    ),
)
_LIST_TIMERS = ToolSpec(
    "list_timers",
    "Tells how much time is left on timers, alarms and reminders; on all when nothing is given.",
    _schema(_WHICH | _KIND),
)
_CHANGE_TIMER = ToolSpec(
    "change_timer",
    "Gives a timer that runs another length: so much from now on, or so much more or less.",
    _schema(
        _WHICH
        | {
            "to_seconds": {"type": "number", "description": "left from now on"},
            "by_seconds": {"type": "number", "description": "longer; shorter when negative"},
        }
    ),
)
_CANCEL_TIMER = ToolSpec(
    "cancel_timer",
    "Cancels a timer, alarm or reminder: the one that is meant, the only one, or all of a kind.",
    _schema(
        _WHICH
        | _KIND
        | {
            "all": {"type": "boolean", "description": "all of the kind; of every kind, where none is given"},
            "keep": {"type": "integer", "description": "the number of the one that is to stay"},
        }
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
        when = f"in {length}" if kind == "reminder" else f"for {length}"
        return _set_for(name, kind, when) + _as_long_as(seconds)

    def set_alarm(
        self, time: str, tomorrow: bool = False, date: str = "", name: str = "", kind: Kind = "alarm"
    ) -> str:
        """At the next ``time`` (``07:30``), or that of tomorrow or of ``date``: an alarm, or a reminder of
        ``name``.
        """
        now = self._now()
        moment = _next(time, now, tomorrow=tomorrow, date=date)
        seconds = seconds_between(now, moment)
        self._timers.start(seconds, name if kind == "reminder" else say_time(moment), kind)
        days = (moment.date() - now.date()).days
        at = say_time(moment) + ("" if days < 1 else " tomorrow" if days == 1 else f" on {moment:%A}")
        return _set_for(name, kind, f"for {at}") + _as_long_as(max(seconds, 3600))

    def list_timers(
        self, number: int | None = None, name: str = "", seconds: float | None = None, kind: str = ""
    ) -> str:
        """What is left on those that are meant; on all, where nothing is given."""
        found = self._timers.find(number, name, seconds, kind)
        if not found:
            return self._none(number, name, seconds, kind, tells=False)
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
        kind: str = "",
        all: bool = False,
        keep: int | None = None,
    ) -> str:
        """The one that is meant; where nothing is given, the only one of its ``kind``, or the only one.

        ``all``: every one of ``kind``, but for number ``keep``; no other kind is touched.
        """
        if all:
            found = self._timers.find(number, name, seconds, kind)
            found = [timer for timer in found if timer.number != keep]
            for timer in found:
                self._timers.cancel(timer)
            return self._cancelled(found, kind) if found else self._none(number, name, seconds, kind)
        meant = self._one(number, name, seconds, kind)
        if isinstance(meant, str):
            return meant
        self._timers.cancel(meant)
        return f"{sentence(meant.title)} cancelled."

    def change_timer(
        self,
        number: int | None = None,
        name: str = "",
        seconds: float | None = None,
        to_seconds: float | None = None,
        by_seconds: float | None = None,
    ) -> str:
        """The one that is meant, or the only one: ``to_seconds`` are left, or ``by_seconds`` more."""
        timer = self._one(number, name, seconds, "")
        if isinstance(timer, str):
            return timer
        if timer.kind == "alarm":
            raise ToolError("An alarm rings at its time of day. Cancel it, and set another.")
        left = self._timers.left(timer)
        self._timers.change(timer, to_seconds if to_seconds is not None else left + (by_seconds or 0.0))
        called = f"{timer.label} timer" if timer.label and timer.kind == "timer" else timer.kind
        changed = next(each for each in self._timers.running() if each.number == timer.number)
        return f"{sentence(called)} changed: {say_duration(self._timers.left(changed))} left."

    def _one(self, number: int | None, name: str, seconds: float | None, kind: str) -> Timer | str:
        """The one that is meant; or why it is not known which."""
        found = self._timers.find(number, name, seconds, kind)
        if number is None and not name and seconds is None and not kind:  # "the timer" is no alarm
            found = [timer for timer in found if timer.kind == "timer"] or found
        if not found:
            return self._none(number, name, seconds, kind)
        if len(found) > 1:
            return f"There are {count(len(found), found[0].kind)}: the {_titles(found)}. Which one?"
        return found[0]

    def _none(
        self, number: int | None, name: str, seconds: float | None, kind: str, *, tells: bool = True
    ) -> str:
        """There is none; ``tells``: and what there is."""
        running = self._timers.running()
        named = bool(name or number is not None or seconds is not None)
        if running and named:
            none = f"There is no {_meant(number, name, seconds, kind or 'timer')}."
        else:
            none = f"No {kind or 'timer'} is {'running' if kind in ('', 'timer') else 'set'}."
        return f"{none} There is the {_titles(running)}." if running and tells else none

    def _cancelled(self, found: list[Timer], kind: str) -> str:
        noun = kind or "timer"
        if len(found) == 1:
            return f"{sentence(found[0].title)} cancelled."
        left = self._timers.running()
        stays = f" The {_titles(left)} {'goes' if len(left) == 1 else 'go'} on." if left else ""
        return f"{len(found)} {noun}s cancelled.{stays}" if left else f"All {len(found)} {noun}s cancelled."

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
    """The five, for one person's timers."""
    does = TimerTools(timers, now)
    return (
        does.tool(_SET_TIMER, "write", does.set_timer),
        does.tool(_SET_ALARM, "write", does.set_alarm),
        does.tool(_LIST_TIMERS, "read", does.list_timers),
        does.tool(_CHANGE_TIMER, "write", does.change_timer),
        does.tool(_CANCEL_TIMER, "write", does.cancel_timer),
    )


def _next(time: str, now: datetime, *, tomorrow: bool, date: str) -> datetime:
    """The next moment at which the clock shows ``time``, on ``date`` if given. Raises ``ToolError``."""
    try:
        read = datetime.strptime(time, "%H:%M")
    except ValueError:
        raise ToolError(f"“{time}” is no time of day. Write it as 07:30.") from None
    wall = now.replace(hour=read.hour, minute=read.minute, second=0, microsecond=0, tzinfo=None)
    if date:
        try:
            day = datetime.fromisoformat(date).date()
        except ValueError:
            raise ToolError(f"“{date}” is no date. Write it as {now:%Y-%m-%d}.") from None
        return in_zone(datetime.combine(day, wall.time()), now)
    moment, later = in_zone(wall, now), in_zone(wall + timedelta(days=1), now)
    return later if tomorrow or seconds_between(now, moment) <= 0 else moment


def _set_for(name: str, kind: Kind, when: str) -> str:
    if kind == "reminder":
        return f"I will remind you {when.replace('for ', 'at ', 1)}{': ' + name if name else ''}."
    return f"{sentence(f'{name} timer' if name and kind == 'timer' else kind)} set {when}."


def _meant(number: int | None, name: str, seconds: float | None, kind: str) -> str:
    """What was looked for, and is not there."""
    if name:
        return f"{name} {kind}"
    return f"{kind} for {say_duration(seconds)}" if seconds is not None else f"{kind} number {number}"


def _titles(timers: list[Timer]) -> str:
    return enumerate_aloud([timer.title for timer in timers[:_NAMED]])


def _as_long_as(seconds: float) -> str:
    """From an hour on it matters that a timer lives no longer than the program."""
    return " It rings only while I am running." if seconds >= 3600 else ""
