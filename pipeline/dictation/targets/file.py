"""The end of a file: whole or not at all, under a lock, and where it is said in the receipt.

An editor that saves replaces a file by another of the same name: after the lock and after the writing the
name is looked at again, so that nothing is written into a file that nobody can find.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.errors import TargetError
from config.runtime.clean import CleanText
from config.runtime.plugins import Factory
from pipeline.dictation.targets.base import Before, DeliveryOptions, Receipt, unnoted
from pipeline.dictation.targets.desktop_tools import to_the_end

LOCK_S = 10.0
_TRIES = 5
_MODE = os.O_RDWR | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_LOCKED_BYTE = 0x7FFF_FFF0
"""Windows locks bytes, not files: one far behind the end, so that others may still read."""


class File:
    """``path``: made when it is not there, its folder not. Every text is a line, or lines, of its own."""

    def __init__(self, path: Path) -> None:
        self._path = Path(os.path.abspath(path.expanduser()))
        self.name = self._path.name
        self._spec = f"file:{self._path}"

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        return await to_the_end(self._append, text, before)

    async def take_back(self, receipt: Receipt) -> None:
        await to_the_end(self._cut, receipt)

    async def arrived(self, receipt: Receipt) -> bool:
        return await to_the_end(self._look, receipt)

    async def program(self) -> str:
        return ""

    def _append(self, text: CleanText, before: Before) -> Receipt:
        for _ in range(_TRIES):
            with self._locked(os.O_CREAT) as file:
                regular = stat.S_ISREG(os.fstat(file).st_mode)
                offset = os.fstat(file).st_size if regular else -1
                record = _record(text, _last_byte(file, offset))
                receipt = Receipt(self._spec, text, place=str(self._path), offset=offset, length=len(record))
                before(receipt)
                self._write(file, record, offset)
                if not regular or self._is_named(file):
                    return receipt
        raise self._error("is replaced by another program again and again")

    def _write(self, file: int, record: bytes, offset: int) -> None:
        try:
            written = 0
            while written < len(record):
                written += os.write(file, record[written:])
            if offset >= 0:
                os.fsync(file)
        except OSError as error:
            if offset >= 0:
                with contextlib.suppress(OSError):
                    os.ftruncate(file, offset)  # half a text is none
            raise self._error(_reason(error), error) from error

    def _cut(self, receipt: Receipt) -> None:
        with self._locked() as file:
            size = os.fstat(file).st_size
            if not stat.S_ISREG(os.fstat(file).st_mode) or receipt.offset < 0:
                raise TargetError(f"What was written to {self.name} cannot be taken back.")
            if not _holds(file, receipt):
                raise TargetError(
                    f"{self.name} has been changed since: what was written there is not taken back.",
                    todo=f"It stands in {self._path}.",
                )
            if size != receipt.offset + receipt.length:
                raise TargetError(
                    f"Something was added to {self.name} since: what stands before it is not taken back.",
                    todo=f"It stands in {self._path}.",
                )
            os.ftruncate(file, receipt.offset)
            os.fsync(file)

    def _look(self, receipt: Receipt) -> bool:
        try:
            with self._locked() as file:
                if _holds(file, receipt):
                    return True
                size = os.fstat(file).st_size
                part = _part(file, receipt.offset, receipt.length)
                if 0 < len(part) == size - receipt.offset and _wanted(file, receipt).startswith(part):
                    os.ftruncate(file, receipt.offset)
                return False
        except TargetError:
            if not self._path.exists():
                return False
            raise

    @contextmanager
    def _locked(self, create: int = 0) -> Iterator[int]:
        """The file of that name, open and ours alone among those who lock."""
        until = time.monotonic() + LOCK_S
        while True:
            file = self._opened(create)
            try:
                if not _lock(file):
                    if time.monotonic() > until:
                        raise self._error("is locked by another program")
                elif self._is_named(file):
                    yield file
                    return
            finally:
                os.close(file)  # and the lock goes with it
            time.sleep(0.02)

    def _opened(self, create: int) -> int:
        try:
            # A pipe that nobody reads must not hold us up: without a reader it is refused at once.
            kind = self._path.stat().st_mode if self._path.exists() else stat.S_IFREG
            mode = _MODE if stat.S_ISREG(kind) else os.O_WRONLY | getattr(os, "O_NONBLOCK", 0)
            file = os.open(self._path, mode | create, 0o666)
            if not stat.S_ISREG(kind) and hasattr(os, "set_blocking"):
                os.set_blocking(file, True)
            return file
        except OSError as error:
            raise self._error(_reason(error), error) from error

    def _is_named(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), os.stat(self._path))
        except OSError:
            return False

    def _error(self, why: str, error: OSError | None = None) -> TargetError:
        todo = "Make room, or deliver it elsewhere." if error and error.errno == errno.ENOSPC else ""
        if error and error.errno == errno.ENOENT:
            todo = f"Make the folder: {self._path.parent}"
        return TargetError(
            f"{self._path} {why}.", kept="The text is kept, and none of it was written.", todo=todo
        )


def _reason(error: OSError) -> str:
    return {
        errno.ENOSPC: "could not be written: the disk is full",
        errno.EDQUOT: "could not be written: your share of the disk is full",
        errno.EFBIG: "may not grow further",
        errno.EROFS: "lies on a disk that cannot be written to",
        errno.EACCES: "may not be written to",
        errno.EPERM: "may not be written to",
        errno.EISDIR: "is a folder",
        errno.ENXIO: "is a pipe that nobody reads",
        errno.ENOENT: "cannot be made: its folder is not there",
        errno.ENOTDIR: "cannot be made: its folder is not there",
    }.get(error.errno or 0, f"could not be written: {error.strerror}")


def _record(text: str, last: bytes) -> bytes:
    """A line of its own: the one before it is ended where it was not."""
    return (
        (b"" if last in (b"", b"\n") else b"\n")
        + text.rstrip("\n").encode("utf-8", "surrogateescape")
        + b"\n"
    )


def _last_byte(file: int, size: int) -> bytes:
    return _part(file, size - 1, 1)


def _part(file: int, offset: int, length: int) -> bytes:
    """At most ``length`` bytes from ``offset`` on."""
    if offset < 0:
        return b""
    os.lseek(file, offset, os.SEEK_SET)
    parts = []
    while length and (part := os.read(file, length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _wanted(file: int, receipt: Receipt) -> bytes:
    return _record(receipt.text, _last_byte(file, receipt.offset))


def _holds(file: int, receipt: Receipt) -> bool:
    wanted = _wanted(file, receipt)
    return len(wanted) == receipt.length and _part(file, receipt.offset, receipt.length) == wanted


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks, a device: better unlocked than unwritten
            return True
        return True


def _open(path: str, options: DeliveryOptions) -> File:
    return File(Path(path))


FILE = Factory(_open, "PATH")
