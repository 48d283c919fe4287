"""Several channels to one, so that no voice is lost: neither one that is in opposite phase in two of them,
nor one in a single channel beside dead or noisy ones. Pure: push and get.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import Samples

Channels = NDArray[np.float32]
"""Shape (channels, n), in [-1, 1]."""
_Each = NDArray[np.float64]
"""A number for each channel."""

WEIGHTS = {"FC": 1.0, "FL": 0.707, "FR": 0.707, "LFE": 0.0, "LFE2": 0.0}
"""How much of a channel goes into the sum, by FFmpeg's names of places; every other has 0.5. Speech sits in
the centre; the ratios are those of ITU-R BS.775-4, table 2."""

_BLOCK_S = 0.032
_MEMORY_S = 0.3
"""Of power and of phase: a syllable or two."""
_OPPOSITE = 0.5
"""A correlation below minus this is opposite phase: added as they are, no quarter of the power would be left.
Only one above it is the same phase again."""
_DEAD = 1e-5
"""-50 dB below the strongest: crosstalk at most."""
_PAUSE_S = 10.0
"""A channel that had sound counts for some times as long, by how loud it was."""
_QUIET = 1e-6
"""-60 dBFS: noise below disturbs nobody."""
_STEADY_S = 1.0
_STEADY = 0.1
"""Share of its mean power that the quietest block of a second has: of hum and hiss 0.5 and more, of speech,
which has pauses, a hundredth."""


class Downmix:
    """The weights are brought to a sum of 1, so that loud sound does not clip, and change from block to
    block without a step. ``weights``: of each channel, before what it holds is looked at. ``ahead_s``: so
    much later it comes out, and the noise of the time until then is known; ``flush`` gives what is left.
    """

    def __init__(self, weights: Sequence[float], rate: int, ahead_s: float = 0.0) -> None:
        given = np.array(weights, np.float64)
        self._weights = given if given.any() else np.ones(len(given))
        self._rate = rate
        self._block = max(1, round(_BLOCK_S * rate))
        self._phase = _Phase(self._weights)
        self._noise = _Noise(len(given))
        self._gains: _Each | None = None
        self._ahead = round(ahead_s * rate)
        self._waiting: deque[tuple[Channels, _Each, _Each]] = deque()
        """Each block with its power and the noise in it."""
        self._held = 0

    def push(self, sound: Channels) -> Samples:
        if len(self._weights) == 1:
            alone: Samples = sound[0]
            return alone
        for at in range(0, sound.shape[1], self._block):
            block = sound[:, at : at + self._block]
            power = _power(block)
            noise = self._noise.follow(power, block.shape[1] / self._rate)
            self._waiting.append((block, power, noise))
            self._held += block.shape[1]
        return self._until(self._ahead)

    def flush(self) -> Samples:
        return self._until(0)

    def _until(self, left: int) -> Samples:
        """What waits, mixed, but for so many samples."""
        mixed = [np.empty(0, np.float32)]
        while self._waiting and self._held - self._waiting[0][0].shape[1] >= left:
            block, power, noise = self._waiting.popleft()
            self._held -= block.shape[1]
            # Noise that is known by now was there before it was known.
            known = self._waiting[-1][2] if self._waiting else noise
            mixed.append(self._mixed(block, power, np.maximum(noise, known)))
        return np.concatenate(mixed)

    def _mixed(self, block: Channels, power: _Each, noise: _Each) -> Samples:
        gains = self._judged(block, power, noise)
        before = gains if self._gains is None else self._gains
        self._gains = gains
        if np.array_equal(before, gains):
            same: Samples = gains.astype(np.float32) @ block
            return same
        ramp = np.linspace(0.0, 1.0, block.shape[1])
        sloped: NDArray[Any] = before[:, None] + (gains - before)[:, None] * ramp
        crossed: Samples = (sloped * block).sum(axis=0).astype(np.float32)
        return crossed

    def _judged(self, block: Channels, power: _Each, noise: _Each) -> _Each:
        signs, alive = self._phase.follow(block, power, block.shape[1] / self._rate, noise)
        weights = self._weights * alive / np.sqrt(noise)
        gains: _Each = signs * weights / weights.sum()
        return gains


def _swing(block: Channels) -> Channels:
    """Without a microphone's offset, which says nothing."""
    swing: Channels = block - block.mean(axis=1, keepdims=True)
    return swing


def _power(block: Channels) -> _Each:
    power: _Each = np.mean(np.square(_swing(block), dtype=np.float64), axis=1)
    return power


class _Phase:
    """Which channels are turned over against the strongest, and which have no sound in them."""

    def __init__(self, weights: _Each) -> None:
        self._counts = weights > 0
        self._power = np.zeros(len(weights))
        self._most = np.zeros(len(weights))
        self._shared = np.zeros(len(weights))
        self._signs = np.ones(len(weights))
        self._strongest = int(np.argmax(weights))

    def follow(self, block: Channels, power: _Each, seconds: float, noise: _Each) -> tuple[_Each, _Each]:
        """The sign of each channel, and 1 for each that has sound, else 0."""
        kept, swing = math.exp(-seconds / _MEMORY_S), _swing(block)
        self._power = kept * self._power + seconds * power
        self._choose(self._power * self._counts / noise)
        shared = (swing @ swing[self._strongest]).astype(np.float64) / max(1, swing.shape[1])
        self._shared = kept * self._shared + seconds * shared
        likeness = self._shared / np.sqrt(np.maximum(self._power * self._power[self._strongest], 1e-30))
        own = self._signs[self._strongest]
        self._signs[likeness < -_OPPOSITE] = -own
        self._signs[likeness > _OPPOSITE] = own
        return self._signs, self._alive(seconds, noise)

    def _alive(self, seconds: float, noise: _Each) -> _Each:
        """One that is silent for a while, as two do in turn who have a microphone each, stays."""
        self._most = np.maximum(self._power, math.exp(-seconds / _PAUSE_S) * self._most)
        heard = self._most * self._counts / noise
        alive: _Each = (heard > _DEAD * heard.max()).astype(np.float64)
        return alive if alive.any() else self._counts.astype(np.float64)

    def _choose(self, heard: _Each) -> None:
        """Another is the strongest when it is twice as strong."""
        best = int(np.argmax(heard))
        if heard[best] > 2 * heard[self._strongest]:
            self._strongest, self._shared = best, np.zeros(len(heard))


class _Noise:
    """How loud the steady noise of each channel is, as power: the quietest block of the last second or two,
    where that is not far below the mean of them.
    """

    def __init__(self, channels: int) -> None:
        self._now = _Span(channels)
        self._before: _Span | None = None

    def follow(self, power: _Each, seconds: float) -> _Each:
        self._now.add(power, seconds)
        span = self._now if self._before is None else self._now.joined(self._before)
        if self._now.seconds >= _STEADY_S:
            self._before, self._now = self._now, _Span(len(power))
        if span.seconds < _STEADY_S:
            return np.full(len(power), _QUIET)
        steady = span.least > _STEADY * span.total / span.seconds
        return np.where(steady, np.maximum(span.least, _QUIET), _QUIET)


class _Span:
    def __init__(self, channels: int) -> None:
        self.seconds = 0.0
        self.total = np.zeros(channels)
        self.least = np.full(channels, np.inf)

    def add(self, power: _Each, seconds: float) -> None:
        self.seconds += seconds
        self.total = self.total + seconds * power
        self.least = np.minimum(self.least, power)

    def joined(self, other: _Span) -> _Span:
        both = _Span(len(self.total))
        both.seconds = self.seconds + other.seconds
        both.total, both.least = self.total + other.total, np.minimum(self.least, other.least)
        return both
