"""What is below any voice taken out of a recording: an offset of the microphone, standing or drifting.

Of a sound in which nothing of the kind was found not a bit is changed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import HEARING_RATE, Samples

_CUT_HZ = 20.0
"""A deep voice begins at 80 Hz: of that 97 % are left."""
_BLOCK = 512
"""32 ms: what is weighed at once. In blocks many times as long the powers below would leave float64."""
_LEAST_RMS = 0.004
_SHARE = 0.5
"""So much of the rest's root mean square, and it disturbs: an offset of 0.1 hid every word of a clear voice
of 0.05."""
_MEMORY_S = 0.3


class HighPass:
    """A first-order high-pass at 16 kHz that sets in when there is something to take out, and then stays.
    It is the last thing that is done to sound: what it or a resampler adds beyond full scale is cut off.
    """

    def __init__(self) -> None:
        self._keep = math.exp(-2 * math.pi * _CUT_HZ / HEARING_RATE)
        self._powers = self._keep ** np.arange(_BLOCK + 1)
        self._below: float | None = None
        self._low = self._rest = 0.0
        self._amount = 0.0

    def push(self, samples: Samples) -> Samples:
        pieces = [self._passed(samples[at : at + _BLOCK]) for at in range(0, len(samples), _BLOCK)]
        return np.concatenate(pieces).clip(-1.0, 1.0) if pieces else samples

    def _passed(self, block: Samples) -> Samples:
        first = self._below is None
        low = self._lowest(block.astype(np.float64))
        before, self._amount = self._amount, max(self._amount, float(self._disturbs(block, low)))
        if not self._amount:
            return block
        amount = 1.0 if first or before else np.linspace(0.0, 1.0, len(block))
        return (block - amount * low).astype(np.float32)

    def _lowest(self, block: NDArray[np.float64]) -> NDArray[np.float64]:
        """A first-order low-pass, all samples of a block at once. It begins at the mean of the first."""
        begin = float(block.mean()) if self._below is None else self._below
        powers = self._powers[: len(block)]
        low: NDArray[np.float64] = powers * (
            self._keep * begin + (1 - self._keep) * np.cumsum(block / powers)
        )
        self._below = float(low[-1])
        return low

    def _disturbs(self, block: Samples, low: NDArray[np.float64]) -> bool:
        kept = math.exp(-len(block) / HEARING_RATE / _MEMORY_S)
        self._low = kept * self._low + float(low @ low)
        self._rest = kept * self._rest + float(np.square(block - low).sum())
        loud = float(low @ low) > _LEAST_RMS**2 * len(block)
        return loud and self._low > _SHARE**2 * self._rest
