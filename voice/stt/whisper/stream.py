"""One utterance at Whisper: a preflight for who waits, a finish for who does not; what is long is settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from voice.audio.samples import HEARING_RATE, Samples, window_power
from voice.stt.base import Transcript
from voice.stt.context import Conversation, PriorUtterance
from voice.stt.language_pin import Guess
from voice.stt.local_agreement import Segment
from voice.stt.whisper.short_context import BEAMS
from voice.turns.endpointing.completeness import words_of

Before = Callable[[str], Sequence[PriorUtterance]]
"""A language to what was said in it before, the oldest first."""


@dataclass(frozen=True, slots=True)
class DecodedUtterance:
    """``guess``: None of a model that need not find out the language."""

    transcript: Transcript
    guess: Guess | None = None


class WhisperModel(Protocol):
    """What a hearing needs of its engine: ``voice.stt.whisper.engine.Whisper``. Samples are mono float32 at
    16 kHz; ``before``: a language to what was said in it before.
    """

    def decode(self, samples: Samples, beam: int, told: Conversation) -> DecodedUtterance: ...

    def preflight(self, samples: Samples, told: Conversation, before: Before) -> DecodedUtterance: ...

    def check(self, samples: Samples, told: Conversation, before: Before) -> DecodedUtterance: ...

    def spot(self, samples: Samples, told: Conversation) -> str: ...

    def segments(self, samples: Samples, told: Conversation) -> list[Segment]: ...


class WhisperStream:
    """Implements ``voice.stt.base.SttStream``.

    Of a long utterance the words before its last pause are settled: only what follows is heard again.
    """

    def __init__(self, stt: WhisperModel, conversation: Conversation) -> None:
        self._stt = stt
        self._conversation = conversation
        self._parts: list[Samples] = []
        self._heard: DecodedUtterance | None = None
        self._thorough = False
        self._settled: list[tuple[Transcript, float]] = []
        """With the seconds of their sound."""
        self._seconds = 0.0

    def push(self, samples: Samples) -> None:
        if not len(samples):
            return
        if self._heard and not self._thorough:
            self._settle(self._heard, samples)
        self._parts.append(samples)
        self._seconds += len(samples) / HEARING_RATE
        self._heard = None

    def preflight(self, *, thorough: bool = False) -> Transcript:
        if self._heard is None:
            self._heard, self._thorough = self._hear_whole() if thorough else self._preflight(), thorough
        elif thorough and not self._thorough:
            checked = self._stt.check(self._sound(), self._conversation, self._before)
            self._heard, self._thorough = _closing_as(self._heard, checked), True
        return self._joined(self._heard.transcript)

    def _preflight(self) -> DecodedUtterance:
        return self._stt.preflight(self._sound(), self._conversation, self._before)

    def _hear_whole(self) -> DecodedUtterance:
        return self._stt.decode(self._sound(), BEAMS, self._conversation)

    def _joined(self, last: Transcript) -> Transcript:
        return _joined([*(settled for settled, _ in self._settled), last])

    def _before(self, language: str) -> Sequence[PriorUtterance]:
        settled = [PriorUtterance(part.text, part.language, seconds) for part, seconds in self._settled]
        return [*self._conversation.before(language), *settled]

    def spot(self, seconds: float) -> str:
        sound = self._sound()
        return self._stt.spot(sound[-round(seconds * HEARING_RATE) :], self._conversation)

    def segments(self, begin: int) -> list[Segment]:
        """What is heard from sample ``begin`` on, greedily (``voice.stt.streaming.Again``)."""
        return self._stt.segments(self._sound()[begin:], self._conversation) if self._parts else []

    def finish(self) -> Transcript:
        transcript = self.preflight(thorough=self._heard is None)
        if self._heard and transcript.text:
            utterance = PriorUtterance(transcript.text, transcript.language, self._seconds)
            self._conversation.keep(utterance, transcript.confidence, self._heard.guess)
        return transcript

    def _sound(self) -> Samples:
        self._parts = [np.concatenate([np.empty(0, np.float32), *self._parts])]
        return self._parts[0]

    def _settle(self, heard: DecodedUtterance, fresh: Samples) -> None:
        sound = self._sound()
        if len(sound) >= _SETTLED_S * HEARING_RATE and heard.transcript.text and _rests(sound, fresh):
            self._settled.append((heard.transcript, len(sound) / HEARING_RATE))
            self._parts = []


_SETTLED_S = 10.0
"""Of unsettled sound: from here on a pause settles it. A preflight then costs what 12 to 20 s of context do.
"""
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


def _closing_as(preflighted: DecodedUtterance, checked: DecodedUtterance) -> DecodedUtterance:
    """Five beams do not tell what was expected after the last word; where that agrees, a preflight did."""
    before, after = (words_of(heard.transcript.text)[-1:] for heard in (preflighted, checked))
    if before != after:
        return checked
    return replace(checked, transcript=replace(checked.transcript, closing=preflighted.transcript.closing))
