"""Engines load while the microphone already listens: what is said meanwhile waits in its queue, unharmed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TypeVar

import anyio

from voice.clock import in_thread

T = TypeVar("T")


def import_language() -> None:
    """The parts that are all tables and patterns: costly to import, and not needed to listen."""
    import pipeline.skills  # noqa: F401
    import voice.spoken  # noqa: F401


class Warming:
    """``run`` it as a task, or await it; ``after`` lets nothing through until it has run."""

    def __init__(self, *loads: Callable[[], object]) -> None:
        self._loads = loads
        self._done = anyio.Event()

    async def run(self) -> None:
        """Load one after the other, each in a thread. Raises what they raise."""
        for load in self._loads:
            await in_thread(load)
        self._done.set()

    async def done(self) -> None:
        """Until it has run."""
        await self._done.wait()

    async def after(self, items: AsyncIterator[T]) -> AsyncGenerator[T, None]:
        async for item in items:
            await self._done.wait()
            yield item
