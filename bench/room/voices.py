"""People who interrupt: four phrases by different voices, as loud as a person is beside the loudspeaker."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from voice.audio.input.audio_file import read_recording
from voice.audio.samples import HEARING_RATE, Audio, Samples, window_power
from voice.tts.espeak import Espeak

PHRASES = ("stop", "wait a moment", "what time is it", "tell me something else")
_ESPEAK = ("en-us+f3", "en-us+m3", "en-us+Annie", "en-us+f2", "en-us+m7")
_FLITE = ("slt", "rms", "awb")
PERSON_DBFS = -26.0
"""Of the voiced parts at the microphone. The assistant's own voice, at 0 dB, is brought to -20 dBFS: at an
echo of -6 dB both are as loud, which is the hard case; at -20 dB the person is 14 dB above it. Over a sound
card it is played as the TTS makes it: espeak at -17.5 dBFS, so there the person is 2.5 dB softer."""
VOICE_DBFS = -20.0
_ACTIVE = 0.05
"""Of the greatest power: a 10 ms window above it counts as voiced."""


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """``samples``: 16 kHz, from the first sound to the last."""

    text: str
    voice: str
    samples: Samples

    @property
    def seconds(self) -> float:
        return len(self.samples) / HEARING_RATE


def utterances() -> Iterator[Utterance]:
    """Endless: every phrase by every voice in turn; flite's voices only where flite is installed."""
    voices = [*(f"espeak {name}" for name in _ESPEAK)]
    if shutil.which("flite"):
        voices += [f"flite {name}" for name in _FLITE]
    made: dict[tuple[str, str], Utterance] = {}
    for number, phrase in enumerate(cycle(PHRASES)):
        voice = voices[(number // len(PHRASES) + number) % len(voices)]
        if (phrase, voice) not in made:
            made[phrase, voice] = Utterance(phrase, voice, said_by(phrase, voice))
        yield made[phrase, voice]


def said_by(text: str, voice: str) -> Samples:
    engine, _, name = voice.partition(" ")
    audio = Espeak(name).say(text).audio if engine == "espeak" else _flite(text, name)
    return at_level(_trimmed(audio.at_rate(HEARING_RATE).samples), PERSON_DBFS)


def _flite(text: str, voice: str) -> Audio:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        command = ["flite", "-voice", voice, "-t", text, "-o", str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return read_recording(path)


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def active_dbfs(samples: Samples) -> float:
    """The level of the voiced parts of 16 kHz sound, in dBFS: the mean power of its louder 10 ms."""
    power = window_power(samples, HEARING_RATE // 100)
    return float(10 * np.log10(power[power > _ACTIVE * power.max()].mean() + 1e-20))


def at_level(samples: Samples, dbfs: float) -> Samples:
    """Its voiced parts at ``dbfs``."""
    return (samples * 10 ** ((dbfs - active_dbfs(samples)) / 20)).astype(np.float32)
