"""Run a command's coroutine on the clock it asked for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import anyio

from config.runtime.clock import stops
from config.system.priority import prompt
from config.system.standard_streams import without_waiting
from voice.audio.devices.c_stderr import quiet

T = TypeVar("T")


@contextmanager
def _noting_stops() -> Iterator[None]:
    number = getattr(signal, "SIGCONT", None)
    if number is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(number, lambda *_: stops.resumed())
    try:
        yield
    finally:
        signal.signal(number, before)


def run_async(command: Callable[[], Awaitable[T]], *, fast: bool = False) -> T:
    """``fast``: waits in which nothing is worked on are skipped; times stay as if live.

    What C libraries write to standard error meanwhile is not shown, and what is printed waits for no reader.
    """
    options: dict[str, object] = {}
    if fast:
        from config.runtime.clock import FastLoop

        options["loop_factory"] = FastLoop
    prompt()
    with quiet(), without_waiting(), _noting_stops():
        return anyio.run(command, backend_options=options)
