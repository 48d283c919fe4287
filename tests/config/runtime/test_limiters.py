"""A slow engine holds up its own callers, and nobody else's thread."""

from __future__ import annotations

import threading

import anyio
import pytest

from config.runtime import limiters
from config.runtime.clock import in_thread
from config.runtime.limiters import FEWEST, limiter_of

pytestmark = pytest.mark.anyio


class Slow:
    """Everyone in it waits until it is let go on."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.inside = self.most = 0
        self._lock = threading.Lock()

    def work(self) -> None:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.let.wait(10)
        with self._lock:
            self.inside -= 1


async def test_others_find_a_thread_however_many_wait_for_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiters, "cores", lambda: 1)
    engine = Slow()
    async with anyio.create_task_group() as group:
        for _ in range(100):  # more than all that share threads have
            group.start_soon(lambda: in_thread(engine.work, limiter=limiter_of(engine)))
        with anyio.fail_after(5):
            while engine.inside < FEWEST:  # noqa: ASYNC110 -- it tells nobody
                await anyio.sleep(0.005)
            assert await in_thread(lambda: 7) == 7
        engine.let.set()
    assert engine.most == FEWEST


async def test_each_engine_has_its_own() -> None:
    one, other = Slow(), Slow()
    assert limiter_of(one) is limiter_of(one)
    assert limiter_of(one) is not limiter_of(other)
