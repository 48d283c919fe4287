"""Speech to words while it is spoken, for a dictation: tentative words once a second, then the final ones.

Unlike ``voice.stt.transcribe`` nothing here hurries for an answer: the sound lies on disk (the frames
are read from there), so the engine is simply waited for, and an utterance is heard once more as a whole with
the full beam when it is over, however its words looked on the way.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import anyio
import numpy as np

from config.errors import SttError
from config.runtime.clock import in_thread
from config.runtime.limiters import limiter_of
from voice.audio.samples import HEARING_RATE, Samples
from voice.stt.base import Stt, SttStream, Transcript
from voice.stt.context import Conversation
from voice.stt.events import FalseInterruption, FinalTranscript, RecognitionFailed, SpeechStarted
from voice.stt.local_agreement import AgreedWords, Agreement, Segment
from voice.turns.endpointing.segmenter import (
    Ended,
    Paused,
    Resumed,
    Segmenter,
    SegmenterEvent,
    Sound,
    Started,
)

STEP_S = 1.0
"""New sound between two passes over an utterance ..."""
_LEAST_STEP_S, _SHARE = 0.6, 3.0
"""... or less, where a pass is so quick that it takes no more than a third of the time."""

_PUSH_S = 0.128
_BEHIND_S = 0.25
"""With so much sound waiting to be read the engine is behind: no pass is spent on tentative words."""

_PATIENT_S, _BRIEF_S = 12.0, 20.0
"""From here on in one utterance, a pause of ``_PATIENT_MS`` (``_BRIEF_MS``) ends it: Whisper hears 30 s at a
time, and a cut in a pause, however short, costs no word."""
_PATIENT_MS, _BRIEF_MS = 400.0, 160.0


@runtime_checkable
class Again(Protocol):
    """A hearing that can hear its sound again from anywhere, as ``voice.stt.whisper.engine`` can."""

    def segments(self, begin: int) -> list[Segment]:
        """What is heard from sample ``begin`` on (blocking)."""


@dataclass(frozen=True, slots=True)
class InterimWords:
    """The words of the utterance under way, as far as they are known."""

    words: AgreedWords


Dictated = SpeechStarted | InterimWords | FinalTranscript | FalseInterruption | RecognitionFailed


class _Utterance:
    def __init__(self, stt: Stt, conversation: Conversation) -> None:
        self._hearing: SttStream = stt.open(conversation)
        self._limiter = limiter_of(stt)
        self._agreement = Agreement()
        self._waiting: list[Samples] = []
        self._new_s = 0.0
        self._step_s = STEP_S
        self.seconds = 0.0

    async def push(self, samples: Samples) -> None:
        self._waiting.append(samples)
        self._new_s += len(samples) / HEARING_RATE
        self.seconds += len(samples) / HEARING_RATE
        if sum(map(len, self._waiting)) >= _PUSH_S * HEARING_RATE:
            await in_thread(self._pass_on, limiter=self._limiter)

    def _pass_on(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._hearing.push(np.concatenate(waiting))

    @property
    def due(self) -> bool:
        return self._new_s >= self._step_s

    async def words(self) -> AgreedWords:
        """One pass over it. Raises ``SttError``."""
        self._new_s, began = 0.0, anyio.current_time()
        words = await in_thread(self._pass, limiter=self._limiter)
        self._step_s = min(STEP_S, max(_LEAST_STEP_S, _SHARE * (anyio.current_time() - began)))
        return words

    def _pass(self) -> AgreedWords:
        self._pass_on()
        begin = self._agreement.begin_s
        if isinstance(self._hearing, Again):
            heard = self._hearing.segments(round(begin * HEARING_RATE))
        else:
            heard = [Segment(self._hearing.preflight().text, 0.0)]
        return self._agreement.push(heard, self.seconds - begin)

    async def preflight(self) -> AgreedWords | None:
        """All of it, heard at once; None where nothing is to be shown of it."""

        def work() -> AgreedWords | None:
            self._pass_on()
            text = self._hearing.preflight(thorough=True).text
            if not text or self._agreement.begin_s:
                return None
            return self._agreement.push([Segment(text, 0.0)], 0.0)

        return await in_thread(work, limiter=self._limiter)

    async def finish(self) -> Transcript:
        def work() -> Transcript:
            self._pass_on()
            return self._hearing.finish()

        return await in_thread(work, limiter=self._limiter)


async def dictated(
    segments: AsyncIterator[SegmenterEvent],
    stt: Stt,
    segmenter: Segmenter,
    now: Callable[[], float],
    *,
    live: bool = True,
    behind_s: Callable[[], float] = lambda: 0.0,
    conversation: Conversation | None = None,
) -> AsyncGenerator[Dictated, None]:
    """Segments to words; positions are seconds since the segments began, ``turn_end`` is ``now()``.

    In a pause (``listen.preflight_ms``) all of an utterance is heard already: its words are there when
    the pause has lasted. ``live`` False: nobody watches, and no pass is spent on tentative words.
    ``behind_s``: seconds of sound that wait to be read. ``conversation``: the one it belongs to.
    """
    utterance: _Utterance | None = None
    conversation = conversation or Conversation()
    async for segment in segments:
        try:
            match segment:
                case Started(since):
                    utterance = _Utterance(stt, conversation)
                    yield SpeechStarted(since / HEARING_RATE)
                case Sound() | Paused() | Ended() if utterance is None:
                    pass  # it has been told that the STT failed over this one
                case Sound(samples):
                    assert utterance
                    await utterance.push(samples)
                    if live and utterance.due and behind_s() < _BEHIND_S:
                        yield InterimWords(await utterance.words())
                case Paused():
                    assert utterance
                    if utterance.seconds > _PATIENT_S:
                        segmenter.expect(_BRIEF_MS if utterance.seconds > _BRIEF_S else _PATIENT_MS)
                    if (words := await utterance.preflight()) and live:
                        yield InterimWords(words)
                case Ended(start, end):
                    assert utterance
                    turn_end = now()
                    yield _heard(await utterance.finish(), start, end, turn_end)
                case Resumed() | _:
                    pass
        except SttError as error:
            utterance = None
            yield RecognitionFailed(error)


def _heard(
    transcript: Transcript, start: int, end: int, turn_end: float
) -> FinalTranscript | FalseInterruption:
    if not transcript.text:
        return FalseInterruption("phantom" if transcript.hallucinated else "noise")
    return FinalTranscript(
        text=transcript.text,
        speech_start=start / HEARING_RATE,
        speech_end=end / HEARING_RATE,
        turn_end=turn_end,
        confidence=transcript.confidence,
        language=transcript.language,
    )
