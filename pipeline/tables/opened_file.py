"""Files of tables, opened: regular ones that are not too large."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from config.errors import FileError
from config.files.flags import WITHOUT_WAITING

MOST_BYTES = 200_000_000
"""The largest file that is read."""


@contextlib.contextmanager
def opened(path: Path, name: str) -> Iterator[BinaryIO]:
    """A regular file that is not too large. Raises ``FileError``."""
    try:
        number = os.open(path, os.O_RDONLY | WITHOUT_WAITING)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileError(f"{name} cannot be opened: {why}.", todo="Check the name, and the folder.") from None
    about = os.fstat(number)
    if not stat.S_ISREG(about.st_mode):
        os.close(number)
        raise FileError(f"{name} is not a file.", todo="Name a file.")
    with os.fdopen(number, "rb") as file:
        if not about.st_size:
            raise FileError(
                f"{name} is empty: there is no table in it.", todo="Save it again, and open that."
            )
        if about.st_size > MOST_BYTES:
            size, most = -(-about.st_size // 1_000_000), MOST_BYTES // 1_000_000
            raise FileError(
                f"{name} is too large: {size} megabytes, and {most} is the most.", todo="Save a part of it."
            )
        yield file


def stamp(number: int) -> tuple[int, int]:
    """When it was written, and how long it is."""
    about = os.fstat(number)
    return about.st_mtime_ns, about.st_size
