"""A take's sound on disk while it is spoken: a WAV that only grows, and is whole at any moment.

Each frame is written as it arrives (to the system, so that it survives the end of this process, however that
ends) and brought to the disk once a second (so that little is lost when the power goes). The header says from
the beginning that the sound reaches to the end of the file, which players and FFmpeg understand; ``finish``
writes the true length. What hears the take reads it from here: a slow engine falls behind on disk, not in
memory, and no sound is dropped for it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import numpy as np

from config.errors import PartialError
from config.files.lock import held
from config.files.private import private_folder
from config.runtime.clock import in_thread
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples, from_int16

EMPTY_BYTES = _HEADER = 44
_ENDLESS = 0xFFFFFFFF
_SYNC_SAMPLES = HEARING_RATE
ROOM = 1_000_000
"""Bytes of the disk that a recording leaves free."""
_LOST = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""What the system had taken did not come to the disk."""
_READ_SAMPLES = 16 * FRAME_SAMPLES


def _header(samples: int | None) -> bytes:
    data = _ENDLESS if samples is None else min(2 * samples, _ENDLESS - _HEADER)
    whole = _ENDLESS if samples is None else data + _HEADER - 8
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, HEARING_RATE, 2 * HEARING_RATE, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", whole, b"WAVE") + form + struct.pack("<4sI", b"data", data)


class StorageError(PartialError):
    """The recording cannot be written any further, or read: the disk is full, or refuses."""


class Recording:
    """Mono at 16 kHz, signed 16-bit. While it is open, no other process may hold the take."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.samples = 0
        self.finished = False
        self.cut = False
        """Not all sound could be written."""
        self._grew = anyio.Event()
        self._synced = self._sure = self._room_to = 0

    def open(self) -> Recording:
        """Raises ``StorageError`` when the file cannot be made, ``BlockingIOError`` while it is held."""
        with contextlib.ExitStack() as stack:
            try:
                private_folder(self.path.parent)
                self._file = stack.enter_context(held(self.path))
                size = os.fstat(self._file).st_size
                if size < _HEADER:
                    os.ftruncate(self._file, 0)
                    self._write(_header(None), 0)
                    size = _HEADER
            except BlockingIOError:
                raise
            except OSError as error:
                raise StorageError(
                    f"The recording cannot be written to {self.path.parent} ({error.strerror}).",
                    todo="Make room there, or put Aloud's folder elsewhere: ALOUD_HOME=FOLDER",
                ) from None
            self.samples = (size - _HEADER) // 2  # half a sample, cut off by a crash, is written over
            self._stack = stack.pop_all()
        return self

    def close(self) -> None:
        self.finish()
        self._stack.close()

    def append(self, samples: Samples) -> None:
        """Any number of samples. What does not fit onto the disk raises ``StorageError``; what does is kept.

        Not in a thread: it is a copy into the system's memory, some 10 µs, and its order must not change.
        """
        # The exact way back of ``from_int16``, so that sound that came in 16 bits lies there bit by bit.
        data = np.clip(samples * 32768.0, -32768, 32767).round().astype("<i2").tobytes()
        try:
            self._leave_room()
            self._write(data, _HEADER + 2 * self.samples)
        except OSError as error:
            self.cut = True
            self.samples = (os.fstat(self._file).st_size - _HEADER) // 2
            what = _what(error)
            if not self.samples:
                failed = f"{what}: nothing can be recorded. Make room on it, then dictate again."
                raise StorageError(failed) from None
            raise StorageError(
                f"{what}: what was said after {clock(self.seconds)} was not recorded.",
                kept=f"The {clock(self.seconds)} before it are kept.",
            ) from None
        self.samples += len(data) // 2
        self._tell()

    def _leave_room(self) -> None:
        """For the account, which must be finished, and for the text. Looked at once a second."""
        if self.samples >= self._room_to and hasattr(os, "fstatvfs"):
            self._room_to = self.samples + _SYNC_SAMPLES
            disk = os.fstatvfs(self._file)
            if disk.f_blocks and disk.f_bavail * disk.f_frsize < ROOM:
                raise OSError(errno.ENOSPC, "no room")

    def _write(self, data: bytes, at: int) -> None:
        while data:
            written = os.pwrite(self._file, data, at)
            data, at = data[written:], at + written

    def _tell(self) -> None:
        grew, self._grew = self._grew, anyio.Event()
        grew.set()

    @property
    def seconds(self) -> float:
        return self.samples / HEARING_RATE

    async def sync(self) -> None:
        """To the disk, if a second has come since then. Raises ``StorageError`` where that has lost it."""
        if self.samples - self._synced >= _SYNC_SAMPLES:
            self._synced, sure = self.samples, self._sure
            try:
                await in_thread(os.fdatasync if hasattr(os, "fdatasync") else os.fsync, self._file)
            except OSError as error:
                if error.errno in _LOST:
                    self.cut = True
                    raise StorageError(
                        f"{_what(error)}: what was said after {clock(sure / HEARING_RATE)} may be lost.",
                        kept=f"The {clock(sure / HEARING_RATE)} before it are kept.",
                    ) from None
                return  # where it cannot be made sure, it is no less there
            self._sure = self._synced

    def finish(self) -> None:
        """No more comes; the header gets its length. Twice does no harm."""
        if not self.finished:
            self.finished = True
            with contextlib.suppress(OSError):
                self._write(_header(self.samples), 0)
            self._tell()

    def read(self, begin: int, end: int | None = None) -> Samples:
        """Samples ``begin`` to ``end`` (blocking). Raises ``StorageError``."""
        end = self.samples if end is None else min(end, self.samples)
        try:
            return from_int16(os.pread(self._file, 2 * max(0, end - begin), _HEADER + 2 * begin))
        except OSError as error:
            failed = f"The recording {self.path} cannot be read: {error.strerror}."
            raise StorageError(failed, kept="It is left as it is.") from None

    async def frames(self, begin: int = 0, end: int | None = None) -> AsyncGenerator[Audio, None]:
        """Frames of 512 from sample ``begin`` on, as they are written; until it is finished, or ``end``.

        ``read_to`` follows; the last frame is filled up with silence.
        """
        framer, self.read_to = Framer(), begin
        while end is None or self.read_to < end:
            upto = self.read_to + _READ_SAMPLES if end is None else min(self.read_to + _READ_SAMPLES, end)
            samples = self.read(self.read_to, upto)
            if not len(samples):
                if self.finished:
                    break
                await self._grew.wait()
                continue
            self.read_to += len(samples)
            for frame in framer.push(samples):
                yield Audio(frame, HEARING_RATE)
        for frame in framer.flush():
            yield Audio(frame, HEARING_RATE)

    read_to = 0
    """Where ``frames`` has come to."""

    def behind_s(self) -> float:
        """Seconds that are written and not yet read."""
        return (self.samples - self.read_to) / HEARING_RATE


def _what(error: OSError) -> str:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return "The disk is full" if full else f"The disk refused the recording ({error.strerror})"


def length_s(path: Path) -> float:
    """Seconds in a recording that may be growing, or was cut off; 0 where there is none."""
    try:
        return max(0, path.stat().st_size - _HEADER) // 2 / HEARING_RATE
    except OSError:
        return 0.0


def clock(seconds: float) -> str:
    """``1:02:03``, ``0:31``."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
