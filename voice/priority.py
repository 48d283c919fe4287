"""Who waits for the processor when there is not enough of it: what nobody waits for gives way.

A thread is only ever lowered: to raise one needs rights that a program of a person's has not. Linux keeps a
niceness for each thread, and a new thread has that of the one that began it; so whatever an engine starts
from a lowered thread is lowered too, also the threads of a library that knows nothing of this. Elsewhere, and
where the system refuses, nothing happens.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from voice.clock import Begun

T = TypeVar("T")

LLM_NICE = 10
"""Of a language model that shares our cores. Beside an ordinary thread (0) on a full core it has a tenth of
the time (the kernel's ``sched_prio_to_weight``: 110 to 1024): a draft or a sentence hardly notices it."""


def lower(nice: int = LLM_NICE, thread: int | None = None) -> bool:
    """Of the thread of that number (``threading.get_native_id``), None: the one that calls, and of all
    that it begins. Never raised again. False: the system does not do that.
    """
    if sys.platform != "linux":
        return False
    try:
        number = threading.get_native_id() if thread is None else thread
        if os.getpriority(os.PRIO_PROCESS, number) < nice:
            os.setpriority(os.PRIO_PROCESS, number, nice)
    except OSError:
        return False
    return True


def lower_child(process: int, nice: int = LLM_NICE) -> bool:
    """A program of ours that was just started, with the threads that it has by now."""
    if sys.platform == "win32":
        return False
    tasks = Path(f"/proc/{process}/task")
    try:
        if not tasks.exists():
            os.setpriority(os.PRIO_PROCESS, process, nice)  # macOS: the whole of it
            return True
        return min([lower(nice, int(task.name)) for task in tasks.iterdir()], default=False)
    except OSError:
        return False


def lowered(work: Callable[..., T], *args: object, nice: int = LLM_NICE) -> T:
    """Blocking: do it in a lowered thread of its own and wait. Raises what it raises."""
    results: list[T] = []

    def run() -> None:
        lower(nice)
        results.append(work(*args))

    Begun(run).wait()
    return results[0]
