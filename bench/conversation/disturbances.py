"""Sounds over an answer that take no turn: coughs, hums of assent, doors, claps, keyboards. All are made,
from a seed, at 16 kHz.

A cough is noise through the resonances of a throat: a burst, a breath that decays, and in every other one a
voiced end. A hum has a fundamental that glides, with partials that fall by 12 dB an octave, as through
closed lips.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import HEARING_RATE, Samples

ASSENTS = ("mm hmm", "uh huh")
"""Spoken by espeak, which would spell "mhm"."""

_Sound = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Disturbance:
    name: str
    samples: Samples
    """16 kHz."""


def disturbances(seed: int = 1) -> list[Disturbance]:
    """Forty."""
    rng = np.random.default_rng(seed)
    found = [("cough", cough(rng, ms)) for ms in np.linspace(150, 450, 10)]
    found += [("double cough", _double(rng, ms)) for ms in (150, 200, 250, 300)]
    found += [("long cough", cough(rng, 900)) for _ in range(2)]
    found += [("hum", hum(rng, ms)) for ms in (250, 320, 400, 480, 560, 640)]
    found += list(_assents())
    found += [("door", door(rng)) for _ in range(4)]
    found += [("clap", clap(rng)) for _ in range(4)]
    found += [("keyboard", keyboard(rng, count)) for count in (3, 6, 9, 12)]
    return [Disturbance(name, _levelled(sound, rng)) for name, sound in found]


def _levelled(sound: _Sound, rng: np.random.Generator) -> Samples:
    """Its peak at -14 to -6 dBFS."""
    peak = 10 ** (rng.uniform(-14, -6) / 20)
    return np.asarray(sound * peak / np.abs(sound).max(), np.float32)


def _seconds(ms: float) -> _Sound:
    return np.arange(round(ms / 1000 * HEARING_RATE)) / HEARING_RATE


def _resonate(sound: _Sound, formants: tuple[tuple[float, float], ...]) -> _Sound:
    """(Hz, bandwidth) each: a sum of resonances, in the frequency domain."""
    hz = np.fft.rfftfreq(2 * len(sound), 1 / HEARING_RATE)
    gain = sum(1 / (1 + ((hz - centre) / width) ** 2) for centre, width in formants) + 0.03
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, 2 * len(sound)) * gain)[: len(sound)], np.float64)


def cough(rng: np.random.Generator, ms: float) -> _Sound:
    at = _seconds(ms) / (ms / 1000)
    breath = np.where(at < 0.15, 1.0, 0.45 * np.exp(-2.5 * (at - 0.15))) * np.minimum(at / 0.02, 1.0)
    sound = _resonate(rng.standard_normal(len(at)) * breath, ((600, 200), (1500, 300), (2800, 600)))
    if rng.random() < 0.5:
        voiced = np.clip((at - 0.5) / 0.1, 0, 1) * np.clip((1 - at) / 0.2, 0, 1)
        tone = _partials(np.full(len(at), rng.uniform(100, 180)), fall=1.0)
        sound += 0.6 * np.abs(sound).max() * voiced * _resonate(tone, ((650, 150), (1400, 250)))
    return sound * np.clip((1 - at) / 0.1, 0, 1)


def _double(rng: np.random.Generator, ms: float) -> _Sound:
    pause = np.zeros(round(rng.uniform(0.08, 0.3) * HEARING_RATE))
    return np.concatenate([cough(rng, ms), pause, cough(rng, ms)])


def _partials(hz: _Sound, fall: float) -> _Sound:
    """A tone whose partial ``n`` has the amplitude ``n ** -fall``; its peak is 1."""
    phase = 2 * np.pi * np.cumsum(hz) / HEARING_RATE
    wave = np.zeros(len(hz))
    for n in range(1, 20):
        wave += np.sin(n * phase) * n**-fall * (n * hz < HEARING_RATE / 2)
    return np.asarray(wave / np.abs(wave).max(), np.float64)


def hum(rng: np.random.Generator, ms: float) -> _Sound:
    """ "Mhm": two swells, the second higher."""
    at = _seconds(ms) / (ms / 1000)
    base = rng.uniform(95, 230)
    swells = 0.15 + 0.85 * np.abs(np.sin(2 * np.pi * at)) ** 0.7
    edges = np.clip(at / 0.08, 0, 1) * np.clip((1 - at) / 0.15, 0, 1)
    return _partials(base * (1 + 0.25 * np.clip((at - 0.4) * 3, 0, 1)), fall=2.0) * swells * edges


def _assents() -> Iterator[tuple[str, _Sound]]:
    from voice.tts.espeak import Espeak

    for name in ("en-us", "en-us+f3", "en-us+m3"):
        for text in ASSENTS:
            sound = Espeak(name).say(text).audio.at_rate(HEARING_RATE).samples
            yield text, sound.astype(np.float64)


def door(rng: np.random.Generator) -> _Sound:
    """A thump below 100 Hz, and a broad rattle that dies away."""
    at = _seconds(rng.uniform(300, 600))
    thump = np.sin(2 * np.pi * rng.uniform(50, 90) * at) * np.exp(-at / 0.09)
    rattle = _resonate(rng.standard_normal(len(at)), ((180, 120), (700, 500))) * np.exp(-at / 0.06)
    return np.asarray(thump + 0.7 * rattle / np.abs(rattle).max(), np.float64)


def clap(rng: np.random.Generator) -> _Sound:
    at = _seconds(150)
    sharp = rng.standard_normal(len(at)) * (np.exp(-at / 0.006) + 0.08 * np.exp(-at / 0.05))
    return _resonate(sharp, ((1200, 600), (2500, 900)))


def keyboard(rng: np.random.Generator, count: int) -> _Sound:
    """Strokes of 15 ms, some 8 a second."""
    sound = np.zeros(round((count * 0.16 + 0.1) * HEARING_RATE))
    for stroke in range(count):
        key = rng.standard_normal(len(_seconds(15))) * np.exp(-_seconds(15) / 0.004) * rng.uniform(0.4, 1)
        first = round((stroke * 0.125 + rng.uniform(0, 0.03)) * HEARING_RATE)
        sound[first : first + len(key)] += key
    return sound
