"""Short sounds made by code."""

from __future__ import annotations

import numpy as np

from voice.audio import Audio, Samples
from voice.mouth import Speech


def _tone(hertz: float, seconds: float, rate: int) -> Samples:
    time = np.arange(round(seconds * rate), dtype=np.float32) / rate
    fade = np.minimum(1.0, np.minimum(time, time[::-1]) / 0.008) * np.exp(-4.0 * time)
    tone: Samples = (0.25 * np.sin(2 * np.pi * hertz * time) * fade).astype(np.float32)
    return tone


def chime(rate: int) -> Speech:
    """A timer rings: three rising pairs, 1.2 s. ``rate`` in Hz."""
    pair = [_tone(880.0, 0.15, rate), _tone(1174.7, 0.25, rate)]
    return Speech("", Audio(np.concatenate(pair * 3), rate), ())
