"""What the engines have done with goes back to the system."""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path

from config.runtime.heap import give_back, share_heaps

_BLOCK, _BLOCKS = 100_000, 1000
"""Below the size (128 KiB) from which the C library asks the system for each block by itself."""


def resident_bytes() -> int:
    if not Path("/proc/self/statm").exists():
        return 0
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_what_was_freed_below_something_that_lives_goes_back() -> None:
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    blocks = [library.malloc(_BLOCK) for _ in range(_BLOCKS)]
    for block in blocks:
        ctypes.memset(block, 1, _BLOCK)
    *freed, living = blocks
    for block in freed:
        library.free(block)
    before = resident_bytes()
    give_back()
    after = resident_bytes()
    library.free(living)
    if platform.libc_ver()[0] == "glibc":
        assert before - after > 0.8 * _BLOCK * _BLOCKS
    else:
        assert after <= before


def test_to_share_heaps_may_be_asked_again() -> None:
    share_heaps()
    share_heaps()
