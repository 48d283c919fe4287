"""One utterance at Whisper: a draft for who waits, a finish for who does not; what is long is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voice.agreement import Stretch
from voice.audio import HEARING_RATE, Samples, window_power
from voice.ears import Transcript
from voice.language import Guess, Pin

DRAFT_BEAM = 1
FINAL_BEAM = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """``guess``: None of a model that need not find out the language."""

    transcript: Transcript
    guess: Guess | None = None


class Decoder(Protocol):
    """What a hearing needs of its engine: ``voice.whisper.Whisper``. Samples are mono float32 at 16 kHz."""

    def decode(self, samples: Samples, beam: int, pin: Pin) -> Heard: ...

    def draft(self, samples: Samples, pin: Pin, *, before: str = "") -> Heard: ...

    def spot(self, samples: Samples, pin: Pin) -> str: ...

    def stretches(self, samples: Samples, pin: Pin) -> list[Stretch]: ...


class WhisperHearing:
    """Implements ``voice.ears.Hearing``.

    Of a long utterance the words before its last pause are settled: only what follows is heard again.
    """

    def __init__(self, ears: Decoder, pin: Pin) -> None:
        self._ears = ears
        self._pin = pin
        self._parts: list[Samples] = []
        self._heard: Heard | None = None
        self._thorough = False
        self._settled: list[Transcript] = []

    def push(self, samples: Samples) -> None:
        if not len(samples):
            return
        if self._heard and not self._thorough:
            self._settle(self._heard, samples)
        self._parts.append(samples)
        self._heard = None

    def draft(self, *, thorough: bool = False) -> Transcript:
        if self._heard is None or (thorough and not self._thorough):
            sound = self._sound()
            self._thorough = thorough
            if thorough:
                self._heard = self._ears.decode(sound, FINAL_BEAM, self._pin)
            else:
                before = " ".join(part.text for part in self._settled)[-_BEFORE:]
                self._heard = self._ears.draft(sound, self._pin, before=before)
        return _joined([*self._settled, self._heard.transcript])

    def spot(self, seconds: float) -> str:
        sound = self._sound()
        return self._ears.spot(sound[-round(seconds * HEARING_RATE) :], self._pin)

    def stretches(self, begin: int) -> list[Stretch]:
        """What is heard from sample ``begin`` on, greedily (``voice.live.Again``)."""
        return self._ears.stretches(self._sound()[begin:], self._pin) if self._parts else []

    def finish(self) -> Transcript:
        transcript = self.draft(thorough=self._heard is None)
        if self._heard and self._heard.guess and transcript.text:
            self._pin.keep(self._heard.guess)
        return transcript

    def _sound(self) -> Samples:
        self._parts = [np.concatenate([np.empty(0, np.float32), *self._parts])]
        return self._parts[0]

    def _settle(self, heard: Heard, fresh: Samples) -> None:
        sound = self._sound()
        if len(sound) >= _SETTLED_S * HEARING_RATE and heard.transcript.text and _rests(sound, fresh):
            self._settled.append(heard.transcript)
            self._parts = []


_SETTLED_S = 10.0
"""Of unsettled sound: from here on a pause settles it. A draft then costs what 12 to 20 s of context do."""
_BEFORE = 200
"""Letters of what is settled that are told to Whisper with what follows."""
_REST_S, _REST_DB = 0.06, 30.0
"""A pause in which no word is cut: so long on both sides, so far below the loudest tenth of a second."""


def _rests(before: Samples, after: Samples) -> bool:
    rest = round(_REST_S * HEARING_RATE)
    around = np.concatenate([before[-rest:], after[:rest]])
    loudest = float(window_power(before, HEARING_RATE // 10).max(initial=0.0))
    return float(np.mean(np.square(around))) < loudest * 10 ** (-_REST_DB / 10)


def _joined(parts: Sequence[Transcript]) -> Transcript:
    """One after the other; as sure as the least sure of those with words."""
    said = [part for part in parts if part.text]
    if len(said) <= 1:
        return said[0] if said else parts[-1]
    text = " ".join(part.text for part in said)
    sure, last = min(part.confidence for part in said), said[-1]
    return Transcript(text, sure, parts[-1].language, closing=last.closing)
