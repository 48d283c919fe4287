"""Calls on their way to a server: each with the one who waits for it."""

from __future__ import annotations

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
