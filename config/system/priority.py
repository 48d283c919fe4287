"""Who waits for the processor when there is not enough of it: what nobody waits for gives way.

A thread is only ever lowered: to raise one needs rights that a program of a person's has not. Linux keeps a
niceness for each thread, and a new thread has that of the one that began it; so whatever an engine starts
from a lowered thread is lowered too, also the threads of a library that knows nothing of this. Elsewhere, and
where the system refuses, nothing happens.

What works little and must not be late (the event loop, a sound card's callback) may be ``prompt`` instead: it
gets no more of the time, only sooner.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from config.runtime.clock import BackgroundCall

T = TypeVar("T")

LLM_NICE = 10
"""Of a language model that shares our cores. Beside an ordinary thread (0) on a full core it has a tenth of
the time (the kernel's ``sched_prio_to_weight``: 110 to 1024): a preflight or a sentence hardly notices it."""


_CALLS = {"x86_64": (314, 315), "aarch64": (274, 275)}
"""Linux's ``sched_setattr`` and ``sched_getattr``, for which Python and the C library have no names."""
_ATTRIBUTES = struct.Struct("=IIQiIQQQ")
"""size, policy, flags, nice, priority, runtime, deadline, period (``man 2 sched_setattr``)."""
_RESET_ON_FORK = 1
PROMPT_NS = 100_000
"""The shortest slice that Linux takes. Beside seven busy programs on two cores a thread that woke every 10 ms
and worked 0.3 ms was late by 7 ms (p99, median of five tries of 10 s; the most of all 56), with the usual
slice by 14 ms (188)."""


def prompt() -> bool:
    """The thread that calls works in short slices, and so comes before those that work in long ones; what it
    begins does not. Before Linux 6.12 it changes nothing. False: the system has no such call.
    """
    attributes = _attributes()
    if attributes is None or attributes[1] != os.SCHED_OTHER:
        return False
    size, policy, flags, nice, *_ = attributes
    new = _ATTRIBUTES.pack(size, policy, flags | _RESET_ON_FORK, nice, 0, PROMPT_NS, 0, 0)
    return int(_library().syscall(_CALLS[platform.machine()][0], 0, new, 0)) == 0


def slice_ns() -> int | None:
    """Of the thread that calls; None or 0 where the system does not tell."""
    attributes = _attributes()
    return attributes[5] if attributes else None


def _attributes() -> tuple[int, ...] | None:
    if sys.platform != "linux" or platform.machine() not in _CALLS:
        return None
    found = ctypes.create_string_buffer(_ATTRIBUTES.size)
    if _library().syscall(_CALLS[platform.machine()][1], 0, found, _ATTRIBUTES.size, 0):
        return None
    return _ATTRIBUTES.unpack(found.raw)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None)


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

    BackgroundCall(run).wait()
    return results[0]
