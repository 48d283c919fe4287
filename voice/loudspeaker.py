"""A sound card's loudspeaker: its callback pulls from the track."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
import numpy as np

from config.settings import Speaker
from voice.devices import BLOCK_S, Device, Heartbeat, close, find, quiet, refused, sound_library
from voice.reference import Reference
from voice.sinks import Sink
from voice.track import Played, Track

_LATENCY_S = 0.1
"""Asked of the device. With a busy Python thread beside it the sound broke up at ``low``, never at 0.1 s."""
_BELIEVED_S = 2.0
"""A device that claims a longer delay counts wrongly."""


class Loudspeaker:
    """``callback`` belongs to the sound card's thread, all else to the event loop's."""

    echoes = True

    def __init__(self, device: Device, track: Track) -> None:
        self.heartbeat = Heartbeat("speaker", device.name)
        self._track = track
        self.latency = _LATENCY_S
        self.reference: Reference | None = Reference(track.rate)
        self._block = np.zeros(0, np.float32)
        self._next: float | None = None
        """When the sample that is pulled next is heard (``time.monotonic``)."""
        self._quiet = 0.0
        """When the last sample of speech that was pulled has been heard."""

    def callback(self, out: Any, frames: int, at: Any, status: object) -> None:
        """``out`` has shape (frames, channels), float32."""
        self.heartbeat.beat()
        if len(self._block) != frames:
            self._block = np.empty(frames, np.float32)
        count = self._track.pull_into(self._block)
        out[:] = self._block[:, np.newaxis]
        delay = at.outputBufferDacTime - at.currentTime
        delay = delay if 0.0 < delay < _BELIEVED_S else self.latency
        begins = self.heartbeat.last + delay
        if self.reference is not None:
            self.reference.latency_s = delay
            self.reference.push(self._block, self.heartbeat.last, silent=not count)
        self._next = begins + frames / self._track.rate
        if count:
            self._quiet = begins + count / self._track.rate

    def wake(self) -> None:
        """The callback comes by itself."""

    def check(self) -> None:
        self.heartbeat.check()

    def leaving_s(self) -> float:
        return max(0.0, self._quiet - time.monotonic())

    def latency_s(self) -> float:
        return self.latency + BLOCK_S if self._next is None else max(0.0, self._next - time.monotonic())

    def settle(self) -> None:
        """A device needs no telling."""

    def stop(self) -> list[Played]:
        return self._track.stop()


@asynccontextmanager
async def open_device(settings: Speaker) -> AsyncIterator[tuple[Track, Sink]]:
    """Raises ``DeviceError`` when there is no such device or it cannot be opened."""
    device = await anyio.to_thread.run_sync(find, "speaker", settings.sink)
    track = Track(device.rate, settings.ahead_s, settings.volume)
    loudspeaker = Loudspeaker(device, track)

    def start() -> Any:
        library = sound_library()
        try:
            with quiet():
                stream = library.OutputStream(
                    device=device.index,
                    samplerate=device.rate,
                    channels=min(
                        device.channels, 2
                    ),  # virtual devices claim 32; one would sound on the left only
                    blocksize=round(device.rate * BLOCK_S),
                    dtype="float32",
                    latency=_LATENCY_S,
                    callback=loudspeaker.callback,
                    finished_callback=loudspeaker.heartbeat.stop,
                )
                loudspeaker.latency = stream.latency
                loudspeaker.heartbeat.start()
                stream.start()
        except (library.PortAudioError, ValueError) as error:
            raise refused("speaker", device.name, error) from None
        return stream

    stream = await anyio.to_thread.run_sync(start)
    try:
        yield track, loudspeaker
    finally:
        await close(stream)
