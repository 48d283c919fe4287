"""How loud a sound is to an ear, and a limiter: ITU-R BS.1770-5 with the gates of EBU R 128, for one channel.

LUFS as a meter shows them for a mono file: a sine of 997 Hz at full scale is -3.01 LUFS.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import Samples

_BLOCK_S, _STEP_S = 0.4, 0.1
_OFFSET = -0.691
"""What K-weighting adds at 997 Hz, taken off again (BS.1770-5, annex 1, equation 2)."""
_ABSOLUTE_LUFS, _RELATIVE_LU = -70.0, -10.0
"""Blocks below are silence; blocks so far below the mean of the others are pauses."""
_RINGS_S = 0.5
"""The high-pass has died away below -120 dB by then."""

CEILING = 10 ** (-1 / 20)
"""-1 dBFS: what a converter or a lossy codec adds between samples stays below full scale (EBU R 128 s1)."""
KNEE = 10 ** (-3 / 20)
"""-3 dBFS: below it the limiter changes nothing."""

SPEECH_LUFS = -21.0
"""As loud as espeak is by itself (-20.8 its American English, -19.7 its German, -21.9 its French), 2 LU above
what broadcasters aim at, since small loudspeakers have little to give."""
_MOST_DB = 20.0


def loudness_lufs(samples: Samples, rate: int) -> float:
    """Integrated and gated; of less than 0.4 s as a whole; minus infinity where nothing is above -70 LUFS."""
    powers = _block_powers(k_weighted(samples, rate), rate)
    loud = powers[powers > _power(_ABSOLUTE_LUFS)]
    if not len(loud):
        return -math.inf
    gate = float(loud.mean()) * 10 ** (_RELATIVE_LU / 10)
    return _OFFSET + 10 * math.log10(float(loud[loud > gate].mean()))


def k_weighted(samples: Samples, rate: int) -> NDArray[np.float64]:
    """As the ear weighs it: the shelf of a head, then a high-pass. ``rate`` in Hz, any."""
    size = 1 << (len(samples) + round(_RINGS_S * rate) - 1).bit_length()
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = np.ones(len(delay), np.complex128)
    for forward, back in (_shelf(rate), _high_pass(rate)):
        response *= np.polyval(forward[::-1], delay) / np.polyval(back[::-1], delay)
    weighted: NDArray[np.float64] = np.fft.irfft(np.fft.rfft(samples, size) * response, size)[: len(samples)]
    return weighted


def gain_to_speech(lufs: float) -> float:
    """The factor that brings a voice of so many LUFS to ``SPEECH_LUFS``; 1 for one that was not heard."""
    decibels = SPEECH_LUFS - lufs if math.isfinite(lufs) else 0.0
    return float(10 ** (max(-_MOST_DB, min(_MOST_DB, decibels)) / 20))


def limited(samples: Samples) -> Samples:
    """Peaks above ``KNEE`` bent smoothly towards ``CEILING``, which none reaches; all else as it was."""
    above = np.abs(samples) - KNEE
    if not len(above) or above.max() <= 0:
        return samples
    room = CEILING - KNEE
    bent = np.copysign(KNEE + room * np.tanh(above / room), samples)
    return np.where(above > 0, bent, samples).astype(np.float32)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))


def _block_powers(weighted: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Of blocks of 0.4 s that overlap by three quarters."""
    block, step = round(_BLOCK_S * rate), round(_STEP_S * rate)
    if len(weighted) < block:
        return np.array([np.mean(np.square(weighted))] if len(weighted) else [], np.float64)
    summed = np.concatenate([[0.0], np.cumsum(np.square(weighted))])
    begins = np.arange(0, len(weighted) - block + 1, step)
    powers: NDArray[np.float64] = (summed[begins + block] - summed[begins]) / block
    return powers


def _shelf(rate: int) -> tuple[list[float], list[float]]:
    """BS.1770 gives coefficients at 48 kHz alone; these are the analogue filter behind them, at any rate
    (De Man, "Evaluation of Implementations of the EBU R128 Loudness Measurement", AES 145, 2018).
    """
    gain, quality = 10 ** (3.999843853973347 / 20), 0.7071752369554196
    middle = gain**0.4996667741545416
    at = math.tan(math.pi * 1681.974450955533 / rate)
    whole = 1 + at / quality + at * at
    forward = [
        gain + middle * at / quality + at * at,
        2 * (at * at - gain),
        gain - middle * at / quality + at * at,
    ]
    return [each / whole for each in forward], _back(at, quality)


def _high_pass(rate: int) -> tuple[list[float], list[float]]:
    return [1.0, -2.0, 1.0], _back(math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773)


def _back(at: float, quality: float) -> list[float]:
    whole = 1 + at / quality + at * at
    return [1.0, 2 * (at * at - 1) / whole, (1 - at / quality + at * at) / whole]
