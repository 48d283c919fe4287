"""The tools that set, list and cancel timers, alarms and reminders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from config.errors import InputError
from config.language.data import DEFAULT
from config.runtime.clean import clean
from pipeline.llm.base import ToolSpec
from pipeline.skills.ring.outcomes import (
    Hint,
    NoTimer,
    Reason,
    TimeLeft,
    TimerChanged,
    TimerOutcome,
    TimerQuery,
    TimerRefused,
    TimersCancelled,
    TimerSet,
    TimersListed,
    WhichTimer,
)
from pipeline.skills.ring.recurrence import Days, next_moment, read_days, zone_of
from pipeline.skills.ring.table import MOST, TimerLengthError, TooManyTimersError
from pipeline.skills.ring.tool_specs import CANCEL_TIMER, CHANGE_TIMER, LIST_TIMERS, SET_ALARM, SET_TIMER
from pipeline.skills.timer_requests.answers import say_outcome
from pipeline.skills.timers import Kind, Timer, Timers
from pipeline.skills.when.say import say_time
from pipeline.skills.when.zone import in_zone, seconds_between
from pipeline.tools.base import Risk, Tool, ToolError, ToolResult

_LONG_S = 3600.0
"""From here on it matters that a timer rings only while the program runs."""


class TimerTools:
    """What can be done with ``timers``. Each gives what came of it, or raises ``_RefusalError`` or
    ``InputError``. ``now``: the person's own time.
    """

    def __init__(self, timers: Timers, now: Callable[[], datetime]) -> None:
        self._timers = timers
        self._now = now

    def set_timer(self, seconds: float, name: str = "", kind: Kind = "timer") -> TimerOutcome:
        """A timer that is called ``name``, or a reminder of it."""
        timer = self._timers.start(seconds, name, kind)
        return TimerSet(timer, seconds, self._now(), hint=self._hint(seconds))

    def set_alarm(
        self,
        time: str,
        tomorrow: bool = False,
        date: str = "",
        repeat: Sequence[str] = (),
        name: str = "",
        kind: Kind = "alarm",
    ) -> TimerOutcome:
        """At the next ``time`` (``07:30``), or that of tomorrow or of ``date``, and again on the days of
        ``repeat``: an alarm, or a reminder of ``name``.
        """
        now, days = self._now(), read_days(repeat)
        at, day = _time(time), _day(date, now) if date else None
        day = now.date() + timedelta(days=1) if tomorrow and day is None else day
        moment = _again(at, days, now, day) if days else _once(at, now, day)
        seconds = seconds_between(now, moment)
        if seconds <= 0:
            raise _RefusalError("passed", "That moment has passed. Give one that is ahead.")
        label = name if kind == "reminder" else say_time(moment, DEFAULT)
        timer = self._timers.start(seconds, label, kind, at=at, days=days, zone=zone_of(now))
        return TimerSet(timer, seconds, now, moment, hint=self._hint(max(seconds, _LONG_S)))

    def list_timers(
        self, number: int | None = None, name: str = "", seconds: float | None = None, kind: str = ""
    ) -> TimerOutcome:
        """What is left on those that are meant; on all, where nothing is given."""
        asked = TimerQuery(number, name, seconds, kind)
        found = self._timers.find(number, name, seconds, kind)
        if not found:
            return NoTimer(asked, tuple(self._timers.running()), tells=False)
        return TimersListed(tuple(TimeLeft(timer, self._timers.left(timer)) for timer in found))

    def cancel_timer(
        self,
        number: int | None = None,
        name: str = "",
        seconds: float | None = None,
        kind: str = "",
        all: bool = False,
        keep: int | None = None,
        keep_kind: str = "",
        numbers: Sequence[int] = (),
    ) -> TimerOutcome:
        """The one that is meant; where nothing is given, the only one of its ``kind``, or the only one.

        ``all``: every one of ``kind``, but for number ``keep`` and all of ``keep_kind``; with ``numbers``
        of these alone.
        """
        asked = TimerQuery(number, name, seconds, kind)
        if not all:
            meant = self._one(asked)
            return self._cancelled([meant], kind) if isinstance(meant, Timer) else meant
        found = self._timers.find(number, name, seconds, kind)
        found = [timer for timer in found if timer.number != keep and timer.kind != keep_kind]
        found = [timer for timer in found if not numbers or timer.number in numbers]
        return self._cancelled(found, kind) if found else self._none(asked)

    def change_timer(
        self,
        number: int | None = None,
        name: str = "",
        seconds: float | None = None,
        to_seconds: float | None = None,
        by_seconds: float | None = None,
        kind: str = "",
        time: str = "",
        date: str = "",
    ) -> TimerOutcome:
        """The one that is meant, or the only one: ``to_seconds`` are left, or ``by_seconds`` more; or it
        rings at another ``time``, on the day that it had or on ``date``.
        """
        timer = self._one(TimerQuery(number, name, seconds, kind))
        if not isinstance(timer, Timer):
            return timer
        if time:
            return self._moved(timer, _time(time), date)
        if timer.kind == "alarm" or timer.days:
            raise _RefusalError(
                "alarm", f"{_AN[timer.kind]} rings at its time of day. Cancel it, and set another."
            )
        left = self._timers.left(timer)
        changed = self._timers.change(
            timer, to_seconds if to_seconds is not None else left + (by_seconds or 0.0)
        )
        return TimerChanged(changed, self._timers.left(changed))

    def _moved(self, timer: Timer, at: time, date: str) -> TimerOutcome:
        now = self._now()
        before = now + timedelta(seconds=self._timers.left(timer))
        if timer.days:
            moment = _again(at, timer.days, now, None)
        else:
            moment = _once(at, now, _day(date, now) if date else before.date())
        seconds = seconds_between(now, moment)
        if seconds <= 0:
            raise _RefusalError("passed", "That moment has passed. Give one that is ahead.")
        label = say_time(moment, DEFAULT) if timer.kind == "alarm" else timer.label
        kind = timer.kind if timer.kind != "timer" else "alarm"
        new = replace(timer, label=label, kind=kind, at=at, zone=zone_of(now))
        changed = self._timers.change(new, seconds, instead_of=timer)
        return TimerChanged(changed, seconds, moment, (moment.date() - now.date()).days)

    def _one(self, asked: TimerQuery) -> Timer | NoTimer | WhichTimer:
        """The one that is meant; or why it is not known which."""
        found = self._timers.find(asked.number, asked.name, asked.seconds, asked.kind)
        if not asked.names_one and not asked.kind:  # "the timer" is no alarm
            found = [timer for timer in found if timer.kind == "timer"] or found
        if not found:
            return self._none(asked)
        if len(found) == 1:
            return found[0]
        now = self._now()
        due = tuple(now + timedelta(seconds=self._timers.left(timer)) for timer in found)
        return WhichTimer(tuple(found), due, now)

    def _none(self, asked: TimerQuery) -> NoTimer:
        return NoTimer(asked, tuple(self._timers.running()))

    def _cancelled(self, found: list[Timer], kind: str) -> TimersCancelled:
        for timer in found:
            self._timers.cancel(timer)
        return TimersCancelled(tuple(found), tuple(self._timers.running()), kind)

    def _hint(self, seconds: float) -> Hint:
        if seconds < _LONG_S or not self._timers.rings_here:
            return ""
        return "kept" if self._timers.kept else "while_running"

    def tool(self, spec: ToolSpec, risk: Risk, act: Callable[..., TimerOutcome]) -> Tool:
        """``act`` as a tool; what it did to the timers can be taken back."""

        async def run(**arguments: Any) -> ToolResult:
            before = self._timers.running()
            try:
                outcome = act(**arguments)
            except (InputError, _RefusalError) as refusal:
                return ToolResult(clean(str(refusal)), value=self._refused(refusal), failed=True)
            changed = self._timers.running() != before
            undo = self._timers.undoing(before) if changed else None
            told = partial(say_outcome, outcome)
            return ToolResult(clean(told(DEFAULT)), value=outcome, undo=undo, told=told)

        away = spec is CANCEL_TIMER
        return Tool(spec.name, spec.description, spec.parameters, risk=risk, run=run, takes_away=away)

    def _refused(self, refusal: InputError | _RefusalError) -> TimerRefused:
        match refusal:
            case _RefusalError():
                reason = refusal.reason
            case TimerLengthError():
                reason = "length"
            case TooManyTimersError():
                reason = "too_many"
            case _:
                reason = "not_kept"
        return TimerRefused(reason, str(refusal), self._timers.longest_s, MOST)


def timer_tools(timers: Timers, now: Callable[[], datetime]) -> tuple[Tool, ...]:
    """The five, for one person's timers."""
    does = TimerTools(timers, now)
    return (
        does.tool(SET_TIMER, "write", does.set_timer),
        does.tool(SET_ALARM, "write", does.set_alarm),
        does.tool(LIST_TIMERS, "read", does.list_timers),
        does.tool(CHANGE_TIMER, "write", does.change_timer),
        does.tool(CANCEL_TIMER, "write", does.cancel_timer),
    )


class _RefusalError(ToolError):
    """What was asked cannot be done."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason: Reason = reason


_AN = {"timer": "A timer", "alarm": "An alarm", "reminder": "Such a reminder"}


def _time(said: str) -> time:
    try:
        return datetime.strptime(said, "%H:%M").time()
    except ValueError:
        raise _RefusalError("no_time", f"“{said}” is no time of day. Write it as 07:30.") from None


def _day(said: str, now: datetime) -> date:
    try:
        return datetime.fromisoformat(said).date()
    except ValueError:
        raise _RefusalError("no_date", f"“{said}” is no date. Write it as {now:%Y-%m-%d}.") from None


def _once(at: time, now: datetime, day: date | None) -> datetime:
    """The next moment at which the clock shows it, or that of ``day``."""
    today = in_zone(datetime.combine(day or now.date(), at), now)
    if day or seconds_between(now, today) > 0:
        return today
    return in_zone(datetime.combine(now.date() + timedelta(days=1), at), now)


def _again(at: time, days: Days, now: datetime, first: date | None) -> datetime:
    moment = next_moment(at, days, zone_of(now), now.timestamp(), first=first)
    return moment.astimezone(now.tzinfo)
