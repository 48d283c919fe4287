"""One timer, alarm or reminder, and what is said of it in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

from pipeline.skills.ring.recurrence import DAILY, WEEKDAYS, WEEKEND, WORKDAYS, Days

Kind = Literal["timer", "alarm", "reminder"]


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def enumerate_aloud(parts: list[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def say_duration(seconds: float) -> str:
    """``3661`` → ``1 hour, 1 minute and 1 second``; to the nearest second, at least one."""
    rest = max(1, round(seconds))
    parts: list[str] = []
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        number, rest = divmod(rest, size)
        if number:
            parts.append(count(number, noun))
    return enumerate_aloud(parts)


def say_days(days: Days) -> str:
    """``every day``, ``every weekday``, ``every Monday and Friday``."""
    named = {DAILY: "day", WORKDAYS: "weekday", WEEKEND: "Saturday and Sunday"}.get(days)
    return f"every {named or enumerate_aloud([WEEKDAYS[day].capitalize() for day in days])}"


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
        """``pasta timer``, ``timer for 5 minutes``, ``alarm for 7:30 AM``."""
        again = f" {say_days(self.days)}" if self.days else ""
        if self.kind == "alarm":
            return f"alarm for {self.label}{again}"
        if self.kind == "reminder":
            return (f"reminder “{self.label}”" if self.label else "reminder") + again
        return f"{self.label} timer" if self.label else f"timer for {say_duration(self.seconds)}"

    @property
    def rang(self) -> str:
        """What to say when it is due."""
        if self.kind == "alarm":
            return f"It is {self.label}. This is your alarm."
        if self.kind == "reminder":
            return f"Here is your reminder: {self.label}." if self.label else "Here is your reminder."
        return f"Your {self.title} is done."


@dataclass(frozen=True, slots=True)
class Ring:
    """A timer rings, so late."""

    timer: Timer
    late_s: float = 0.0
    """Nothing ran when it was due, or the machine slept. 0: in time, or after what was being said."""

    @property
    def text(self) -> str:
        if not self.late_s:
            return self.timer.rang
        label, kind = self.timer.label, self.timer.kind
        ago = f"{say_duration(rounded(self.late_s))} ago, while I was not running"
        if kind == "alarm":
            return f"Your alarm for {label} was due {ago}."
        if kind == "reminder":
            return f"You were to be reminded {ago}{f': {label}' if label else ''}."
        return f"Your {self.timer.title} was done {ago}."


def rounded(seconds: float) -> float:
    """As exact as it matters: ``2 hours``, not ``2 hours, 3 minutes and 9 seconds``."""
    for size in (86_400, 3_600, 60):
        if seconds >= size:
            return round(seconds / size) * size
    return seconds


def is_called(timer: Timer, name: str) -> bool:
    """By all of its name, or by a word of it."""
    label = timer.label.lower()
    return name.lower() in {label, *label.split()}
