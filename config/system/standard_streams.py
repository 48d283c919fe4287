"""Standard input, output and errors as they may really be: closed, full, broken, slow, never waiting.

``open_all`` puts streams of our own in place of Python's. What is written goes out at once where it fits;
where the reader is behind, the event loop does not stand still for it (``without_waiting``): what is left
waits in order, and a thread writes it. A fault of standard output is a ``StandardOutputError``; one of
standard error is none, since nobody is left to be told. Letters that an encoding does not have are written as
nearly as can be (``nearest_letters``).
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import select
import sys
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

from config.errors import DISK_FULL
from config.system.nearest_letters import NEAREST, NEAREST_OR_BYTES

MOST_WAITING = 8_000_000
"""Bytes that wait for a reader who is behind: hours of a talk."""
_AT_ONCE = {True: 256, False: 4096}
"""Bytes that surely fit where anything fits, into a terminal and into a pipe."""
_ENDED = (errno.EPIPE, errno.ECONNRESET)
_waits = True


class StandardOutputError(OSError):
    """Standard output takes no more. ``broken``: who read it has ended, which is no fault.

    No ``errno``: whoever looks for a broken pipe finds the pipes of others.
    """

    def __init__(self, number: int | None) -> None:
        super().__init__(why(number))
        self.broken = number in _ENDED


class StandardInputError(OSError):
    """Standard input cannot be read; its words say why. ``closed``: there is none."""

    def __init__(self, number: int | None) -> None:
        super().__init__(why(number))
        self.closed = number == errno.EBADF


def why(number: int | None) -> str:
    """For a person."""
    if number in DISK_FULL:
        return "the disk is full"
    if number == errno.EBADF:
        return "it is closed"
    if number == errno.EIO:
        return "its terminal has gone"
    if number == errno.EISDIR:
        return "it is a folder"
    if number in _ENDED:
        return "who read it has ended"
    if number == errno.EAGAIN:
        return "nobody reads it"
    return os.strerror(number or 0).lower()


@contextlib.contextmanager
def without_waiting() -> Iterator[None]:
    """Meanwhile nothing that is written waits for its reader."""
    global _waits
    before, _waits = _waits, False
    try:
        yield
    finally:
        _waits = before


class RawOutput(io.RawIOBase):
    """What is written to a number. ``forgiving``: what it does not take is let go, and that is no error."""

    def __init__(self, number: int, *, forgiving: bool = False) -> None:
        self._number = number
        self._forgiving = forgiving
        self._lock = threading.Lock()
        self._left: deque[bytes] = deque()
        self._waiting = 0
        self._empty = threading.Event()
        self._empty.set()
        self._at_once = _AT_ONCE[os.isatty(number)]
        self.failure: StandardOutputError | None = None

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        whole = bytes(data)
        if _waits:
            self.drain()
        with self._lock:
            rest = whole if self._waiting or self.failure else self._now(whole)
            if rest and not self.failure:
                self._later(rest)
        self._tell()
        return len(whole)

    def drain(self, within_s: float | None = None) -> bool:
        """Wait until all of it is written, or until it cannot be; whether it is."""
        return self._empty.wait(within_s) and not self.failure

    def forgive(self) -> None:
        """From now on nothing that goes wrong here is told: it was, or nobody is left."""
        self._forgiving = True

    def _tell(self) -> None:
        if self.failure and not self._forgiving:
            raise self.failure

    def _now(self, data: bytes) -> bytes:
        """Writes; what is left is what would have been waited for."""
        try:
            while data:
                if not _waits and not _ready(self._number, 0):
                    return data
                data = data[_write(self._number, data if _waits else data[: self._at_once]) :]
        except OSError as error:
            self.failure = StandardOutputError(error.errno)
        return data

    def _later(self, data: bytes) -> None:
        if self._waiting + len(data) > MOST_WAITING:
            self.failure = StandardOutputError(errno.EAGAIN)
            return
        if not self._waiting:
            self._empty.clear()
            threading.Thread(target=self._write_on, name="standard output", daemon=True).start()
        self._left.append(data)
        self._waiting += len(data)

    def _write_on(self) -> None:
        """Until nothing is left."""
        data = b""
        try:
            while data or (data := self._next()):
                written = _write(self._number, data[: self._at_once])
                with self._lock:
                    self._waiting -= written
                data = data[written:]
        except OSError as error:
            self.failure = StandardOutputError(error.errno)
            self._empty.set()

    def _next(self) -> bytes:
        with self._lock:
            if self._left:
                return self._left.popleft()
            self._empty.set()
            return b""


def _write(number: int, data: bytes) -> int:
    """As ``os.write``; where others have made it a stream that waits for nobody, this waits."""
    while True:
        try:
            return os.write(number, data)
        except BlockingIOError:
            _ready(number, None)


def _ready(number: int, within_s: float | None) -> bool:
    """Whether something can be written, or an error found."""
    if not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(number, select.POLLOUT)
    return bool(poll.poll(None if within_s is None else within_s * 1000))


class RawInput(io.RawIOBase):
    """What is read from a number. Raises ``StandardInputError``."""

    def __init__(self, number: int) -> None:
        self._number = number

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = read_now(self._number, len(buffer))
        buffer[: len(data)] = data
        return len(data)


def read_now(number: int, most: int) -> bytes:
    """As ``os.read``, which waits also where the stream does not; empty at the end, and where the terminal
    has gone. Raises ``StandardInputError``.
    """
    while True:
        try:
            return os.read(number, most)
        except BlockingIOError:
            select.select([number], [], [])
        except OSError as error:
            if error.errno == errno.EIO:  # nobody types any more
                return b""
            raise StandardInputError(error.errno) from None


def check_readable(number: int) -> None:
    """Takes nothing of it. Raises ``StandardInputError`` where nothing can be read."""
    try:
        os.read(number, 0)
    except BlockingIOError:
        return
    except OSError as error:
        if error.errno != errno.EIO:
            raise StandardInputError(error.errno) from None


def open_all() -> None:
    """In place of Python's own, which do not wait where they should, and wait where they should not."""
    _occupy()
    encoding = _encoding(sys.stdin)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(RawInput(0)), encoding, "replace")
    sys.stdout = _text(RawOutput(1), sys.stdout)
    # A number of its own: what C writes to 2 may be kept from the screen.
    sys.stderr = _text(RawOutput(os.dup(2), forgiving=True), sys.stderr, by_line=True)


def _occupy() -> None:
    """A number that is free would be the next file's: what is printed would stand in a recording. Opened the
    wrong way round, so that reading or writing finds it closed.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number else os.O_WRONLY)


def _encoding(stream: Any) -> str:
    """No word is lost to a locale that knows of no encoding."""
    found = codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name
    return "utf-8" if found == "ascii" else found


def _text(raw: RawOutput, before: Any, *, by_line: bool = False) -> io.TextIOWrapper:
    through = bool(getattr(before, "write_through", False))
    errors = NEAREST if raw.isatty() else NEAREST_OR_BYTES
    by_line = by_line or raw.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(raw), _encoding(before), errors, line_buffering=by_line, write_through=through
    )


def raw_of(stream: Any) -> RawOutput | None:
    """Of one that ``open_all`` has put there."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw if isinstance(raw, RawOutput) else None


def drained(stream: Any) -> None:
    """Wait until what was written and flushed is out. Raises ``StandardOutputError``."""
    raw = raw_of(stream)
    if raw and not raw.drain() and raw.failure:
        raise raw.failure
