"""Folders and files that are their person's alone: what is said at home is nobody else's on this machine."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_folder(folder: Path) -> Path:
    """Made, and what is missing above it, for this person alone, whatever the umask says; one that is there
    stays as it is. Raises ``OSError``.
    """
    missing = [folder]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for each in reversed(missing):
        with contextlib.suppress(FileExistsError):
            os.mkdir(each, 0o700)
            os.chmod(each, 0o700)
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)  # raises what is wrong with it
    return folder


def private_file(file: Path) -> Path:
    """Made empty for this person alone; one that is there stays as it is. Raises ``OSError``."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.chmod(file, 0o600)
    return file


def open_to_others(folder: Path) -> bool:
    """Whether it is this person's, and others on this machine may look into it."""
    try:
        found = folder.stat()
    except OSError:
        return False
    ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return os.name == "posix" and ours and bool(found.st_mode & _OTHERS)


def close_to_others(folder: Path) -> None:
    """With all that is in it, as far as the system lets; what a link names stays as it is."""
    for place, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            with contextlib.suppress(OSError):
                _close(Path(place) / name)
    with contextlib.suppress(OSError):
        _close(folder)


def _close(path: Path) -> None:
    if not path.is_symlink():
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)
