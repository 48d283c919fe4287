"""What came of a call to a tool for timers: for the program, which words it as the person did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.skills.ring.timer import Timer


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


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """So many seconds until ``timer`` rings."""

    timer: Timer
    seconds: float


@dataclass(frozen=True, slots=True)
class TimersListed:
    """All that were asked for, the one due first in front; at least one."""

    timers: tuple[TimeLeft, ...]


@dataclass(frozen=True, slots=True)
class TimersCancelled:
    """They ring no more. ``staying``: all others, of whatever kind."""

    timers: tuple[Timer, ...]
    staying: tuple[Timer, ...] = ()
    kind: str = ""
    """That was asked for; empty: any."""


@dataclass(frozen=True, slots=True)
class TimerChanged:
    """It rings in ``left_s`` seconds from now; at ``due``, where it was moved to a time of day."""

    timer: Timer
    left_s: float
    due: datetime | None = None
    days_ahead: int = 0


@dataclass(frozen=True, slots=True)
class NoTimer:
    """There is none that was ``asked`` for; nothing was done."""

    asked: TimerQuery
    running: tuple[Timer, ...] = ()
    """Those that there are instead."""
    tells: bool = True
    """It matters which these are."""


@dataclass(frozen=True, slots=True)
class WhichTimer:
    """Several are what was asked for; nothing was done."""

    found: tuple[Timer, ...]
    due: tuple[datetime, ...] = ()
    """When each rings, by the clock of ``now``."""
    now: datetime | None = None


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
