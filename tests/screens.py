"""A screen that nobody sees: Xvfb (Debian's xvfb), for what takes it, types into it or copies on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def xvfb(size: str) -> Iterator[str]:
    """``DISPLAY`` of a black one of so many pixels, as ``800x600``."""
    assert shutil.which("Xvfb"), "bring it: sh scripts/setup dev"
    ready, told = os.pipe()
    command = ["Xvfb", "-displayfd", str(told), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(told)
    with os.fdopen(ready) as number:
        display = f":{number.readline().strip()}"
    try:
        yield display
    finally:
        server.kill()
        server.wait()


def until(true: Callable[[], object], *, within_s: float = 10.0) -> None:
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
