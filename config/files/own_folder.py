"""Writing into one folder, and through no link: what others left there leads nowhere else.

The folder is held open where the system can (``dir_fd``), so that what is written goes into it even if its
path is another's a moment later. A file is begun as a new one and comes under its own name when it is whole.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from config.files.flags import NO_LINK

_HELD = {os.open, os.stat, os.unlink, os.rename} <= os.supports_dir_fd and os.listdir in os.supports_fd
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK


class OwnFolder:
    """The files of one folder, by name. Every method raises ``OSError``."""

    def __init__(self, path: Path, held: int | None) -> None:
        self.path = path
        self._held = held

    def names(self) -> list[str]:
        return os.listdir(self.path if self._held is None else self._held)

    def size(self, name: str) -> int:
        """Of a file that is here alone; 0 for none, a link, a pipe, and one that lies elsewhere too."""
        found = self._look(name)
        plain = found and stat.S_ISREG(found.st_mode) and found.st_nlink <= 1
        return found.st_size if found and plain else 0

    def is_there(self, name: str) -> bool:
        """Something has that name, be it a link that leads nowhere."""
        return self._look(name) is not None

    def begin(self, name: str) -> BinaryIO:
        """A new file; what had the name before gives way and is not written to."""
        self.remove(name)
        return os.fdopen(os.open(self._at(name), _NEW, 0o666, dir_fd=self._held), "wb")

    def go_on(self, name: str) -> BinaryIO:
        """To the end of what is there (``size``); else as ``begin``."""
        if not self.size(name):
            return self.begin(name)
        return os.fdopen(
            os.open(self._at(name), os.O_WRONLY | os.O_APPEND | NO_LINK, dir_fd=self._held), "ab"
        )

    def read(self, name: str) -> BinaryIO:
        return os.fdopen(os.open(self._at(name), os.O_RDONLY | NO_LINK, dir_fd=self._held), "rb")

    def rename(self, name: str, new: str) -> None:
        """What had the new name before gives way; a link is replaced and what it leads to is not touched."""
        os.replace(self._at(name), self._at(new), src_dir_fd=self._held, dst_dir_fd=self._held)

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._held)

    def write(self, name: str, data: bytes) -> None:
        """All of it or nothing."""
        part = f"{name}.part"
        with self.begin(part) as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        self.rename(part, name)

    def check_place(self) -> None:
        """It is still where it was: what was written is found under its path."""
        if self._held is not None and not os.path.samestat(os.fstat(self._held), os.lstat(self.path)):
            raise OSError(errno.ELOOP, "another was put in its place meanwhile", str(self.path))

    def _at(self, name: str) -> str | Path:
        if os.path.basename(name) != name or name in ("", ".", ".."):
            raise OSError(errno.EINVAL, "it is no name of a file", name)
        return self.path / name if self._held is None else name

    def _look(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(self._at(name), dir_fd=self._held, follow_symlinks=False)
        except FileNotFoundError:
            return None


@contextmanager
def own_folder(path: Path) -> Iterator[OwnFolder]:
    """A folder that is there. Raises ``OSError``, for a link in its place too."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a link to another place", str(path))
    if not _HELD:
        yield OwnFolder(path, None)
        return
    held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | NO_LINK)
    try:
        yield OwnFolder(path, held)
    finally:
        os.close(held)
