"""What is asked of timers, alarms and reminders: typed, of no language, and without effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pipeline.skills.when.moment import Moment

Kind = Literal["timer", "alarm", "reminder"]
Place = Literal["next", "last", "shortest", "longest", "newest"]


@dataclass(frozen=True, slots=True)
class Which:
    """One that is meant, by one of these."""

    name: str = ""
    place: Place | int | None = None
    """A number counts as they fall due, from 1 on."""
    number: int | None = None
    seconds: float | None = None
    moment: Moment | None = None
    """When an alarm rings; of one with a day, whatever is due then."""
    written: str = ""
    """As it was said."""

    @property
    def times(self) -> list[timedelta]:
        """When it rings, from the beginning of a day on."""
        return self.moment.times() if self.moment else []


@dataclass(frozen=True, slots=True)
class SetTimer:
    seconds: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class SetAlarm:
    moment: Moment


@dataclass(frozen=True, slots=True)
class Remind:
    """After ``seconds``, or at ``moment``."""

    what: str = ""
    seconds: float | None = None
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class CancelTimers:
    """The one that is meant, or the only one; or ``every`` one of ``kind`` (empty: of all), but for one."""

    kind: Kind | Literal[""] = ""
    which: Which | None = None
    every: bool = False
    kept: Which | None = None
    kept_kind: Kind | Literal[""] = ""
    """All of these stay."""
    count: int | None = None
    """So many are meant: all of them, if that is all."""
    perhaps: bool = False
    """No timer is named: it is meant only where one runs that is called so."""


@dataclass(frozen=True, slots=True)
class ChangeTimer:
    """``to_seconds`` are left from now on, or ``by_seconds`` more."""

    which: Which | None = None
    to_seconds: float | None = None
    by_seconds: float | None = None
    bare: bool = False
    """No timer is named: something is meant only where one runs, and where one is called so."""
    else_set: bool = False
    """Where none is called so, one is set."""


@dataclass(frozen=True, slots=True)
class MoveAlarm:
    """An alarm or a reminder is to ring at another ``moment``, or so many seconds later."""

    kind: Kind
    which: Which | None = None
    moment: Moment | None = None
    by_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class AskRemaining:
    kind: Kind | Literal[""] = ""
    which: Which | None = None
    named: bool = True
    """Timers are spoken of; else something is meant only where one runs."""
    perhaps: bool = False
    """It asks this only where there is such a one: "when does the museum open"."""


Reason = Literal[
    "set", "cancel", "keep", "remind", "ring", "pause_timer", "pause_alarm", "how_long", "what_time",
    "remind_when", "passed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Something is asked of a timer that cannot be done, or not all of it was understood; ``words`` were
    not.
    """

    reason: Reason
    words: str = ""
    when: str = ""
    """Of ``remind_when``: the day that was said."""
    bare: bool = False
    """No timer is named: something is meant only where one runs."""


TimerIntent = (
    SetTimer | SetAlarm | Remind | CancelTimers | ChangeTimer | MoveAlarm | AskRemaining | NotUnderstood
)
