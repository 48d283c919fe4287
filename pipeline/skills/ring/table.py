"""Where timers lie that have not rung: in memory, or wherever else somebody keeps them."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import replace
from typing import Protocol

from config.errors import InputError
from pipeline.skills.ring.timer import Timer

MOST = 50
"""Timers at once: enough for any kitchen, and an end for a loop gone wild."""

LONGEST_S = 7 * 24 * 3600.0
"""Where they live as long as the program."""

LONGEST_KEPT_S = 366 * 24 * 3600.0
"""Where they outlive it."""


class TooManyTimersError(InputError):
    """As many run as can."""

    def __init__(self) -> None:
        super().__init__(
            f"{MOST} timers are running, and that is the most I can keep.",
            kept="They all go on.",
            todo='To make room, say "cancel all timers", or cancel one of them.',
        )


class TimerLengthError(InputError):
    """A timer of nothing, or of too much."""


class TimerTable(Protocol):
    """Where those lie that have not rung. What changes it does so at once or, having raised, not at all."""

    longest_s: float
    kept: bool
    """They outlive the program."""
    poll_s: float
    """Others change it: so often it is looked at anew."""

    def all(self) -> list[Timer]: ...

    def add(self, timer: Timer) -> Timer:
        """With the smallest number that is free, unless its own is. Raises ``TooManyTimersError``."""

    def exchange(self, old: Timer, new: Timer | None) -> bool:
        """``new`` stands in the place of ``old``, or nothing does; False: ``old`` is not there any more."""


class MemoryTable:
    """They go with the program."""

    longest_s = LONGEST_S
    kept = False
    poll_s = float("inf")

    def __init__(self) -> None:
        self._timers: dict[int, Timer] = {}

    def all(self) -> list[Timer]:
        return list(self._timers.values())

    def add(self, timer: Timer) -> Timer:
        timer = numbered(timer, self._timers)
        self._timers[timer.number] = timer
        return timer

    def exchange(self, old: Timer, new: Timer | None) -> bool:
        if self._timers.get(old.number) != old:
            return False
        if new is None:
            del self._timers[old.number]
        else:
            self._timers[old.number] = new
        return True


def numbered(timer: Timer, taken: Collection[int]) -> Timer:
    """With its own number or, where that is 0 or ``taken``, the smallest that is free. Raises
    ``TooManyTimersError``.
    """
    if len(taken) >= MOST:
        raise TooManyTimersError
    if timer.number and timer.number not in taken:
        return timer
    return replace(timer, number=next(n for n in itertools.count(1) if n not in taken))
