"""Calls on their way to a server: each with the one who waits for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio

if TYPE_CHECKING:
    from mcp_types import CallToolResult


@dataclass(slots=True, eq=False)
class Call:
    """``scope`` is cancelled when nobody waits any more: the server is then told that it may stop."""

    tool: str
    arguments: Mapping[str, Any]
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    answered: anyio.Event = field(default_factory=anyio.Event)
    result: CallToolResult | None = None
    failed: str = ""
    """Why there is no result, as a sentence."""

    def fail(self, why: str) -> None:
        self.failed = why
        self.answered.set()


class WaitingCalls:
    """Calls that wait until the server takes them, the first first; no more than ``most``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls = deque[Call]()
        self._came = anyio.Event()

    def add(self, call: Call) -> bool:
        """False: too many wait."""
        if len(self._calls) >= self._most:
            return False
        self._calls.append(call)
        self._came.set()
        return True

    async def next(self) -> Call:
        while not self._calls:
            self._came = anyio.Event()
            await self._came.wait()
        return self._calls.popleft()

    def refuse(self, why: str) -> None:
        """All that wait."""
        while self._calls:
            self._calls.popleft().fail(why)
