"""One process at a time in a folder; the system lets go of the lock when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.files.flags import NO_LINK

_POLL_S = 0.1


def _try(file: IO[bytes] | int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file if isinstance(file, int) else file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def no_longer_than(seconds: float) -> Callable[[], None]:
    """For ``alone_in``: raises ``TimeoutError`` once another process has been waited for so long."""
    until = time.monotonic() + seconds

    def waiting() -> None:
        if time.monotonic() > until:
            raise TimeoutError("another program does not let go of it")

    return waiting


@contextmanager
def alone_in(folder: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold ``folder/.lock``. While another process holds it ``waiting`` is called; it may raise.

    Raises ``OSError`` for a link or a pipe in its place.
    """
    with os.fdopen(os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT | NO_LINK, 0o600), "wb") as file:
        while not _try(file):
            waiting()
            time.sleep(_POLL_S)
        yield


@contextmanager
def alone_without_a_mark(folder: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """As ``alone_in``; where a system lets a folder itself be held, no file is left in it."""
    if sys.platform == "win32":
        with alone_in(folder, waiting=waiting):
            yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        while not _try(number):
            waiting()
            time.sleep(_POLL_S)
        yield
    finally:
        os.close(number)


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Open ``path`` to read and write, made if it is not there, and hold it; yields its file descriptor.

    Raises ``BlockingIOError`` while another process holds it, ``OSError`` when it cannot be opened.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b") as file:
        if not _try(file):
            raise BlockingIOError(f"{path} is held by another process")
        yield file.fileno()
