"""Sound on standard input, raw or a WAV, read beside the event loop and let go at once."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from dataclasses import dataclass

from config.errors import RecordingError, UsageError
from config.runtime.clock import busy
from config.system.standard_streams import check_readable, read_now
from voice.audio.input.pcm_stream import PcmStream
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Samples

_SECOND = 2 * HEARING_RATE
"""Bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class PcmChunk:
    samples: Samples
    """Mono float32 at 16 kHz, at most a second of what comes raw."""
    came: float
    """When it had been read (``time.monotonic``)."""
    waited: bool
    """It was not there yet when it was asked for: it came just then, and is no backlog."""


class StandardInput:
    """16 kHz signed 16-bit little-endian mono, or a WAV, as ``PcmChunk``s. A context manager.

    The thread that reads is a daemon: a read that never returns must not keep the program from ending, which
    a worker thread of the event loop would do. One piece is read ahead, the rest waits in the pipe.

    Raises ``UsageError`` when standard input is a keyboard, ``StandardInputError`` when it is closed.
    """

    def __init__(self) -> None:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError(
                "Standard input is not a recording.",
                todo="Pipe one in: arecord -f S16_LE -r 16000 -c 1 -t raw | aloud talk --microphone -",
            )
        self._file = sys.stdin.fileno()
        check_readable(self._file)
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self._taken = threading.Event()
        self._taken.set()
        self._piece: PcmChunk | None = None
        self._failed: RecordingError | None = None
        self._closed = False

    def __enter__(self) -> StandardInput:
        threading.Thread(target=self._run, name="standard input", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._taken.set()

    async def read(self) -> PcmChunk | None:
        """The next piece; None at the end, and then always. Raises ``RecordingError`` for what is neither raw
        nor a WAV.
        """
        with busy():  # whoever writes may be at work: the fast clock must not jump
            await self._came.wait()
        if self._failed is not None:
            raise self._failed
        piece = self._piece
        if piece is not None:
            self._came.clear()
            self._taken.set()
        return piece

    def _run(self) -> None:
        stream, ended = PcmStream(), False
        while not (self._closed or ended):
            data = b""
            asked = came = time.monotonic()
            # A whole frame at least: less would wake the loop for nothing.
            while len(data) < 2 * FRAME_SAMPLES and not ended:
                more = self._read()
                came = time.monotonic()
                ended = not more
                data += more
            try:
                samples = stream.push(data, last=ended)
            except RecordingError as error:
                self._failed = error
                break
            if len(samples):
                self._give(PcmChunk(samples, came, came - asked > _WAITED_S))
        self._give(None)

    def _read(self) -> bytes:
        try:
            return read_now(self._file, _SECOND)
        except OSError:  # the other end broke: what came is all there is
            return b""

    def _give(self, piece: PcmChunk | None) -> None:
        self._taken.wait()
        self._taken.clear()
        self._piece = piece
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._came.set)


_WAITED_S = 0.001
"""A read of bytes that are there takes microseconds."""
