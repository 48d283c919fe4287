"""Read what the LLM writes while the answer is still being spoken: writing is faster than speech.

So the connection is free again early, a held answer stalls no server, and when an answer is cut, "go on" has
its rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from config.errors import LlmError
from pipeline.llm.base import Delta

_MOST = 4096
"""Deltas read ahead at most; an LLM is asked for 600 tokens (``llm.max_tokens``)."""


class Prefetch:
    """An async iterator over deltas; ``unread`` is what nobody has taken from it yet."""

    def __init__(self, deltas: AsyncIterator[Delta]) -> None:
        self._deltas = deltas
        self._waiting: deque[Delta] = deque()
        self._failure: LlmError | None = None
        self._changed = anyio.Event()
        self._begun: float | None = None
        self.written = 0, 0.0
        """Characters since the first delta that had some, and the seconds in which they came."""
        self.complete = False
        """All was read, to its regular end."""

    async def read(self) -> None:
        """Until the answer is written or has failed; the failure is raised to who takes the last delta."""
        try:
            async for delta in self._deltas:
                self._waiting.append(delta)
                self._count(delta.text)
                self._wake()
                while len(self._waiting) >= _MOST:
                    await self._changed.wait()
            self.complete = True
        except LlmError as error:
            self._failure = error
        self._wake()

    def _count(self, text: str) -> None:
        now = anyio.current_time()
        if self._begun is not None:
            self.written = self.written[0] + len(text), now - self._begun
        elif text:
            self._begun = now

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    def __aiter__(self) -> Prefetch:
        return self

    async def __anext__(self) -> Delta:
        while not self._waiting:
            if self._failure:
                raise self._failure
            if self.complete:
                raise StopAsyncIteration
            await self._changed.wait()
        if len(self._waiting) >= _MOST:
            self._wake()
        return self._waiting.popleft()

    @property
    def unread(self) -> str:
        return "".join(delta.text for delta in self._waiting)


@asynccontextmanager
async def prefetch(deltas: AsyncIterator[Delta]) -> AsyncIterator[Prefetch]:
    """Read ahead until it is left."""
    ahead = Prefetch(deltas)
    failure: Exception | None = None
    async with anyio.create_task_group() as group:
        group.start_soon(ahead.read)
        try:
            yield ahead
        except Exception as error:
            failure = error  # raised below as it is: the group would wrap it
        group.cancel_scope.cancel()
    if failure:
        raise failure
