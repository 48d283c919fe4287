"""A sound card's loudspeaker: its callback pulls from the track."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np

from config.runtime.clean import CleanText
from config.runtime.clock import in_thread
from config.settings.model import SpeakerSettings
from voice.audio.devices.portaudio import BLOCK_S, Device, Heartbeat, Kind, find
from voice.audio.devices.streams import DeviceStream, running
from voice.audio.echo.reference import Reference
from voice.audio.output.playback_buffer import PlaybackBuffer, Played
from voice.audio.output.sink import Sink
from voice.audio.samples import Resampler

_LATENCY_S = 0.1
"""Asked of the device. With a busy Python thread beside it the sound broke up at ``low``, never at 0.1 s."""
_BELIEVED_S = 2.0
"""A device that claims a longer delay counts wrongly."""


class Loudspeaker:
    """``callback`` belongs to the sound card's thread, all else to the event loop's. The track keeps its rate
    when another device has another one.
    """

    echoes = True

    def __init__(
        self,
        settings: SpeakerSettings,
        buffer: PlaybackBuffer,
        changed: Callable[[Kind, CleanText, bool], None],
    ) -> None:
        self.stream = DeviceStream("speaker", settings.sink, self._make, self._lost, self._sounds)
        self._buffer = buffer
        self._changed = changed
        self.latency = _LATENCY_S
        self.reference: Reference | None = Reference(buffer.rate)
        self._block = np.zeros(0, np.float32)
        self._next: float | None = None
        """When the sample that is pulled next is heard (``time.monotonic``)."""
        self._quiet = 0.0
        """When the last sample of speech that was pulled has been heard."""
        self._resampler: Resampler | None = None
        self._ready = np.zeros(0, np.float32)
        """Resampled, and not written yet."""

    def _make(self, library: Any, device: Device, heartbeat: Heartbeat) -> Any:
        same = device.rate == self._buffer.rate
        self._resampler = None if same else Resampler(self._buffer.rate, device.rate)
        self._ready = np.zeros(0, np.float32)
        stream = library.OutputStream(
            device=device.index,
            samplerate=device.rate,
            channels=min(device.channels, 2),  # virtual devices claim 32; one would sound on the left only
            blocksize=round(device.rate * BLOCK_S),
            dtype="float32",
            latency=_LATENCY_S,
            callback=lambda out, frames, at, status: self._callback(heartbeat, out, at),
            finished_callback=heartbeat.stop,
        )
        self.latency = stream.latency
        return stream

    def _callback(self, heartbeat: Heartbeat, out: Any, at: Any) -> None:
        """``out`` has shape (frames, channels), float32."""
        heartbeat.beat()
        frames = len(out)
        if self._resampler is None:
            count = self._pull(heartbeat, at, frames)
            out[:] = self._block[:, np.newaxis]
            return
        count = 0
        while len(self._ready) < frames:
            count += self._pull(heartbeat, at, round(self._buffer.rate * BLOCK_S))
            self._ready = np.concatenate([self._ready, self._resampler.push(self._block)])
        out[:] = self._ready[:frames, np.newaxis]
        self._ready = self._ready[frames:]

    def _pull(self, heartbeat: Heartbeat, at: Any, frames: int) -> int:
        """The next block of the track; returns how much of it is speech."""
        if len(self._block) != frames:
            self._block = np.empty(frames, np.float32)
        count = self._buffer.pull_into(self._block)
        delay = at.outputBufferDacTime - at.currentTime
        delay = delay if 0.0 < delay < _BELIEVED_S else self.latency
        begins = heartbeat.last + delay
        if self.reference is not None:
            self.reference.latency_s = delay
            self.reference.push(self._block, heartbeat.last, silent=not count)
        self._next = begins + frames / self._buffer.rate
        if count:
            self._quiet = begins + count / self._buffer.rate
        return count

    def _lost(self) -> None:
        """What was on its way to the ear did not arrive: it goes on at the word that was being spoken."""
        now = time.monotonic()
        unheard = max(0.0, (self._next or now) - now) if self._quiet > now else 0.0
        self._buffer.step_back(round(unheard * self._buffer.rate))
        self._next, self._quiet = None, 0.0

    def _sounds(self) -> bool:
        return self._buffer.queued > 0 or self.leaving_s() > 0

    def wake(self) -> None:
        """The callback comes by itself."""

    def check(self) -> None:
        self.stream.heartbeat.check()

    async def revive(self) -> None:
        self._changed("speaker", self.stream.device.name, False)
        self._changed("speaker", await self.stream.revive(), True)

    def leaving_s(self) -> float:
        return max(0.0, self._quiet - time.monotonic())

    def latency_s(self) -> float:
        return self.latency + BLOCK_S if self._next is None else max(0.0, self._next - time.monotonic())

    def settle(self) -> None:
        """A device needs no telling."""

    def stop(self) -> list[Played]:
        return self._buffer.stop()


@asynccontextmanager
async def open_device(
    settings: SpeakerSettings, changed: Callable[[Kind, CleanText, bool], None]
) -> AsyncIterator[tuple[PlaybackBuffer, Sink]]:
    """Raises ``DeviceError`` when there is no such device or it cannot be opened. ``changed`` is told the
    name of each device that went (False) and came (True).
    """
    device = await in_thread(find, "speaker", settings.sink)
    buffer = PlaybackBuffer(device.rate, settings.ahead_s, settings.volume)
    loudspeaker = Loudspeaker(settings, buffer, changed)
    async with running(loudspeaker.stream):
        yield buffer, loudspeaker
