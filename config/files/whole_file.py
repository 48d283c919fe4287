"""Small files that are whole at any moment, however a program or the machine ends; and read with a bound."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from config.files.flags import WITHOUT_WAITING
from config.files.private import private_folder

LONGEST = 1_000_000
"""Bytes. What is larger was not written by a person, and not here."""


def read_bounded(path: Path, most: int = LONGEST) -> bytes:
    """Of a real file: nothing that may have no end, or keep one waiting for ever, is read.

    Raises ``OSError``; of a longer one with ``errno.EFBIG``.
    """
    number = os.open(path, os.O_RDONLY | WITHOUT_WAITING)
    with os.fdopen(number, "rb") as file:
        kind = os.fstat(number).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(kind):
            raise OSError(errno.EINVAL, "It is no regular file", str(path))
        content = file.read(most + 1)
        if len(content) > most:
            raise OSError(errno.EFBIG, f"It is longer than {most // 1000} kB", str(path))
        return content


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing, on the disk; a link stays a link, and who may read it may read it. A new one is
    readable by its owner alone. Raises ``OSError``.
    """
    path = _behind_links(path)
    private_folder(path.parent)
    number, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(number)
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise
    _note_folder(path.parent)


def _behind_links(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:  # they go round in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None


def _note_folder(folder: Path) -> None:
    """The new name itself is brought to the disk, where a system can."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def put_aside(path: Path) -> Path:
    """What is damaged, whatever it is, under a name that none has, with the date. Raises ``OSError``."""
    aside = free_name_aside(path)
    path.rename(aside)
    return aside


def free_name_aside(path: Path) -> Path:
    """For what is damaged: that of the file, with the date; nothing has it."""
    stamp, number = time.strftime("%Y%m%d-%H%M%S"), 0
    while os.path.lexists(aside := _aside(path, stamp, number)):
        number += 1
    return aside


def _aside(path: Path, stamp: str, number: int) -> Path:
    return path.with_name(f"{path.stem}-damaged-{stamp}{f'-{number}' * (number > 0)}{path.suffix}")
