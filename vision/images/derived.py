"""What was worked out of a picture, kept with that picture: whoever has the one has the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Derived:
    """Of one picture. Each kind of thing is worked out once, however many threads ask at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._kept: dict[str, tuple[Hashable, Any]] = {}

    def get(self, kind: str, how: Hashable, make: Callable[[], T]) -> T:
        """``make()``, or what it gave when it was last asked for ``how``. Raises what it raises."""
        with self._lock:
            lock = self._locks.setdefault(kind, threading.Lock())
        with lock:
            kept = self._kept.get(kind)
            if kept is None or kept[0] != how:
                kept = self._kept[kind] = (how, make())
            made: T = kept[1]
            return made
