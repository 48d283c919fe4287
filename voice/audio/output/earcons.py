"""Short sounds made by code: a timer that rings, and cues that say what the assistant is at."""

from __future__ import annotations

from typing import Literal

import numpy as np

from voice.audio.samples import Audio, Samples
from voice.audio.speech import Speech

Cue = Literal["listening", "thinking", "failed"]

_NOTES: dict[Cue, tuple[tuple[float, float], ...]] = {
    "listening": ((587.3, 0.07), (880.0, 0.11)),
    "thinking": ((440.0, 0.05),),
    "failed": ((392.0, 0.12), (261.6, 0.22)),
}
"""Hertz and seconds. Rising: go ahead; falling: it did not work; a single soft tick: still at it."""
_LEVEL: dict[Cue, float] = {"listening": 0.16, "thinking": 0.05, "failed": 0.16}


def _tone(hertz: float, seconds: float, rate: int, level: float = 0.25) -> Samples:
    time = np.arange(round(seconds * rate), dtype=np.float32) / rate
    fade = np.minimum(1.0, np.minimum(time, time[::-1]) / 0.008) * np.exp(-4.0 * time)
    tone: Samples = (level * np.sin(2 * np.pi * hertz * time) * fade).astype(np.float32)
    return tone


def chime(rate: int) -> Speech:
    """A timer rings: three rising pairs, 1.2 s. ``rate`` in Hz."""
    pair = [_tone(880.0, 0.15, rate), _tone(1174.7, 0.25, rate)]
    return Speech("", Audio(np.concatenate(pair * 3), rate), ())


def cue(which: Cue, rate: int) -> Speech:
    """At most 0.35 s. ``rate`` in Hz."""
    notes = [_tone(hertz, seconds, rate, _LEVEL[which]) for hertz, seconds in _NOTES[which]]
    return Speech("", Audio(np.concatenate(notes), rate), ())
