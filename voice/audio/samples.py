"""Sound as values: mono float32 samples and their rate; resampling that keeps its state; WAV out."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import soxr

Samples = NDArray[np.float32]
"""Mono samples in [-1, 1], shape (n,), float32."""

HEARING_RATE = 16_000
"""Hz. What Silero, Whisper and pocketsphinx all expect."""

FRAME_SAMPLES = 512
"""Samples of a frame at ``HEARING_RATE`` (32 ms): the window of Silero."""


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """A stretch of mono sound. ``rate`` is Hz."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def for_detection(self) -> Samples:
        """What a voice detector looks at: these samples, or others of the same moments
        (``voice.audio.echo.canceller``).
        """
        return self.samples

    def at_rate(self, rate: int) -> Audio:
        """The whole stretch at another rate (soxr, high quality)."""
        if rate == self.rate:
            return self
        import soxr

        return Audio(soxr.resample(self.samples, self.rate, rate).astype(np.float32, copy=False), rate)


def silence(seconds: float, rate: int) -> Audio:
    return Audio(np.zeros(round(seconds * rate), np.float32), rate)


def concatenate(parts: list[Audio]) -> Audio:
    """Parts of one rate, end to end; at least one."""
    return Audio(np.concatenate([part.samples for part in parts]), parts[0].rate)


class Resampler:
    """Push sound at one rate, get it at another; keeps the filter's state, so no seam is heard.

    >>> resampler = Resampler(48_000, 16_000)
    >>> frames = resampler.push(samples); tail = resampler.flush()
    """

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._stream: soxr.ResampleStream | None = None
        if from_rate != to_rate:
            import soxr

            self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32")

    def push(self, samples: Samples, *, last: bool = False) -> Samples:
        if self._stream is None:
            return samples
        resampled: Samples = self._stream.resample_chunk(samples, last=last)
        return resampled

    def flush(self) -> Samples:
        return self.push(np.empty(0, np.float32), last=True)


class Framer:
    """Push any number of samples, get frames of exactly ``size``; ``flush`` pads the last with silence."""

    def __init__(self, size: int = FRAME_SAMPLES) -> None:
        self._size = size
        self._rest: Samples = np.empty(0, np.float32)

    def push(self, samples: Samples) -> list[Samples]:
        joined = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(joined) // self._size * self._size
        self._rest = joined[whole:]
        return list(joined[:whole].reshape(-1, self._size))

    def flush(self) -> list[Samples]:
        if not len(self._rest):
            return []
        padded = np.zeros(self._size, np.float32)
        padded[: len(self._rest)] = self._rest
        self._rest = np.empty(0, np.float32)
        return [padded]


def window_power(samples: Samples, size: int) -> NDArray[np.float64]:
    """The mean power (1: full scale) of each whole window of ``size`` samples, shape (windows,)."""
    whole = samples[: len(samples) // size * size].reshape(-1, size)
    power: NDArray[np.float64] = np.mean(np.square(whole, dtype=np.float64), axis=1)
    return power


def to_int16(samples: Samples) -> bytes:
    """Signed 16-bit little-endian PCM, clipped."""
    return (np.clip(samples, -1.0, 1.0) * 32767.0).round().astype("<i2").tobytes()


def from_int16(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / 32768.0


def write_wav(path: Path | str, audio: Audio) -> None:
    """A 16-bit mono WAV."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(audio.rate)
        out.writeframes(to_int16(audio.samples))
