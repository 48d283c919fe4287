"""Spoken questions whose words are known, and an STT that is told them: to measure all but the STT."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.base import SttStream, Transcript
from voice.stt.context import Conversation

HISS = 0.001
"""RMS of full scale: -60 dBFS."""
_BREATH = HEARING_RATE // 4
"""Samples of an unvoiced end ("if") that the voice detector takes for silence."""


@dataclass(frozen=True)
class Question:
    """``ends``: where each stretch's sound ends, in samples at ``HEARING_RATE``."""

    segments: tuple[str, ...]
    sound: Samples
    ends: tuple[int, ...]

    def words_until(self, sample: int) -> str:
        """What had been said whole, but for a last sound that is all breath."""
        said = zip(self.segments, self.ends, strict=True)
        return " ".join(text for text, end in said if end <= sample + _BREATH)


def speak(
    segments: tuple[str, ...], voice: str, pause_ms: int, hiss: np.random.Generator, *, after_s: float = 4.0
) -> Question:
    """By espeak: a second of hiss, the stretches with ``pause_ms`` between them, ``after_s`` of hiss."""
    from voice.tts.espeak import Espeak

    sounds: list[Samples] = [np.zeros(HEARING_RATE, np.float32)]
    ends = []
    for text in segments:
        sound = Espeak(voice).say(text).audio.at_rate(HEARING_RATE).samples
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        sounds.append(sound[loud[0] : loud[-1] + 1])
        ends.append(sum(map(len, sounds)))
        sounds.append(np.zeros(round(pause_ms / 1000 * HEARING_RATE), np.float32))
    sounds[-1] = np.zeros(round(after_s * HEARING_RATE), np.float32)
    whole = np.concatenate(sounds)
    return Question(segments, whole + hiss.normal(0, HISS, len(whole)).astype(np.float32), tuple(ends))


class ToldStt:
    """Implements ``Stt`` and ``SttStream`` at once. ``words``: what has been said so far."""

    name = "told"

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words

    def warm(self, language: str = "auto") -> None: ...

    def open(self, conversation: Conversation | None = None) -> SttStream:
        return self

    def push(self, samples: Samples) -> None: ...

    def preflight(self, *, thorough: bool = False) -> Transcript:
        return self.finish()

    def spot(self, seconds: float) -> str:
        return self._words()

    def finish(self) -> Transcript:
        text = self._words()
        return Transcript(text, 1.0 if text else 0.0)
