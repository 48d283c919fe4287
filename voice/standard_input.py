"""Raw sound on standard input, read beside the event loop and let go at once."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
from dataclasses import dataclass

from config.errors import UsageError
from voice.audio import HEARING_RATE, Samples, from_int16

_SECOND = 2 * HEARING_RATE
"""Bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    samples: Samples
    """Mono float32 at 16 kHz, at most a second."""
    came: float
    """When it had been read (``time.monotonic``)."""
    waited: bool
    """It was not there yet when it was asked for: it came just then, and is no backlog."""


class StandardInput:
    """16 kHz signed 16-bit little-endian mono, as ``Piece``s. A context manager.

    The thread that reads is a daemon: a read that never returns must not keep the program from ending, which
    a worker thread of the event loop would do. One piece is read ahead, the rest waits in the pipe.

    Raises ``UsageError`` when standard input is a keyboard, or closed.
    """

    def __init__(self) -> None:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError(
                "Standard input is not a recording.",
                todo="Pipe one in: arecord -f S16_LE -r 16000 -c 1 -t raw | aloud talk --microphone -",
            )
        self._file = sys.stdin.fileno()
        self._pieces: queue.Queue[Piece | None] = queue.Queue(1)
        self._closed = False

    def __enter__(self) -> StandardInput:
        threading.Thread(target=self._run, name="standard input", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        with contextlib.suppress(queue.Empty):
            self._pieces.get_nowait()
        with contextlib.suppress(queue.Full):
            self._pieces.put_nowait(None)  # lets go whoever waits in read()

    def read(self) -> Piece | None:
        """The next piece; None at the end. Blocking: call it in a thread."""
        return self._pieces.get()

    def _run(self) -> None:
        odd = b""
        while not self._closed:
            asked = time.monotonic()
            try:
                data = os.read(self._file, _SECOND)
            except OSError:  # the other end broke: what came is all there is
                data = b""
            came = time.monotonic()
            if not data:
                self._pieces.put(None)
                return
            data = odd + data
            whole = len(data) // 2 * 2
            data, odd = data[:whole], data[whole:]
            if data:
                self._pieces.put(Piece(from_int16(data), came, came - asked > _WAITED_S))


_WAITED_S = 0.001
"""A read of bytes that are there takes microseconds."""
