"""What the engines have done with goes back to the system."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.system.heap import give_back

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


ARENAS = """\
import ctypes, threading
import pytest

from config.system.heap import share_heaps
share_heaps()
share_heaps()
library, all_there = ctypes.CDLL(None), threading.Barrier(9)
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
def hold():
    library.malloc(10_000)
    all_there.wait()
for _ in range(8):
    threading.Thread(target=hold).start()
all_there.wait()
library.malloc_stats()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps of the GNU C library")
def test_threads_share_two_heaps_however_often_it_is_asked() -> None:
    done = subprocess.run([sys.executable, "-c", ARENAS], capture_output=True, text=True, check=True)
    assert len(re.findall(r"^Arena \d+:$", done.stderr, re.M)) == 2


LARGE = """\
import ctypes, os

from config.system.heap import large_apart
library, size = ctypes.CDLL(None), 20 << 20
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
def resident():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
def stays():
    block, above = library.malloc(size), library.malloc(1000)
    ctypes.memset(block, 1, size)
    filled = resident()
    library.free(block)
    print(round((size - (filled - resident())) / size, 1))
with large_apart(), large_apart():
    stays()
stays()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps of the GNU C library")
def test_large_blocks_go_back_at_once_and_only_while_that_is_wanted() -> None:
    """Below one that lives; of a heap in which nothing was freed before."""
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0.0", "1.0"]
