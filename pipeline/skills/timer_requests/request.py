"""From what is asked of timers to the call of a tool: which one is meant is looked up, nothing is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.skills.answer import SkillRequest
from pipeline.skills.ring.outcomes import TimersListed, WhichTimer
from pipeline.skills.timer_requests.answers import say_not_understood, say_outcome
from pipeline.skills.timer_requests.intents import (
    AskRemaining,
    CancelTimers,
    ChangeTimer,
    MoveAlarm,
    NotUnderstood,
    Remind,
    SetAlarm,
    SetTimer,
    TimerIntent,
    Which,
)
from pipeline.skills.timer_requests.moved import new_moment
from pipeline.skills.timer_requests.running import RunningTimers, given
from pipeline.skills.timers import Timer, Timers
from pipeline.skills.when.moment import Moment


class TimerRequests:
    """``timers`` are looked at, to know which is meant. ``language``: in which it was said."""

    def __init__(self, timers: Timers, now: datetime, language: str) -> None:
        self._running = RunningTimers(timers, now, language)
        self._now = now
        self._language = language

    def request(self, intent: TimerIntent) -> SkillRequest | None:
        """None where it means something only while a timer runs, and none does."""
        match intent:
            case SetTimer():
                return self._call("set_timer", seconds=intent.seconds, name=intent.name)
            case SetAlarm():
                return self._at(intent.moment)
            case Remind():
                return self._remind(intent)
            case CancelTimers():
                return self._cancel(intent)
            case ChangeTimer():
                return self._change(intent)
            case MoveAlarm():
                return self._move(intent)
            case AskRemaining():
                return self._ask(intent)
            case NotUnderstood():
                return None if intent.bare and not self._running else self._say(intent)

    def _call(self, tool: str, **arguments: Any) -> SkillRequest:
        return SkillRequest(tool, given(**arguments), certain=True, say=self._saying)

    def _saying(self, outcome: Any) -> str:
        return say_outcome(outcome, self._language)

    def _say(self, intent: NotUnderstood) -> SkillRequest:
        return SkillRequest(text=say_not_understood(intent, self._language), certain=True, unclear=True)

    def _at(self, moment: Moment, **arguments: Any) -> SkillRequest | None:
        if moment.repeat:
            ((hours, minutes),) = [
                divmod(int(time.total_seconds()) // 60 % 1440, 60) for time in moment.times()[:1]
            ]
            at = f"{hours:02d}:{minutes:02d}"
            return self._call("set_alarm", time=at, repeat=moment.repeat.split(","), **arguments)
        due = moment.next(self._now)
        if due is None:
            return self._say(NotUnderstood("passed"))
        days = (due.date() - self._now.date()).days
        date = due.date().isoformat() if days > 1 else ""
        return self._call("set_alarm", time=f"{due:%H:%M}", tomorrow=days == 1 or "", date=date, **arguments)

    def _remind(self, intent: Remind) -> SkillRequest | None:
        if intent.moment:
            return self._at(intent.moment, name=intent.what, kind="reminder")
        return self._call("set_timer", seconds=intent.seconds, name=intent.what, kind="reminder")

    # Which one ----------------------------------------------------------------------------------

    def _cancel(self, intent: CancelTimers) -> SkillRequest | None:
        if intent.perhaps:
            if several := self._running.several(intent.which, intent.kind):
                return self._which_of(several)
            meant = self._running.standing(intent.which)
            return self._call("cancel_timer", **meant) if meant else None
        if not intent.kind and not self._running:
            return None
        if intent.count is not None:
            return self._cancel_so_many(intent)
        if several := self._running.several(intent.which, intent.kind):
            if intent.every and len({timer.at for timer in several}) == 1:  # "all 7 am alarms"
                return self._call("cancel_timer", all=True, kind=intent.kind, numbers=_numbers(several))
            return self._which_of(several)
        arguments = self._running.which(intent.which, intent.kind)
        if self._not_that_day(intent.which, arguments):
            due = self._due(intent.which, intent.kind)
            return self._which_of(due) if due else self._say(NotUnderstood("cancel", arguments["name"]))
        if intent.every:
            return self._cancel_every(intent, arguments)
        named = "number" in arguments or (intent.kind != "timer" and intent.which is None)
        if named or self._of_other_kind(arguments, intent.kind):
            arguments["kind"] = intent.kind
        return self._call("cancel_timer", **arguments)

    def _not_that_day(self, meant: Which | None, arguments: dict[str, Any]) -> bool:
        """Nothing is due on the day that was named, or more than one."""
        return bool(meant and meant.moment and meant.moment.day and "name" in arguments)

    def _of_other_kind(self, arguments: dict[str, Any], kind: str) -> bool:
        """Whether the kind that was named counts: a timer that is called so is no reminder of it."""
        return bool(arguments) and any(each.kind != kind for each in self._running.find(**arguments))

    def _due(self, meant: Which | None, kind: str) -> list[Timer]:
        """All of one day."""
        return self._running.due(meant.moment, kind) if meant and meant.moment else []

    def _list_due(self, intent: AskRemaining) -> SkillRequest | None:
        """Of all that run those of one day: the tool lists none by its day."""
        due = {timer.number for timer in self._due(intent.which, intent.kind)}

        def say(found: TimersListed) -> str:
            left = (each for each in found.timers if each.timer.number in due)
            return self._saying(TimersListed(tuple(left)))

        return replace(self._call("list_timers", kind=intent.kind), say=say) if due else None

    def _which_of(self, found: list[Timer]) -> SkillRequest:
        due = tuple(map(self._running.due_at, found))
        text = say_outcome(WhichTimer(tuple(found), due, self._now), self._language)
        return SkillRequest(text=text, certain=True, unclear=True)

    def _cancel_so_many(self, intent: CancelTimers) -> SkillRequest:
        running = self._running.of_kind(intent.kind)
        if running and len(running) != intent.count:
            return self._say(NotUnderstood("cancel", intent.which.written if intent.which else ""))
        return self._call("cancel_timer", all=True, kind=intent.kind)

    def _cancel_every(self, intent: CancelTimers, arguments: dict[str, Any]) -> SkillRequest:
        arguments |= given(all=True, kind=intent.kind, keep_kind=intent.kept_kind)
        if intent.kept:
            if several := self._running.several(intent.kept, intent.kind):
                return self._which_of(several)
            if intent.kept.number is not None and not intent.kind:  # "except two": so many, or number two
                return self._say(NotUnderstood("keep", intent.kept.written))
            found = self._running.find(**self._running.which(intent.kept, intent.kind))
            if len(found) != 1:
                return self._say(NotUnderstood("keep", intent.kept.written))
            arguments["keep"] = found[0].number
        return self._call("cancel_timer", **arguments)

    def _change(self, intent: ChangeTimer) -> SkillRequest | None:
        change = given(to_seconds=intent.to_seconds, by_seconds=intent.by_seconds)
        if intent.else_set or (intent.bare and intent.which):
            return self._change_named(intent, change)
        if intent.bare and not self._running:
            return None
        return self._call("change_timer", **self._running.which(intent.which), **change)

    def _change_named(self, intent: ChangeTimer, change: dict[str, Any]) -> SkillRequest | None:
        """Only one that is called so, or that is the one of that length or place."""
        if meant := self._running.standing(intent.which):
            return self._call("change_timer", **meant, **change)
        if not intent.else_set:
            return None
        name = intent.which.name if intent.which else ""
        return self._call("set_timer", seconds=intent.to_seconds, name=name)

    def _move(self, intent: MoveAlarm) -> SkillRequest | None:
        if several := self._running.several(intent.which, intent.kind):
            return self._which_of(several)
        arguments = self._running.which(intent.which, intent.kind)
        found = [each for each in self._running.find(**arguments) if each.kind == intent.kind]
        if len(found) != 1:
            return (
                self._which_of(found) if found else self._call("change_timer", kind=intent.kind, **arguments)
            )
        due = self._running.due_at(found[0])
        moved = new_moment(intent, due, self._now)
        if moved is None or (
            found[0].days and (moved.date() != due.date() or (intent.moment and intent.moment.day))
        ):
            return self._say(NotUnderstood("pause_alarm"))
        if moved <= self._now:
            return self._say(NotUnderstood("passed"))
        day = "" if found[0].days else moved.date().isoformat()
        return self._call("change_timer", number=found[0].number, time=f"{moved:%H:%M}", date=day)

    def _ask(self, intent: AskRemaining) -> SkillRequest | None:
        if not intent.named and not self._running:
            return None
        if intent.perhaps and not intent.named:
            called = self._running.named(intent.which)
            return self._call("list_timers", **called) if called else None
        arguments = self._running.which(intent.which, intent.kind)
        if self._not_that_day(intent.which, arguments):
            return self._list_due(intent)
        if intent.kind and "number" not in arguments:
            arguments["kind"] = intent.kind
        if intent.which and intent.perhaps and not self._running.find(**arguments):
            return None
        return self._call("list_timers", **arguments)


def _numbers(found: list[Timer]) -> list[int]:
    return [timer.number for timer in found]
