"""The speaker: speech in, sound out, and an exact account of what was heard of it.

A ring of ``ahead_s`` (``voice.audio.output.playback_buffer``, the second of the two buffers of the house)
lies between ``play`` and the sink. ``play`` returns when the sound fits: that one wait is both back-pressure
and look-ahead.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio

import config.settings.model
from config.errors import DeviceError
from config.runtime.clean import CleanText
from voice.audio.devices.portaudio import Kind
from voice.audio.output.open import open_sink
from voice.audio.output.playback_buffer import PlaybackBuffer, Played
from voice.audio.output.sink import Sink
from voice.audio.samples import Resampler, Samples
from voice.audio.speech import Speech

__all__ = ["Played", "Speaker", "speaker"]

_LOOK_S = 0.2
"""How often a waiting ``play`` or ``drain`` looks whether the device is still there."""
_LEAST_S = 0.001


class _Joint:
    """Pieces of a sentence pass one filter, so that no seam is heard; it keeps the last 30 ms back."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._resampler = Resampler(from_rate, to_rate)
        self._ratio = to_rate / from_rate
        self._taken = self._given = 0
        self.owed = 0
        """Samples of what was pushed that come with the next piece."""

    def push(self, speech: Speech) -> Samples:
        samples = self._resampler.push(speech.audio.samples, last=not speech.more)
        self._taken += len(speech.audio.samples)
        self._given += len(samples)
        self.owed = round(self._taken * self._ratio) - self._given if speech.more else 0
        return samples


class Speaker:
    """One speech after the other. Use from one event loop; see ``speaker``, which opens it."""

    def __init__(self, buffer: PlaybackBuffer, sink: Sink) -> None:
        self._buffer = buffer
        self._sink = sink
        self._tts = anyio.Lock()
        self._stops = 0
        self._joint: _Joint | None = None
        self.echoes = sink.echoes
        """A microphone in the same room would hear it."""
        self.reference = sink.reference
        """What it was given, for ``voice.audio.echo.canceller.cancel_echo``; None where nothing sounds."""

    @property
    def rate(self) -> int:
        """Hz, of the sink; speech at any rate is taken."""
        return self._buffer.rate

    @property
    def underruns(self) -> int:
        return self._buffer.underruns

    @property
    def speaking(self) -> bool:
        """Sound is queued, or still leaving."""
        return self._buffer.queued > 0 or self._sink.leaving_s() > 0

    def due(self) -> float:
        """Seconds from now until a sample put now would be heard."""
        return self._sink.latency_s() + self._buffer.queued_s

    async def play(self, speech: Speech) -> None:
        """Returns when the last sample fits the ring; longer speech is fed piece by piece.

        Cancelled, it leaves what it has put; a ``stop`` meanwhile ends it. When the device has gone (seen
        within a second) it waits for another. Raises ``DeviceError`` when the file cannot be written.
        """
        async with self._tts:
            stops = self._stops
            await self._alive()
            samples = self._begun(speech)
            while stops == self._stops:
                samples = samples[self._put(samples) :]
                if not len(samples):
                    return
                await self._wait_for_room(samples)

    def _begun(self, speech: Speech) -> Samples:
        """At the rate of the track, and entered there."""
        joint = self._joint or _Joint(speech.audio.rate, self._buffer.rate)
        self._joint = joint if speech.more else None
        owed = joint.owed
        samples = joint.push(speech)
        self._buffer.begin(speech, len(samples) - owed + joint.owed, owed)
        return samples

    def _put(self, samples: Samples) -> int:
        count = self._buffer.put(samples)
        self._sink.wake()
        return count

    async def _wait_for_room(self, samples: Samples) -> None:
        """Until a quarter of the ring is free, or room for all that is left."""
        wanted = min(len(samples), max(1, self._buffer.size // 4))
        stops = self._stops
        while (missing := wanted - self._buffer.room) > 0 and stops == self._stops:
            await self._pause(missing / self._buffer.rate)

    async def drain(self) -> list[Played]:
        """Wait until the last sample has left; the account since the last ``drain`` or ``stop``.

        Raises ``DeviceError`` as ``play`` does.
        """
        stops = self._stops
        while (self.speaking or self._buffer.ducked) and stops == self._stops:
            await self._pause(self._buffer.queued_s + self._sink.leaving_s())
        if stops != self._stops:
            return []  # stopped meanwhile, which gave the account
        try:
            self._sink.check()
        except DeviceError:
            await self._sink.revive()
            return await self.drain()  # its last words may not have been heard
        self._sink.settle()
        return self._buffer.settle()

    async def _pause(self, seconds: float) -> None:
        await self._alive()
        await anyio.sleep(min(max(seconds, _LEAST_S), _LOOK_S))
        await self._alive()

    async def _alive(self) -> None:
        """A device that has gone is replaced, and what it did not play is played by the next."""
        try:
            self._sink.check()
        except DeviceError:
            await self._sink.revive()

    def stop(self) -> list[Played]:
        """Silence, now; and how much of each speech since the last ``drain`` or ``stop`` was heard.

        What a device has already been given cannot be called back: it will be heard, and counts.
        """
        self._stops += 1
        self._joint = None
        return self._sink.stop()

    def duck(self, db: float) -> None:
        """Turn down by ``db``, within 15 ms."""
        self._buffer.duck(db)

    @property
    def paused(self) -> bool:
        """Silenced by ``hold``, until ``restore`` or ``stop``."""
        return self._buffer.paused

    def pause(self) -> None:
        """Silence at once, with nothing lost: ``restore`` goes on, ``stop`` drops the rest."""
        self._buffer.pause()

    def resume(self) -> None:
        """Full volume again, within 15 ms; words that were hardly heard meanwhile are said again."""
        self._buffer.resume()
        self._sink.wake()

    @property
    def volume(self) -> float:
        """A factor: 1 is the sound as it is."""
        return self._buffer.volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._buffer.volume = volume


@asynccontextmanager
async def speaker(
    settings: config.settings.model.SpeakerSettings,
    changed: Callable[[Kind, CleanText, bool], None] = lambda *_: None,
) -> AsyncIterator[Speaker]:
    """Open ``settings.sink``: a device, a ``.wav`` path, ``-`` (raw 24 kHz signed 16-bit mono) or ``none``.

    Raises ``DeviceError`` for a device that is not there or cannot be opened, ``UsageError`` for a file that
    cannot be written. ``changed`` is told the name of each device that went (False) and came (True).
    """
    async with open_sink(settings, changed) as (buffer, sink):
        yield Speaker(buffer, sink)
