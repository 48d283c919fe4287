"""A sound card that sounds nowhere, in ``sounddevice``'s place: a thread calls back, in real time.

All of Aloud's own way to a loudspeaker is used (``voice/audio/output/device.py``,
``voice/audio/devices/streams.py``); only the device is played. It asks for a block of 20 ms whenever one has
been heard, and has ``latency`` seconds in hand: a callback that is over later than that is a gap that a
person hears (``gaps``).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

RATE = 48_000


class PortAudioError(Exception):
    """As ``sounddevice`` has it."""


class OutputStream:
    def __init__(
        self,
        *,
        samplerate: float,
        channels: int,
        blocksize: int,
        latency: float,
        callback: Callable[[Any, int, Any, Any], None],
        **_: Any,
    ) -> None:
        self.latency = latency
        self._shape = (blocksize, channels)
        self._block_s = blocksize / samplerate
        self._callback = callback
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)
        card.stream = self
        self.gaps: list[float] = []
        """Seconds by which each was too late."""
        self.late_s: list[float] = []
        """Of each callback: how long after its time it was over."""

    def start(self) -> None:
        self._thread.start()

    def forget(self) -> None:
        """Count anew."""
        self.gaps.clear()
        self.late_s.clear()

    def close(self, **_: Any) -> None:
        self._closed.set()
        self._thread.join()

    def _play(self) -> None:
        due = time.monotonic()
        while not self._closed.is_set():
            time.sleep(max(0.0, due - time.monotonic()))
            out = np.empty(self._shape, np.float32)
            at = SimpleNamespace(outputBufferDacTime=due + self.latency, currentTime=time.monotonic())
            self._callback(out, self._shape[0], at, None)
            late = time.monotonic() - due
            self.late_s.append(late)
            if late > self.latency:
                self.gaps.append(late - self.latency)
                due = time.monotonic()  # it goes on from here
            due += self._block_s


class Card:
    """The module's face, as far as Aloud uses it."""

    PortAudioError = PortAudioError
    OutputStream = OutputStream
    default = SimpleNamespace(device=(-1, 0))
    stream: OutputStream | None = None

    def query_devices(self, index: int | None = None) -> Any:
        about = {
            "name": "null card",
            "max_output_channels": 2,
            "max_input_channels": 0,
            "default_samplerate": RATE,
            "hostapi": 0,
        }
        return [about] if index is None else about

    def query_hostapis(self, _: int) -> dict[str, str]:
        return {"name": "null"}

    def _terminate(self) -> None: ...

    def _initialize(self) -> None: ...


card = Card()


def install() -> Card:
    """Before anything is opened."""
    sys.modules["sounddevice"] = card  # type: ignore[assignment]
    return card
