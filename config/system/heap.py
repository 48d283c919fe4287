"""Memory that the engines have done with goes back to the system, instead of staying with the C library.

An engine takes tens of megabytes for a moment, in several threads. The GNU C library keeps what was freed,
in a heap for each thread that has ever asked: after fourteen turns 150 MB of it, with tiny.en and joe. With
two heaps, given back after each answer, it is 15 MB. Elsewhere nothing happens.

What is freed in a heap that is in pieces is of no use to a block that is larger: a network that reads a page
took 630 MB for a moment where its blocks are 310 at most, since the library learns to take all of them up to
32 MB from its heap. From the system they cost time (a voice is half as slow again), so only while it lasts.
"""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""``malloc.h``."""
_HEAPS = 2
_LARGE, _LARGEST_IN_HEAP = 1 << 20, 32 << 20
"""Bytes. The second is what the library's own threshold grows to, and twice that is kept free."""


def share_heaps() -> None:
    """Threads that are begun from now on share two of them. For the whole process, and only once."""
    library = _library()
    if library is not None:
        _shared(library)


def give_back() -> None:
    """3 to 6 ms."""
    library = _library()
    if library is not None:
        library.malloc_trim(0)


@contextmanager
def large_apart() -> Iterator[None]:
    """While it is open, blocks of a megabyte and more are the system's and go back as they are freed."""
    global _apart
    library = _library()
    if library is None:
        yield
        return
    with _counting:
        _apart += 1
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
    try:
        yield
    finally:
        with _counting:
            _apart -= 1
            if not _apart:
                library.mallopt(_M_MMAP_THRESHOLD, _LARGEST_IN_HEAP)
                library.mallopt(_M_TRIM_THRESHOLD, 2 * _LARGEST_IN_HEAP)


_counting = threading.Lock()
_apart = 0


@functools.cache
def _library() -> Any:
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows
        return None
    if not (hasattr(library, "mallopt") and hasattr(library, "malloc_trim")):  # musl, macOS
        return None
    library.malloc_trim.argtypes = [ctypes.c_size_t]
    return library


@functools.cache
def _shared(library: Any) -> bool:
    return bool(library.mallopt(_M_ARENA_MAX, _HEAPS))
