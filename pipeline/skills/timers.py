"""Timers that really ring. Without a store they live as long as the program does, and no longer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time

import anyio
import anyio.lowlevel

from config.errors import AloudError, InputError, StoreError
from pipeline.skills.durations import say_duration
from pipeline.skills.ring.recurrence import Days, last_moment, next_moment
from pipeline.skills.ring.table import LONGEST_S, MOST, MemoryTable, TimerLengthError, TimerTable
from pipeline.skills.ring.timer import Kind, Ring, Timer, is_called
from pipeline.tools.base import Undo

__all__ = ["LONGEST_S", "MOST", "Kind", "Timer", "Timers"]

_log = logging.getLogger(__name__)

LATE_S = 5.0
"""What was due so long before the program began is said to be late."""
_SLEPT_S = 30.0
"""A wait took so much longer: the machine slept, and what was due meanwhile was due while nothing ran."""


class Timers:
    """Start, list and cancel from the event loop's thread; each falls ``due``, and ``ring`` hands it over.

    ``clock`` gives seconds: of the event loop, or since 1970 where the ``table`` outlives it. A machine that
    slept, or was set to another time, is noticed a second later.
    """

    def __init__(
        self,
        clock: Callable[[], float] = anyio.current_time,
        table: TimerTable | None = None,
        *,
        rings_here: bool = True,
    ) -> None:
        self._clock = clock
        self._table = table or MemoryTable()
        self.rings_here = rings_here
        """Whether whoever holds them waits until they are due."""
        self._began = self._clock() if self.kept else float("-inf")
        """Since then it has run without a break."""
        self._untaken: set[Timer] = set()
        """Those that could not be taken out of the table."""
        self._changed = anyio.Event()
        self.language = ""
        """In which those are set that begin now."""

    @property
    def kept(self) -> bool:
        """Whether they outlive the program."""
        return self._table.kept

    @property
    def longest_s(self) -> float:
        return self._table.longest_s

    def start(
        self,
        seconds: float,
        label: str = "",
        kind: Kind = "timer",
        *,
        at: time | None = None,
        days: Days = (),
        zone: str = "",
    ) -> Timer:
        """``seconds`` in (0, ``longest_s``]. Raises ``TimerLengthError`` beyond that,
        ``TooManyTimersError`` when too many are running.
        """
        self._check(seconds)
        due = self._clock() + seconds
        timer = Timer(0, label, float(seconds), due, kind, at, days, zone, self.language)
        timer = self._table.add(timer)
        self._wake()
        return timer

    def _check(self, seconds: float, kept: str = "") -> None:
        if not 0 < seconds <= self.longest_s:
            most = say_duration(self.longest_s)
            raise TimerLengthError(
                f"A timer must run for more than nothing and for at most {most}.", kept=kept
            )

    def running(self) -> list[Timer]:
        """All that have not rung, the one due first in front."""
        left = (timer for timer in self._table.all() if timer not in self._untaken)
        return sorted(left, key=lambda timer: (timer.due, timer.number))

    def awaited(self) -> list[Timer]:
        """Those that would be lost if nobody waited for them; of those that are kept, what is due now."""
        return [timer for timer in self.running() if not self.kept or timer.due <= self._clock()]

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
        done = self._table.exchange(timer, None)
        self._wake()
        return done

    def undoing(self, before: Sequence[Timer]) -> Undo:
        """Takes back what has happened to those that were running ``before``, and only that: new ones are
        cancelled, and those that were cancelled run on, unless they would have rung.
        """
        after = self.running()
        begun = [timer for timer in after if timer not in before]
        ended = [timer for timer in before if timer not in after]

        def undo() -> bool:
            try:
                return self._take_back(begun, ended)
            except AloudError as error:
                _log.warning("Timers could not be taken back: %s", error)
                return False
            finally:
                self._wake()

        return undo

    def _take_back(self, begun: Sequence[Timer], ended: Sequence[Timer]) -> bool:
        """False, and nothing is done: they have rung, or would have."""
        again = [timer for timer in ended if timer.due > self._clock()]
        if ended and not again:
            return False
        cancelled = [timer for timer in begun if self.cancel(timer)]
        for timer in again:
            self._table.add(timer)
        return bool(cancelled or again)

    def change(self, timer: Timer, left_s: float, *, instead_of: Timer | None = None) -> Timer:
        """It rings in ``left_s`` seconds, as ``start`` takes them, and at no time of day any more; with
        ``instead_of`` it is as it is given, in the place of that one. Raises ``InputError`` as that does.
        """
        self._check(left_s, f"There are {say_duration(self.left(timer))} left on the {timer.title}.")
        longer = left_s - self.left(timer)
        seconds = max(1.0, timer.seconds + longer)
        at = timer.at if instead_of else None
        changed = replace(timer, due=self._clock() + left_s, seconds=seconds, at=at)
        if not self._table.exchange(instead_of or timer, changed):
            raise InputError("It has just rung, or was changed elsewhere.")
        self._wake()
        return changed

    async def due(self) -> Timer:
        """Wait for the next that falls due; it stays until it is rung. Timers may be started and cancelled
        meanwhile.
        """
        await anyio.lowlevel.checkpoint()
        while True:
            waiting = self.running()
            wait = waiting[0].due - self._clock() if waiting else float("inf")
            if wait <= 0:
                return waiting[0]
            await self._wait(min(wait, self._table.poll_s))

    async def _wait(self, seconds: float) -> None:
        """Or until something has changed."""
        until, changed = self._clock() + seconds, self._changed
        with anyio.move_on_after(seconds):
            await changed.wait()
        if self.kept and self._clock() > until + _SLEPT_S:
            self._began = self._clock()

    def ring(self, timer: Timer) -> Ring | None:
        """It is to sound now, and for nobody else: what rings again is set anew, everything else is gone.
        None: it was cancelled, or has rung elsewhere.
        """
        now = self._clock()
        try:
            if not self._table.exchange(timer, self._again(timer, now)):
                return None
        except StoreError as error:
            _log.warning("%s", error)  # better heard once more at the next start than not now
            self._untaken.add(timer)
        self._wake()
        due = self._last_due(timer, now)
        return Ring(timer, now - due if due < self._began and now - due >= LATE_S else 0.0)

    def _last_due(self, timer: Timer, now: float) -> float:
        """Of what rings again and was missed more than once, the last time counts."""
        if not timer.days or timer.at is None:
            return timer.due
        return max(timer.due, last_moment(timer.at, timer.days, timer.zone, now).timestamp())

    def _again(self, timer: Timer, now: float) -> Timer | None:
        if not timer.days or timer.at is None:
            return None
        due = next_moment(timer.at, timer.days, timer.zone, now).timestamp()
        return replace(timer, due=due, seconds=due - now)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
