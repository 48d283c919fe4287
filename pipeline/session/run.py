"""Run a command's coroutine on the clock it asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

from config.machine.priority import prompt
from voice.audio.devices.c_stderr import quiet

T = TypeVar("T")


def run_async(command: Callable[[], Awaitable[T]], *, fast: bool = False) -> T:
    """``fast``: waits in which nothing is worked on are skipped; times stay as if live.

    What C libraries write to standard error meanwhile is not shown.
    """
    options: dict[str, object] = {}
    if fast:
        from config.runtime.clock import FastLoop

        options["loop_factory"] = FastLoop
    prompt()
    with quiet():
        return anyio.run(command, backend_options=options)
