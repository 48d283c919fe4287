"""How like the voice a sound is."""

from __future__ import annotations

import numpy as np

from bench.hostile.sound_files.recordings import voice
from voice.audio.samples import HEARING_RATE, Samples

_WINDOW = HEARING_RATE // 50


def likeness(sound: Samples) -> float:
    """Of its loudness over time to the voice's, wherever it begins; 1: the same."""
    one, other = _loudness(voice()), _loudness(sound)
    if len(other) < len(one) // 2:
        return 0.0
    size = len(one) + len(other)
    shared = np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size)), size)
    return float(shared.max() / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-12))


def _loudness(sound: Samples) -> Samples:
    whole = sound[: len(sound) // _WINDOW * _WINDOW].astype(np.float64).reshape(-1, _WINDOW)
    loud = np.sqrt(np.mean(np.square(whole), axis=1))
    centred: Samples = loud - loud.mean()
    return centred
