"""Files that a person names: read whole, if they are files, and no larger than they may be."""

from __future__ import annotations

import math
import os
import stat

from config.errors import PictureError
from config.files.flags import WITHOUT_WAITING

MAX_BYTES = 50_000_000
"""The largest file that is read."""


def read_file(path: str | os.PathLike[str], name: str, most: int = MAX_BYTES) -> bytes:
    """The whole of a regular file, nothing else: a pipe would wait for ever, a device has no end.

    Raises ``PictureError`` for any other, and for one of more than ``most`` bytes.
    """
    try:
        _require_file(os.stat(path).st_mode, name)
        # Looked at again once open, since the name may lead elsewhere by then.
        handle = os.open(path, os.O_RDONLY | WITHOUT_WAITING)
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            _require_file(about.st_mode, name)
            if about.st_size > most:
                raise too_large(name, about.st_size, most)
            if not about.st_size:
                raise _no_contents(name)
            return file.read(about.st_size)  # and no more of one that grows meanwhile
    except FileNotFoundError:
        raise PictureError(
            f"There is no file {os.fspath(path)}.", todo="Check the name, and the folder."
        ) from None
    except PermissionError:
        raise PictureError(
            f"{name} may not be read: this account has no permission.", todo="Change its permissions."
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = getattr(error, "strerror", None) or error
        raise PictureError(f"{name} cannot be read: {why}.", todo="Check the name, and the folder.") from None


def require_file(path: str | os.PathLike[str], name: str) -> None:
    """Raises ``PictureError`` unless there is a regular file."""
    try:
        _require_file(os.stat(path).st_mode, name)
    except (OSError, ValueError):
        raise PictureError(
            f"There is no file {os.fspath(path)}.", todo="Check the name, and the folder."
        ) from None


def _require_file(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        raise PictureError(f"{name} is a folder, not a picture.", todo="Name one of the files in it.")
    if not stat.S_ISREG(mode):
        raise PictureError(f"{name} is not a file: it is a pipe, a socket or a device.", todo="Name a file.")


def _no_contents(name: str) -> PictureError:
    """The system's own (``/proc``) have no size: what is read of them is made then, and may have no end."""
    return PictureError(
        f"{name} is empty, or no stored file: there is no picture in it.",
        todo="Save it again and show it again.",
    )


def is_web_page(data: bytes) -> bool:
    """Whether a file begins like HTML, behind remarks and declarations."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return (
        start.startswith(b"<") and b"<svg" not in start and (b"<!doctype html" in start or b"<html" in start)
    )


def too_large(name: str, size: int, most: int = MAX_BYTES) -> PictureError:
    return PictureError(
        f"{name} is too large: {math.ceil(size / 1e6)} megabytes, and {most // 1_000_000} is the most.",
        todo="Save a smaller copy and show that.",
    )
