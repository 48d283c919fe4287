"""One timer, alarm or reminder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

from config.language.data import DEFAULT
from pipeline.skills.durations import say_duration
from pipeline.skills.ring.recurrence import Days
from pipeline.skills.when.say import say_repeat

Kind = Literal["timer", "alarm", "reminder"]


@dataclass(frozen=True, slots=True)
class Timer:
    number: int
    """1, 2, …: the smallest that was free when it was started."""
    label: str
    """What the person called it (``pasta``), when an alarm rings, what to be reminded of; or empty."""
    seconds: float
    due: float
    """On the clock of its ``Timers``."""
    kind: Kind = "timer"
    at: time | None = None
    """The time of day, of what was set for one; on the clocks of ``zone`` (empty: this machine's)."""
    days: Days = ()
    """On which it rings again; none: once."""
    zone: str = ""
    language: str = ""
    """In which it was set; empty: not known."""

    @property
    def title(self) -> str:
        """In English: ``pasta timer``, ``timer for 5 minutes``, ``alarm for 7:30 AM``."""
        again = f" {say_repeat(self.days, DEFAULT)}" if self.days else ""
        if self.kind == "alarm":
            return f"alarm for {self.label}{again}"
        if self.kind == "reminder":
            return (f"reminder “{self.label}”" if self.label else "reminder") + again
        return f"{self.label} timer" if self.label else f"timer for {say_duration(self.seconds)}"


@dataclass(frozen=True, slots=True)
class Ring:
    """A timer rings, so late."""

    timer: Timer
    late_s: float = 0.0
    """Nothing ran when it was due, or the machine slept. 0: in time, or after what was being said."""


def is_called(timer: Timer, name: str) -> bool:
    """By all of its name, or by a word of it."""
    label = timer.label.lower()
    return name.lower() in {label, *label.split()}
