"""The way from the loudspeaker to the microphone, measured with a sweep: how long it takes, how much is lost.

What was heard is divided by what was played (a deconvolution, bounded where the sweep has nothing): that is
the impulse response of loudspeaker, room and microphone, and its first peak is the delay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aloud.cli.machine.sound_level import decibels
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Samples, window_power

SWEEP_S = 1.5
SWEEP_DBFS = -21.0
"""As loud as the voices speak (``voice.audio.loudness.SPEECH_LUFS``): its echo is as loud as theirs."""
_LOWEST_HZ, _HIGHEST_HZ = 150.0, 6500.0
_FADE_S = 0.05
_LONGEST_S = 1.2
"""Of a delay that is looked for: Bluetooth takes up to 0.3 s, a network's loudspeaker longer."""
_EARLIER_S = 0.04
"""The clocks of the two streams are as far apart at most."""
_ROOM_S = 0.4
"""Of the response behind the first peak: the room, until it has died away."""
_FIRST = 0.5
"""Share of the highest peak: the first that reaches it is the direct sound."""
_CLEAR_DB = 15.0
"""Peak over the rest of the response, below which nothing was heard but noise."""
_REGULAR = 1e-3
_CLEAR = 4.0
"""Times the noise's power."""
_LOST_DB = 1.5
"""So much more was heard than the response explains: a part of the sweep came at another time."""
_STEP_S = 0.01


@dataclass(frozen=True, slots=True)
class EchoPath:
    """``delay_s``: from a sample's being given to the loudspeaker until the microphone gave it back;
    ``level_dbfs``: of a voice's echo; ``gain_db``: what is lost on the way is below 0. ``response_db``: the
    impulse response from the moment of giving on, a value each 10 ms, 0 being the highest.
    """

    delay_s: float
    level_dbfs: float
    gain_db: float
    response_db: tuple[float, ...]
    whole: bool = True
    """Nothing of the sweep was lost or came at another time: the sound system kept up."""


def sweep(rate: int, seconds: float = SWEEP_S) -> Samples:
    """A tone that climbs, each octave as long as the next."""
    time = np.arange(round(seconds * rate)) / rate
    octaves = np.log(_HIGHEST_HZ / _LOWEST_HZ)
    phase = 2 * np.pi * _LOWEST_HZ * seconds / octaves * (np.exp(time / seconds * octaves) - 1)
    fade = np.minimum(1.0, np.minimum(time, seconds - time) / _FADE_S)
    tone = np.sin(phase) * fade
    swept: Samples = (tone * 10 ** (SWEEP_DBFS / 20) / np.sqrt(np.mean(tone**2))).astype(np.float32)
    return swept


def echo_path(played: Samples, heard: Samples, offset_s: float) -> EchoPath | None:
    """Both at 16 kHz; sample 0 of ``heard`` was captured ``offset_s`` after sample 0 of ``played`` was given.
    None: the microphone did not hear it.
    """
    sounding = np.flatnonzero(np.abs(played) > 1e-4)
    if not len(sounding) or not len(heard):
        return None
    response = _response(played, heard, offset_s)
    energy = response**2
    peak = int(energy.argmax())
    if decibels(float(energy[peak])) - decibels(float(np.median(energy))) < _CLEAR_DB + 10.0:
        return None
    first = int(np.flatnonzero(np.abs(response) >= _FIRST * abs(response[peak]))[0])
    begin = max(0, first - HEARING_RATE // 200)
    end = first + round(_ROOM_S * HEARING_RATE)
    tone = played[sounding[0] : sounding[-1] + 1].astype(np.float64)
    echo = decibels(float(np.mean(_convolved(tone, response[begin:end])[: len(tone)] ** 2)))
    delay_s = max(0.0, first / HEARING_RATE - _EARLIER_S)
    arrived = round((delay_s - offset_s) * HEARING_RATE) + int(sounding[0])
    level = _level(heard, arrived, len(tone), echo)
    whole = level - echo < _LOST_DB
    return EchoPath(delay_s, level, level - decibels(float(np.mean(tone**2))), _drawn(energy), whole)


def _level(heard: Samples, arrived: int, length: int, echo: float) -> float:
    """Where it is clear of the noise the level of what was heard, which counts what lost its place too."""
    before = window_power(heard[: max(0, arrived)], FRAME_SAMPLES)
    noise = float(np.median(before)) if len(before) else 0.0
    during = heard[max(0, arrived) : max(0, arrived) + length]
    power = float(np.mean(np.square(during, dtype=np.float64))) if len(during) else 0.0
    return decibels(power - noise) if power > _CLEAR * noise else echo


def _response(played: Samples, heard: Samples, offset_s: float) -> NDArray[np.float64]:
    """From ``_EARLIER_S`` before the giving on."""
    earlier = round((_EARLIER_S + offset_s) * HEARING_RATE)
    size = 1 << (len(played) + len(heard) + abs(earlier)).bit_length()
    given, came = np.fft.rfft(played, size), np.fft.rfft(heard, size)
    power = np.abs(given) ** 2
    divided = came * np.conj(given) / (power + _REGULAR * power.max())
    lags = np.roll(np.fft.irfft(divided, size), earlier)
    return lags[: round((_LONGEST_S + _EARLIER_S) * HEARING_RATE)]


def _convolved(tone: NDArray[np.float64], response: NDArray[np.float64]) -> NDArray[np.float64]:
    size = 1 << (len(tone) + len(response)).bit_length()
    made: NDArray[np.float64] = np.fft.irfft(np.fft.rfft(tone, size) * np.fft.rfft(response, size), size)
    return made


def _drawn(energy: NDArray[np.float64]) -> tuple[float, ...]:
    step = round(_STEP_S * HEARING_RATE)
    after = energy[round(_EARLIER_S * HEARING_RATE) :]
    highest = decibels(float(energy.max()))
    steps = after[: len(after) // step * step].reshape(-1, step).max(axis=1)
    return tuple(round(decibels(float(each)) - highest, 1) for each in steps)
