"""One process at a time in a folder; the system lets go of the lock when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.runtime.private import own_file

_POLL_S = 0.1


def _try(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def alone_in(folder: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold ``folder/.lock``. While another process holds it ``waiting`` is called; it may raise."""
    with own_file(folder / ".lock").open("ab") as file:
        while not _try(file):
            waiting()
            time.sleep(_POLL_S)
        yield


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Open ``path`` to read and write, made if it is not there, and hold it; yields its file descriptor.

    Raises ``BlockingIOError`` while another process holds it, ``OSError`` when it cannot be opened.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b") as file:
        if not _try(file):
            raise BlockingIOError(f"{path} is held by another process")
        yield file.fileno()
