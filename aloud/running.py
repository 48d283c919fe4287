"""Run a command's coroutine on the clock it asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

T = TypeVar("T")


def run_async(command: Callable[[], Awaitable[T]], *, fast: bool = False) -> T:
    """``fast``: waits in which nothing is worked on are skipped; times stay as if live."""
    options: dict[str, object] = {}
    if fast:
        from voice.clock import FastLoop

        options["loop_factory"] = FastLoop
    return anyio.run(command, backend_options=options)
