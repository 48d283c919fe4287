"""Somebody speaks over an answer: what the microphone gets, and how the answer reacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

import aloud
from aloud.cli.sample import SAMPLE
from bench.conversation.resuming import follow, word_starts
from bench.conversation.staging import AUDIBLE, RATE, Scene
from bench.conversation.told import HISS
from bench.room.voices import PERSON_DBFS, at_level
from pipeline import events
from voice.audio.input.audio_file import read_recording
from voice.audio.output.playback_buffer import FADE_S
from voice.audio.samples import HEARING_RATE, Samples, window_power

SAID = (
    "Actually, could you tell me something about the mountains?",
    "Where was that town you were talking about?",
    "No, I meant the other river in the south.",
    "How many people live there in the winter?",
    "Please tell me more about the old tower.",
)
VOICES = ("en-us", "en-us+f3", "en-us+m3", "en", "en-us+f2", "en-us+Annie", "en-us+m7", "en+f4")
_REST_S = 2.5
_WINDOW = RATE // 100
_DOWN = 10 ** (-18 / 20)
ROOT = Path(aloud.__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Reaction:
    """Seconds from the onset; ``late``: the loudest that was heard after ``interrupted``."""

    down: float
    silent: float
    late: float


def onset(samples: Samples) -> int:
    """The first sample of a voice at 16 kHz, by its energy."""
    size = HEARING_RATE // 100
    power = window_power(samples, size)
    return int(np.flatnonzero(power > 1e-3 * power.max())[0]) * size


def over(sound: Samples, at_s: float, rng: np.random.Generator) -> Samples:
    """A microphone's sound: hiss, and ``sound`` from ``at_s`` on."""
    first = round(at_s * HEARING_RATE)
    whole = rng.normal(0, HISS, first + len(sound) + round(_REST_S * HEARING_RATE)).astype(np.float32)
    whole[first : first + len(sound)] += sound
    return whole


def people() -> Iterator[Samples]:
    """Endless: voices from their onset on; the recordings among them that are here."""
    from voice.tts.espeak import Espeak

    recorded = [*sorted(SAMPLE.glob("*.wav")), *sorted((ROOT / "tests/recordings").glob("question_*.wav"))]
    recordings = cycle(recorded)
    for number, said in enumerate(cycle(SAID)):
        audio = Espeak(VOICES[number % len(VOICES)]).say(said).audio
        for each in (audio, read_recording(next(recordings))):
            samples = at_level(each.at_rate(HEARING_RATE).samples, PERSON_DBFS)
            yield samples[onset(samples) :]


def reaction(scene: Scene, at: float) -> Reaction:
    """To a voice that began ``at``; an answer that was not silenced counts as going on for ever."""
    interrupted = scene.of(events.Interrupted)
    if not interrupted:
        return Reaction(float("inf"), float("inf"), 1.0)
    silent = scene.silent_at(at)
    told = interrupted[0].at
    onward = [each.at for each in scene.of(events.Speaking) if each.at > told]  # a skill may answer at once
    rest = scene.between(told + FADE_S + 0.005, min([told + _REST_S, *onward]))
    return Reaction(_down_at(scene, at) - at, silent - at, float(np.abs(rest).max(initial=0.0)))


def _down_at(scene: Scene, at: float) -> float:
    """When the answer is 18 dB below its own sound; windows in which that is silent say nothing."""
    start = scene.pieces[0][0]
    first = round((at - start) * RATE)
    own, heard = scene.own[first:], scene.between(at, at + 3.0)
    for window in range(min(len(own), len(heard)) // _WINDOW):
        part = slice(window * _WINDOW, (window + 1) * _WINDOW)
        true = float(np.sqrt(np.mean(own[part] ** 2)))
        if true > 10 * AUDIBLE and float(np.sqrt(np.mean(heard[part] ** 2))) <= _DOWN * true:
            return at + window * _WINDOW / RATE
    return float("inf")


def survived(scene: Scene) -> bool:
    """It was told to its end, and went on at the right word with nothing missing."""
    if not any(spoke.complete for spoke in scene.of(events.Spoke)) or scene.of(events.Interrupted):
        return False
    resumed = follow(scene.heard, scene.own, word_starts(scene.given, RATE), RATE)
    return resumed is not None and all(each.right for each in resumed)


def gaps(scene: Scene) -> int:
    """How often nothing at all came from the speaker between two parts of the answer."""
    ends = [at + len(samples) / RATE for at, samples in scene.pieces]
    begins = [at for at, _ in scene.pieces[1:]]
    return sum(begin - end > 0.05 for end, begin in zip(ends, begins, strict=False))
