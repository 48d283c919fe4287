"""From what is asked of timers to the call of a tool: which one is meant is looked up, nothing is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from config.language.normalise import words_only
from pipeline.skills.answer import SkillRequest
from pipeline.skills.timer_requests.answers import say_not_understood, say_outcome
from pipeline.skills.timer_requests.intents import (
    AskRemaining,
    CancelTimers,
    ChangeTimer,
    NotUnderstood,
    Remind,
    SetAlarm,
    SetTimer,
    TimerIntent,
    Which,
)
from pipeline.skills.timers import Timer, Timers
from pipeline.skills.when.moment import Moment


class TimerRequests:
    """``timers`` are looked at, to know which is meant. ``language``: of the answers."""

    def __init__(self, timers: Timers, now: datetime, language: str) -> None:
        self._timers = timers
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
            case AskRemaining():
                return self._ask(intent)
            case NotUnderstood():
                return self._say(intent)

    def _call(self, tool: str, **arguments: Any) -> SkillRequest:
        return SkillRequest(tool, _given(**arguments), certain=True, say=self._saying)

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
            return self._call("set_alarm", time=at, repeat=[moment.repeat], **arguments)
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

    def _of_kind(self, kind: str) -> list[Timer]:
        return [timer for timer in self._timers.running() if kind in ("", timer.kind)]

    def _which(self, meant: Which | None, kind: str = "") -> dict[str, Any]:
        """The arguments that name it."""
        if meant is None:
            return {}
        if meant.place is not None:
            return self._placed(meant, kind)
        if meant.seconds is not None and not (meant.times and kind == "alarm"):
            return _given(seconds=meant.seconds)
        if meant.name or self._called(meant.written):
            return {"name": self._called(meant.written) or meant.name}
        by_time = next((timer for timer in self._timers.running() if _rings_at(timer, meant.times)), None)
        if by_time and (kind == "alarm" or meant.number is None):
            return {"number": by_time.number}
        return {"name": meant.written} if meant.number is None else {"number": meant.number}

    def _called(self, name: str) -> str:
        """The name of those that are called so, whatever its capitals and accents; empty: none is."""
        said = words_only(name)
        labels = [timer.label for timer in self._timers.running() if timer.kind != "alarm"]
        called = [label for label in labels if said in {words_only(label), *words_only(label).split()}]
        return called[0] if called else ""

    def _placed(self, meant: Which, kind: str) -> dict[str, Any]:
        found = self._of_kind(kind if meant.place == "next" else "")
        at = {"next": 0, "last": len(found) - 1}.get(str(meant.place))
        at = int(meant.place or 0) - 1 if at is None else at
        if found[at : at + 1]:
            return {"number": found[at].number}
        return _given(kind=kind) if meant.place == "next" else {"name": meant.written}

    def _cancel(self, intent: CancelTimers) -> SkillRequest | None:
        if intent.every and not intent.kind and not self._timers.running():
            return None
        arguments = self._which(intent.which, intent.kind)
        if intent.every:
            return self._cancel_every(intent, arguments)
        if "number" in arguments or (intent.kind != "timer" and intent.which is None):
            arguments["kind"] = self._kind_of(arguments, intent.kind)
        return self._call("cancel_timer", **arguments)

    def _kind_of(self, arguments: dict[str, Any], kind: str) -> str:
        """What was named. Timers, alarms and reminders are counted together, so "timer 2" may be any."""
        found = self._timers.find(**arguments)
        return found[0].kind if found and kind == "timer" else kind

    def _cancel_every(self, intent: CancelTimers, arguments: dict[str, Any]) -> SkillRequest:
        arguments |= _given(all=True, kind=intent.kind)
        if intent.kept:
            found = self._timers.find(**self._which(intent.kept, intent.kind))
            if len(found) != 1:
                return self._say(NotUnderstood("keep", intent.kept.written))
            arguments["keep"] = found[0].number
        return self._call("cancel_timer", **arguments)

    def _change(self, intent: ChangeTimer) -> SkillRequest | None:
        if intent.bare and not self._timers.running():
            return None
        change = _given(to_seconds=intent.to_seconds, by_seconds=intent.by_seconds)
        return self._call("change_timer", **self._which(intent.which), **change)

    def _ask(self, intent: AskRemaining) -> SkillRequest | None:
        if not intent.named and not self._timers.running():
            return None
        arguments = self._which(intent.which, intent.kind)
        if intent.kind and "number" not in arguments:
            arguments["kind"] = intent.kind
        if intent.which and intent.perhaps and not self._timers.find(**arguments):
            return None
        return self._call("list_timers", **arguments)


def _rings_at(timer: Timer, times: tuple[timedelta, ...]) -> bool:
    at = timer.at and timedelta(hours=timer.at.hour, minutes=timer.at.minute)
    return timer.kind == "alarm" and at in {time % timedelta(days=1) for time in times}


def _given(**arguments: Any) -> dict[str, Any]:
    """Those that say something; whole numbers as such."""
    whole = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in arguments.items()
    }
    return {
        name: value
        for name, value in whole.items()
        if value or (isinstance(value, int | float) and value is not False)
    }
