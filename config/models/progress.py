"""How far a fetch has come, for whoever draws it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` and ``total`` are bytes of the whole model; both 0 while ``waiting`` for another process."""

    done: int
    total: int
    rate: float
    """Bytes a second over the last few seconds; 0 while unknown."""
    file: str
    waiting: bool = False

    @property
    def seconds_left(self) -> float | None:
        return (self.total - self.done) / self.rate if self.rate else None


OnProgress = Callable[[Progress], None]


def say_size(size: int) -> str:
    """``3 kB``, ``63.2 MB``, ``1.53 GB`` (powers of ten, as on a disk's box)."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if size >= 10**power:
            return f"{size / 10**power:.3g} {unit}"
    return f"{size} bytes"


class ByteMeter:
    """Counts what is there and says so, at most ten times a second."""

    def __init__(self, total: int, on_progress: OnProgress) -> None:
        self.total = total
        self.finished = 0
        self._on_progress = on_progress
        self._came = 0
        self._seen: deque[tuple[float, int]] = deque([(time.monotonic(), 0)], maxlen=50)
        self._said = 0.0

    def at(self, file: str, here: int, *, came: int = 0, now: bool = False) -> None:
        """``here`` bytes of the file are on the disk; ``came`` of them just now, over the network."""
        moment = time.monotonic()
        self._came += came
        if moment - self._said < 0.1 and not now:
            return
        self._said = moment
        self._seen.append((moment, self._came))
        passed, lately = moment - self._seen[0][0], self._came - self._seen[0][1]
        rate = lately / passed if passed > 0 else 0.0
        self._on_progress(Progress(self.finished + here, self.total, rate, file))
