"""Rooms in which nobody speaks to the assistant: silence, pink noise, music, babble; made as they are heard.

All is synthetic, from a seed, in pieces of one second, so that an hour takes no more memory than a minute.
The levels are RMS over the whole: the babble and the rest at -30 dBFS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import HEARING_RATE, Samples

LEVEL_DBFS = -30.0
"""Of every noise: a voice at the microphone has some -26 dBFS, so the noise is nearly as loud."""
_SECOND = HEARING_RATE
_Wave = NDArray[np.floating[Any]]

_VOICES = ("f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7")
_TALK = (
    "Well, I told her that the train would be late again, and she only laughed about it.",
    "There were nine of them on the table, and by the evening all of the bread was gone.",
    "You should have seen the garden in May, when the roses were out along the wall.",
    "If the weather holds, we could drive up to the lake and stay until Sunday.",
    "He has been painting the kitchen for three weeks, and it is still not the right yellow.",
    "My sister bought that house for almost nothing, and now everybody wants to live there.",
)


def _scaled(samples: np.ndarray[Any, Any], dbfs: float) -> Samples:
    power = float(np.mean(samples.astype(np.float64) ** 2))
    scaled: Samples = (samples * np.sqrt(10 ** (dbfs / 10) / max(power, 1e-20))).astype(np.float32)
    return scaled


def silence(seed: int) -> Iterator[Samples]:
    """A quiet room as a microphone gives it: its own noise, at -75 dBFS."""
    rng = np.random.default_rng(seed)
    while True:
        yield rng.normal(0, 10 ** (-75 / 20), _SECOND).astype(np.float32)


def pink(seed: int) -> Iterator[Samples]:
    """Power falls by 3 dB an octave, from 20 Hz on: a fan, rain, a road far away. Pieces overlap by half and
    are faded by a sine, so that their power is even.
    """
    rng = np.random.default_rng(seed)
    shape = 1 / np.sqrt(np.maximum(np.fft.rfftfreq(2 * _SECOND, 1 / HEARING_RATE), 20.0))
    fade = np.sin(np.pi * (np.arange(2 * _SECOND) + 0.5) / (2 * _SECOND))
    rest: _Wave = np.zeros(_SECOND)
    while True:
        white = rng.standard_normal(len(shape)) + 1j * rng.standard_normal(len(shape))
        piece = _scaled(np.fft.irfft(white * shape, 2 * _SECOND), LEVEL_DBFS) * fade
        yield (rest + piece[:_SECOND]).astype(np.float32)
        rest = piece[_SECOND:]


def music(seed: int) -> Iterator[Samples]:
    """Two seconds a chord of three notes with vibrato and eight partials, a melody over it, and drums."""
    rng = np.random.default_rng(seed)
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    while True:
        root = int(rng.integers(0, 7))
        degrees = [(root + step) % 7 for step in (0, 2, 4)]
        seconds = np.arange(2 * _SECOND) / HEARING_RATE
        bar = sum(_note(110 * 2 ** (scale[d] / 12), seconds, rng) for d in degrees) * _pluck(seconds, 2.0)
        for beat in range(8):
            late = seconds[: _SECOND // 4]
            pitch = 440 * 2 ** (scale[int(rng.integers(0, 7))] / 12)
            at = slice(beat * len(late), (beat + 1) * len(late))
            bar[at] += 0.8 * _note(pitch, late, rng) * _pluck(late, 0.2) + 1.5 * _drum(beat, late, rng)
        whole = _scaled(bar, LEVEL_DBFS)
        yield whole[:_SECOND]
        yield whole[_SECOND:]


def _note(hz: float, seconds: _Wave, rng: np.random.Generator) -> _Wave:
    wave: _Wave = np.zeros(len(seconds))
    vibrato = 0.006 * np.sin(2 * np.pi * 5.5 * seconds) / (2 * np.pi * 5.5)
    for partial in range(1, 9):
        if hz * partial < HEARING_RATE / 2:
            phase = 2 * np.pi * (hz * partial * (seconds + vibrato) + rng.random())
            wave += np.sin(phase) / partial
    return wave


def _pluck(seconds: _Wave, decay_s: float) -> _Wave:
    faded: _Wave = np.minimum(seconds / 0.02, 1.0) * np.exp(-seconds / decay_s)
    return faded


def _drum(beat: int, seconds: _Wave, rng: np.random.Generator) -> _Wave:
    """A bass drum on even beats, a snare on odd ones."""
    if beat % 2:
        snare: _Wave = rng.standard_normal(len(seconds)) * np.exp(-seconds / 0.05)
        return snare
    bass: _Wave = 2.0 * np.sin(2 * np.pi * 60 * np.exp(-3 * seconds) * seconds) * np.exp(-seconds / 0.1)
    return bass


def babble(seed: int) -> Iterator[Samples]:
    """Twelve voices of espeak at once, each with its own words, pace and pauses: none can be followed."""
    rng = np.random.default_rng(seed)
    talkers = [_talker(np.random.default_rng(rng.integers(2**32)), name) for name in _VOICES]
    gain = np.float32(10 ** (LEVEL_DBFS / 20) / np.sqrt(len(_VOICES)))
    while True:
        crowd = np.stack([next(talker) for talker in talkers])
        yield (gain * crowd.sum(axis=0)).astype(np.float32)


def _talker(rng: np.random.Generator, variant: str) -> Iterator[Samples]:
    """Somebody who talks without end, a second at a time; RMS about 1 while they talk."""
    from voice.tts.espeak import Espeak

    voice, speed = Espeak(f"en-us+{variant}"), float(rng.uniform(0.85, 1.2))
    said = [_scaled(voice.say(text, speed=speed).audio.at_rate(HEARING_RATE).samples, 0.0) for text in _TALK]
    rest = np.zeros(0, np.float32)
    sentence = np.roll(said[int(rng.integers(len(said)))], int(rng.integers(_SECOND)))
    while True:
        while len(rest) < _SECOND:
            rest = np.concatenate(
                [rest, sentence, np.zeros(int(rng.uniform(0.05, 0.5) * _SECOND), np.float32)]
            )
            sentence = said[int(rng.integers(len(said)))]
        yield rest[:_SECOND]
        rest = rest[_SECOND:]


NOISES: dict[str, Callable[[int], Iterator[Samples]]] = {
    "silence": silence,
    "pink noise": pink,
    "music": music,
    "babble": babble,
}
