"""Timers that really ring. They live as long as the program does, and no longer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import anyio
import anyio.lowlevel

from config.errors import InputError
from pipeline.skills.durations import say_duration
from pipeline.tools.base import Undo

MOST = 50
"""Timers at once: enough for any kitchen, and an end for a loop gone wild."""

LONGEST_S = 7 * 24 * 3600.0

Kind = Literal["timer", "alarm", "reminder"]


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def enumerate_aloud(parts: list[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


@dataclass(frozen=True, slots=True)
class Timer:
    number: int
    """1, 2, …: the smallest that was free when it was started."""
    label: str
    """What the person called it (``pasta``), when an alarm rings, what to be reminded of; or empty."""
    seconds: float
    due: float
    """On the clock of ``anyio.current_time``."""
    kind: Kind = "timer"

    @property
    def title(self) -> str:
        """``pasta timer``, ``timer for 5 minutes``, ``alarm for 7:30 AM``."""
        if self.kind == "alarm":
            return f"alarm for {self.label}"
        if self.kind == "reminder":
            return f"reminder “{self.label}”" if self.label else "reminder"
        return f"{self.label} timer" if self.label else f"timer for {say_duration(self.seconds)}"

    @property
    def rang(self) -> str:
        """What to say when it is due."""
        if self.kind == "alarm":
            return f"It is {self.label}. This is your alarm."
        if self.kind == "reminder":
            return f"Here is your reminder: {self.label}." if self.label else "Here is your reminder."
        return f"Your {self.title} is done."


def is_called(timer: Timer, name: str) -> bool:
    """By all of its name, or by a word of it."""
    label = timer.label.lower()
    return name.lower() in {label, *label.split()}


class Timers:
    """Start, list and cancel from the event loop's thread; ``next`` hands over each as it falls due.

    ``clock`` gives seconds and must be the event loop's own where ``next`` is used.
    """

    def __init__(self, clock: Callable[[], float] = anyio.current_time) -> None:
        self._clock = clock
        self._running: dict[int, Timer] = {}
        self._changed = anyio.Event()

    def start(self, seconds: float, label: str = "", kind: Kind = "timer") -> Timer:
        """``seconds`` in (0, a week]. Raises ``InputError`` beyond that, or when too many are running."""
        if not 0 < seconds <= LONGEST_S:
            raise InputError(
                f"A timer must run for more than nothing and for at most {say_duration(LONGEST_S)}."
            )
        if len(self._running) >= MOST:
            raise InputError(
                f"{MOST} timers are running, and that is the most I can keep.",
                kept="They all go on.",
                todo='To make room, say "cancel all timers", or cancel one of them.',
            )
        number = self._free()
        timer = Timer(number, label, float(seconds), self._clock() + seconds, kind)
        self._running[number] = timer
        self._wake()
        return timer

    def _free(self) -> int:
        return next(n for n in itertools.count(1) if n not in self._running)

    def running(self) -> list[Timer]:
        """All that have not rung, the one due first in front."""
        return sorted(self._running.values(), key=lambda timer: (timer.due, timer.number))

    def find(
        self, number: int | None = None, name: str = "", seconds: float | None = None, kind: str = ""
    ) -> list[Timer]:
        """Those that run and are all of what is given; all of them, where nothing is."""
        return [
            timer
            for timer in self.running()
            if number in {None, timer.number}
            and (not name or is_called(timer, name))
            and seconds in {None, timer.seconds}
            and kind in {"", timer.kind}
        ]

    def left(self, timer: Timer) -> float:
        """Seconds until it is due; 0 once it is."""
        return max(0.0, timer.due - self._clock())

    def cancel(self, timer: Timer) -> bool:
        """False when it has rung or was cancelled already."""
        if self._running.get(timer.number) != timer:
            return False
        del self._running[timer.number]
        self._wake()
        return True

    def undoing(self, before: Sequence[Timer]) -> Undo:
        """Takes back what has happened to those that were running ``before``, and only that: new ones are
        cancelled, and those that were cancelled run on, unless they would have rung.
        """
        after = self.running()
        begun = [timer for timer in after if timer not in before]
        ended = [timer for timer in before if timer not in after]

        def undo() -> None:
            for timer in begun:
                self.cancel(timer)
            for timer in ended:
                if timer.due > self._clock():
                    taken = timer.number in self._running
                    number = self._free() if taken else timer.number
                    self._running[number] = replace(timer, number=number)
            self._wake()

        return undo

    def change(self, timer: Timer, left_s: float) -> None:
        """It rings in ``left_s`` seconds, as ``start`` takes them. Raises ``InputError`` as that does."""
        if not 0 < left_s <= LONGEST_S:
            raise InputError(
                f"A timer must run for more than nothing and for at most {say_duration(LONGEST_S)}.",
                kept=f"There are {say_duration(self.left(timer))} left on the {timer.title}.",
            )
        longer = left_s - self.left(timer)
        changed = replace(timer, due=self._clock() + left_s, seconds=max(1.0, timer.seconds + longer))
        self._running[timer.number] = changed
        self._wake()

    async def next(self) -> Timer:
        """Wait for the next timer that falls due, and hand it over: it is no longer running.

        Timers may be started and cancelled meanwhile. Cancelling the wait loses no timer; of several
        callers, each gets another timer.
        """
        await anyio.lowlevel.checkpoint()
        while True:
            waiting = self.running()
            wait = waiting[0].due - self._clock() if waiting else float("inf")
            if wait <= 0:
                del self._running[waiting[0].number]
                return waiting[0]
            changed = self._changed
            with anyio.move_on_after(wait):
                await changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
