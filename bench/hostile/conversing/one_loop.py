"""A clock that skips waits though a network is waited for: whoever answers is on the same loop.

On the program's own fast clock a server is real and so is the time that it takes. Here both ends of every
connection are in one loop, so that where neither has anything to do nothing is on its way, and a server that
holds its peace for five minutes takes none. Work takes the processor time that it takes, both ends' together.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from config.runtime import clock
from pipeline.llm import discovery
from pipeline.llm.http import client, connection, known

_ON_ITS_WAY_S = 0.002
"""What one end has sent the other has by then, on a busy machine too."""
_WAIT_FOR_THE_NETWORK = (client, connection, discovery, known)


class _Waiting:
    """In place of ``clock.busy`` where the network is waited for."""

    deep = 0

    def __enter__(self) -> None:
        _Waiting.deep += 1

    def __exit__(self, *_: object) -> None:
        _Waiting.deep -= 1


class _Selector(selectors.DefaultSelector):
    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if clock._busy:
            return super().select(min(timeout, clock._LOOK_S))
        ready = super().select(_ON_ITS_WAY_S if _Waiting.deep else 0)
        if not ready:
            self.skipped += timeout
        return ready


class OneLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._skipping = _Selector()
        super().__init__(self._skipping)

    def time(self) -> float:
        return clock.work_clock() + self._skipping.skipped


OPTIONS: dict[str, Any] = {"loop_factory": OneLoop}
"""For ``anyio.run``."""


@contextmanager
def both_ends_here() -> Iterator[None]:
    """While it is held, every server that is asked must be on the loop that asks it."""
    kept, work_clock = clock.busy, clock.work_clock
    for module in _WAIT_FOR_THE_NETWORK:
        vars(module)["busy"] = _Waiting
    clock.work_clock = time.process_time
    try:
        yield
    finally:
        clock.work_clock = work_clock
        for module in _WAIT_FOR_THE_NETWORK:
            vars(module)["busy"] = kept
