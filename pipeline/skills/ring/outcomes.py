"""What came of a call to a tool for timers: for the program, which words it as the person did. ``text`` is it
in a sentence, for a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.skills.answer import sentence
from pipeline.skills.clock_time import say_time
from pipeline.skills.ring.timer import Timer, count, enumerate_aloud, say_days, say_duration

_NAMED = 5
"""Timers that are named one by one; beyond it only their number is told."""


@dataclass(frozen=True, slots=True)
class TimerQuery:
    """Which were meant; what is not given is empty or None."""

    number: int | None = None
    name: str = ""
    seconds: float | None = None
    kind: str = ""

    @property
    def names_one(self) -> bool:
        """Whether more is given than a kind."""
        return bool(self.name or self.number is not None or self.seconds is not None)

    @property
    def text(self) -> str:
        kind = self.kind or "timer"
        if self.name:
            return f"{self.name} {kind}"
        if self.seconds is not None:
            return f"{kind} for {say_duration(self.seconds)}"
        return f"{kind} number {self.number}"


Hint = Literal["", "while_running", "kept"]
"""It rings ``while_running`` alone; or it is ``kept``, and told at the next start where nothing runs then.
Empty where that goes without saying, or is said otherwise."""


@dataclass(frozen=True, slots=True)
class TimerSet:
    """One was set."""

    timer: Timer
    left_s: float
    now: datetime
    """The person's own time."""
    due: datetime | None = None
    """When it rings first, by the same clock; None: after a length of time."""
    hint: Hint = ""

    @property
    def days_ahead(self) -> int:
        """0: it rings today, 1: tomorrow."""
        return (self.due.date() - self.now.date()).days if self.due else 0

    @property
    def text(self) -> str:
        timer, hint = self.timer, self._hint()
        name = "" if timer.kind == "alarm" else timer.label
        if timer.kind == "reminder":
            when = self._at("at ") if self.due else f"in {say_duration(self.left_s)}"
            return f"I will remind you {when}{': ' + name if name else ''}.{hint}"
        when = self._at("") if self.due else say_duration(self.left_s)
        called = f"{name} timer" if name and timer.kind == "timer" else timer.kind
        return f"{sentence(called)} set for {when}.{hint}"

    def _hint(self) -> str:
        match self.hint:
            case "while_running":
                return " It rings only while I am running."
            case "kept":
                return " It rings while I am running; if I am not, I tell you when I am started next."
            case _:
                return ""

    def _at(self, before: str) -> str:
        """``7:30 AM``, ``7:30 AM tomorrow``, ``7:30 AM every weekday``."""
        assert self.due is not None
        at = f"{before}{say_time(self.due)}"
        if self.timer.days:
            return f"{at} {say_days(self.timer.days)}"
        far = self.days_ahead
        day = "" if far < 1 else " tomorrow" if far == 1 else f" on {self.due:%A}"
        return at + (day if far < 7 else f"{day}, {self.due:%B} {self.due.day}")


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """So many seconds until ``timer`` rings."""

    timer: Timer
    seconds: float


@dataclass(frozen=True, slots=True)
class TimersListed:
    """All that were asked for, the one due first in front; at least one."""

    timers: tuple[TimeLeft, ...]

    @property
    def text(self) -> str:
        parts = [self._left_on(each) for each in self.timers[:_NAMED]]
        if len(self.timers) > _NAMED:
            parts.append(f"{count(len(self.timers) - _NAMED, 'timer')} more")
        verb = "is" if parts[0].startswith("1 ") and parts[0].split()[2] == "left" else "are"
        return f"There {verb} {enumerate_aloud(parts)}."

    def _left_on(self, each: TimeLeft) -> str:
        left, timer = f"{say_duration(each.seconds)} left", each.timer
        bare = len(self.timers) == 1 and timer.kind == "timer" and not timer.label
        return left if bare else f"{left} on the {timer.title}"


@dataclass(frozen=True, slots=True)
class TimersCancelled:
    """They ring no more. ``staying``: all others, of whatever kind."""

    timers: tuple[Timer, ...]
    staying: tuple[Timer, ...] = ()
    kind: str = ""
    """That was asked for; empty: any."""

    @property
    def text(self) -> str:
        number, noun = len(self.timers), self.kind or "timer"
        if number == 1:
            return f"{sentence(self.timers[0].title)} cancelled."
        if not self.staying:
            return f"All {number} {noun}s cancelled."
        goes = "goes" if len(self.staying) == 1 else "go"
        return f"{number} {noun}s cancelled. The {titles(self.staying)} {goes} on."


@dataclass(frozen=True, slots=True)
class TimerChanged:
    """It rings in ``left_s`` seconds from now; at ``due``, where it was moved to a time of day."""

    timer: Timer
    left_s: float
    due: datetime | None = None
    days_ahead: int = 0

    @property
    def text(self) -> str:
        timer = self.timer
        called = f"{timer.label} timer" if timer.label and timer.kind == "timer" else timer.kind
        if self.due:
            return f"{sentence(called)} moved to {say_time(self.due)}: {say_duration(self.left_s)} left."
        return f"{sentence(called)} changed: {say_duration(self.left_s)} left."


@dataclass(frozen=True, slots=True)
class NoTimer:
    """There is none that was ``asked`` for; nothing was done."""

    asked: TimerQuery
    running: tuple[Timer, ...] = ()
    """Those that there are instead."""
    tells: bool = True
    """It matters which these are."""

    @property
    def text(self) -> str:
        kind = self.asked.kind
        if self.running and self.asked.names_one:
            none = f"There is no {self.asked.text}."
        else:
            none = f"No {kind or 'timer'} is {'running' if kind in ('', 'timer') else 'set'}."
        return f"{none} There is the {titles(self.running)}." if self.running and self.tells else none


@dataclass(frozen=True, slots=True)
class WhichTimer:
    """Several are what was asked for; nothing was done."""

    found: tuple[Timer, ...]
    due: tuple[datetime, ...] = ()
    """When each rings, by the clock of ``now``."""
    now: datetime | None = None

    @property
    def text(self) -> str:
        return f"There are {count(len(self.found), self.found[0].kind)}: the {titles(self.found)}. Which one?"


Reason = Literal["length", "too_many", "alarm", "no_time", "no_date", "passed", "not_kept"]


@dataclass(frozen=True, slots=True)
class TimerRefused:
    """It cannot be done: ``length``, of nothing or of more than ``longest_s``; ``too_many`` run, which is
    ``most``; an ``alarm`` has its time of day and is not changed; ``no_time`` or ``no_date`` is what was
    given, or a moment that has ``passed``; it could not be written down (``not_kept``).
    """

    reason: Reason
    text: str
    longest_s: float = 0.0
    most: int = 0


TimerOutcome = TimerSet | TimersListed | TimersCancelled | TimerChanged | NoTimer | WhichTimer | TimerRefused


def titles(timers: tuple[Timer, ...]) -> str:
    """The first of them by name."""
    return enumerate_aloud([timer.title for timer in timers[:_NAMED]])
