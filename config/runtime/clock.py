"""Time, counted in samples of the microphone; and a clock that skips the waiting.

``--fast`` runs a recording as fast as it can be worked on, with times as if it were live. The trick is a
clock that runs on while anything is *worked on* (an engine in a thread, a model's answer on its way) and
jumps over every wait in which nothing is. The same program, the same waits, the same measured costs: only
idle time is left out. So nothing in the pipeline knows which of the two clocks it runs on.

What work costs is read from ``work_clock``. The tests stop that one: work then takes no time, and every event
has the same time on every machine, however busy it is.
"""

from __future__ import annotations

import _thread
import asyncio
import selectors
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")

work_clock: Callable[[], float] = time.monotonic
"""Seconds, by which work is measured: what decides by them asks here, by ``clock.work_clock()``."""

_LOOK_S = 0.02
"""So often it is seen whether work that wakes nobody has ended."""

_busy = 0
_busy_lock = threading.Lock()


class _Busy:
    """Not a generator: an answer enters it once a token."""

    __slots__ = ()

    def __enter__(self) -> None:
        global _busy
        with _busy_lock:
            _busy += 1

    def __exit__(self, *_: object) -> None:
        global _busy
        with _busy_lock:
            _busy -= 1


_BUSY = _Busy()


def busy() -> AbstractContextManager[None]:
    """Work is under way that the event loop cannot see: the fast clock must run, not jump."""
    return _BUSY


async def in_thread(work: Callable[..., T], *args: object, limiter: anyio.CapacityLimiter | None = None) -> T:
    """Run a blocking piece of an engine in a worker thread; its time counts on either clock.
    ``limiter``: the engine's own (``config.runtime.limiters``), else the one that all share.

    Cancelled callers are let go at once; the thread finishes by itself and its result is dropped.
    """

    def counted() -> T:
        with busy():
            return work(*args)

    with busy():
        return await anyio.to_thread.run_sync(counted, abandon_on_cancel=True, limiter=limiter)


class BackgroundCall:
    """A blocking piece of an engine's work, begun in a thread of its own and not waited for.

    Nor is its beginning: ``threading.Thread.start`` returns when the new thread has had its turn, and beside
    busy engines that may take a while, in which the event loop would stand still.
    """

    def __init__(self, work: Callable[..., object], *args: object) -> None:
        self._failure: BaseException | None = None
        self._done = threading.Event()
        under_way = ExitStack()
        under_way.enter_context(busy())  # from here, so that no clock jumps before the thread has begun
        try:
            _thread.start_new_thread(self._run, (under_way, work, args))
        except RuntimeError:  # the system gives no more threads
            under_way.close()
            raise

    def _run(self, under_way: ExitStack, work: Callable[..., object], args: tuple[object, ...]) -> None:
        with under_way:
            try:
                work(*args)
            except BaseException as failure:  # raised where it is waited for
                self._failure = failure
        self._done.set()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def wait(self) -> None:
        """Blocking, until it is done. Raises what the work raised."""
        self._done.wait()
        if self._failure:
            raise self._failure


class _SkippingSelector(selectors.DefaultSelector):
    """Waits only for what is really being worked on; idle waits are added to ``skipped`` instead."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if _busy:
            return super().select(min(timeout, _LOOK_S))
        ready = super().select(0)
        if not ready:
            self.skipped += timeout
        return ready


class FastLoop(asyncio.SelectorEventLoop):
    """An asyncio loop whose time jumps over idle waits.

    ``anyio.run(main, backend_options={"loop_factory": FastLoop})``. Waits for a socket or a child process
    are seen only while ``busy``: mark them, or a timeout beside them fires at once.
    """

    def __init__(self) -> None:
        self._skipping = _SkippingSelector()
        super().__init__(self._skipping)

    def time(self) -> float:
        return work_clock() + self._skipping.skipped


LONGEST_GAP_S = 30.0
"""Of silence for the time without a device: enough to end any turn; nothing happens in the rest."""


class Stops:
    """When this whole program was stopped (Ctrl-Z, SIGSTOP) and for how long: no sound came meanwhile."""

    def __init__(self) -> None:
        self._seen = 0.0
        self._stops: list[tuple[float, float]] = []

    def seen(self) -> None:
        """It runs. Called with each frame of a microphone."""
        self._seen = time.monotonic()

    def resumed(self) -> None:
        """It runs again (SIGCONT)."""
        now = time.monotonic()
        if self._seen:
            self._stops.append((now, now - self._seen))
        self._seen = now

    def since(self, at: float) -> float:
        """Seconds for which it was stopped after ``at``, on the clock of the system."""
        return sum(length for ended, length in self._stops if ended > at)


stops = Stops()


class Timeline:
    """Seconds of audio since the start, from sample counts; between two frames the clock carries on.

    ``mark`` is called by the microphone for each frame. Without a microphone the clock alone counts.
    ``bound``: a device's frames never end. When none came for longer than its gap is counted, the program was
    stopped or the device is away: the clock carries on no further, or it would go back with the next frame.
    """

    bound = False

    def __init__(self) -> None:
        self._samples = 0
        self._rate = 1
        self._arrived = anyio.current_time()

    def mark(self, samples: int, rate: int, at: float | None = None) -> None:
        """``samples`` at ``rate`` had been captured since the start when the clock said ``at`` (None: now).

        A reader that is late takes an old frame: without ``at``, its lateness would be hidden.
        """
        stops.seen()
        self._samples, self._rate = samples, rate
        self._arrived = anyio.current_time() if at is None else at

    def now(self) -> float:
        now = self._samples / self._rate + anyio.current_time() - self._arrived
        if not self.bound:
            return now
        latest = self._samples / self._rate + LONGEST_GAP_S
        return min(now - stops.since(self._arrived), latest)
