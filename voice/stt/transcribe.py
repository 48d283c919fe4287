"""The second half of the inward pipe: segments to words, by an engine that works beside the frames.

The frames never wait for the engine: a voice that resumes is noticed at once, and the words of a pause that
was none are dropped when they come. One piece of work at a time goes to the engine, in a thread. Until the
words of a pause are known the turn does not end (``Judge.wait_for_words``); and when a voice begins anew
before the words of a turn were told, that turn has not ended.
"""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

import anyio
import numpy as np
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectSendStream

from config.errors import SttError
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from config.runtime.limiters import limiter_of
from voice.audio.samples import HEARING_RATE, Audio
from voice.stt.base import Stt, Transcript
from voice.stt.context import Conversation
from voice.stt.events import (
    FalseInterruption,
    FinalTranscript,
    InterimTranscript,
    MinInterruptionReached,
    PreflightTranscript,
    RecognitionFailed,
    SpeechEvent,
    SpeechStarted,
    TurnResumed,
)
from voice.stt.pending_utterance import PendingUtterance
from voice.turns.endpointing.segmenter import (
    Ended,
    Lull,
    Paused,
    Resumed,
    SegmenterEvent,
    Sound,
    Started,
    Sustained,
)

T = TypeVar("T")

DEAR_PREFLIGHT_S = 0.5
"""Where the last preflights took longer than this (their median), one is begun at 200 ms of silence and not
at 32 ms: fewer of them are for nothing, and the frames of a slow machine need its time."""
_COSTS = 5

DOUBTFUL = 0.75
"""An engine less sure of a preflight than this hears it again, thoroughly. Of 137 utterances of people
tiny.en is that of 31, and has 26 of its 57 wrong words in them; of them 9 are left."""
_LATE_S = 0.2
"""The turn waits for it so much longer than the silence that ends it."""
_DEARER = 2
"""Times as long as a preflight a thorough one takes, as long as none was timed
(``voice.stt.whisper.short_context.LONGER``).
"""

_UNTOLD = 3
"""Utterances whose words are still to be told, at most: a file is read no faster than it is heard."""

_HURRIED_S = 0.05
"""Where the 170 ms of sound between a pause and a lull came in less time than this, nobody speaks live, and
the frames wait for the words."""


class Judge(Protocol):
    """Tells the segmenter how long a silence ends the turn."""

    def wait_for_words(self) -> None:
        """A pause has begun: the turn does not end before its words are known."""

    def words(self, text: str, confidence: float = 1.0, closing: float | None = None) -> int:
        """They are; empty: there are none. ``confidence``: the STT's, 0..1; 1 of those that
        do not tell; ``closing``: a ``Transcript``'s. Returns the silence that ends the turn now, in
        milliseconds.
        """

    async def sound(self, sound: Audio) -> None:
        """The silence has lasted 200 ms; all of the utterance's sound, this silence included."""


class _Transcription:
    def __init__(
        self,
        stt: Stt,
        now: Callable[[], float],
        judge: Judge | None,
        talking: Callable[[], bool],
        preflights: bool,
        told: MemoryObjectSendStream[SpeechEvent],
        group: TaskGroup,
        conversation: Conversation,
    ) -> None:
        self._stt, self._now, self._judge, self._talking = stt, now, judge, talking
        self._told = told
        self._preflights = preflights
        self._group = group
        self._conversation = conversation
        self._utterances: deque[PendingUtterance] = deque()
        """The one that is spoken last; before it those whose words are still to be told."""
        self._stirred, self._rested = anyio.Event(), anyio.Event()
        self._paused = 0.0
        self._over = self._preflighting = False
        self._costs: deque[float] = deque(maxlen=_COSTS)
        self._checks: deque[float] = deque(maxlen=_COSTS)
        """Seconds that the last preflights took, and the last thorough ones."""

    def _stir(self) -> None:
        self._stirred.set()

    # What the frames bring -------------------------------------------------------------------------

    async def listen(self, segments: AsyncIterator[SegmenterEvent]) -> None:
        async for segment in segments:
            if isinstance(segment, Started):
                await self._begin(segment)
            else:
                await self._go_on(self._utterances[-1], segment)
            self._stir()
        self._over = True
        self._stir()

    async def _begin(self, started: Started) -> None:
        last = self._utterances[-1] if self._utterances else None
        while len(self._utterances) > _UNTOLD:
            await self._next_told()
        if last is None or last.ended is None or started.since <= last.ended.end:  # an endless talker, cut
            self._utterances.append(PendingUtterance(self._stt, self._conversation))
            await self._told.send(SpeechStarted(started.since / HEARING_RATE))
        else:
            last.reopen()
            await self._resume(last)

    async def _keep_pace(self, utterance: PendingUtterance) -> None:
        while utterance.wants_preflight or self._preflighting:
            if anyio.current_time() - self._paused > _HURRIED_S:
                return
            self._stir()
            await self._next_told()

    async def _next_told(self) -> None:
        await self._rested.wait()
        self._rested = anyio.Event()

    async def _resume(self, utterance: PendingUtterance) -> None:
        utterance.resume()
        if utterance.preflighted:
            utterance.preflighted = ""
            await self._told.send(TurnResumed())

    async def _go_on(self, utterance: PendingUtterance, segment: SegmenterEvent) -> None:
        match segment:
            case Sound(samples):
                utterance.push(samples)
            case Sustained():
                await self._told.send(MinInterruptionReached())
            case Paused():
                utterance.voiced, self._paused = False, anyio.current_time()
                if self._judge:
                    self._judge.wait_for_words()
                utterance.wants_preflight = self._preflights and not self._is_dear
            case Lull(samples):
                utterance.wants_preflight |= self._preflights and not utterance.asked
                if self._judge:
                    sound = np.concatenate([utterance.audio.samples, samples])
                    self._group.start_soon(self._judge.sound, Audio(sound, HEARING_RATE))
                    await self._keep_pace(utterance)
            case Resumed():
                await self._resume(utterance)
            case Ended():
                utterance.ended, utterance.turn_end = segment, self._now()
            case _:
                pass

    @property
    def _is_dear(self) -> bool:
        return bool(self._costs) and statistics.median(self._costs) > DEAR_PREFLIGHT_S

    # What the engine does --------------------------------------------------------------------------

    async def _in_engine(self, work: Callable[..., T], *args: object) -> T:
        return await in_thread(work, *args, limiter=limiter_of(self._stt))

    async def hear(self) -> None:
        while utterance := await self._due():
            try:
                await self._work(utterance)
            except SttError as error:
                await self._fail(utterance, error)
            self._preflighting = False
            self._rested.set()
        await self._told.aclose()

    async def _due(self) -> PendingUtterance | None:
        while True:
            if self._utterances and (self._utterances[0].has_work or self._may_stop(self._utterances[0])):
                return self._utterances[0]
            if self._over and not any(one.has_work for one in self._utterances):
                return None
            self._stirred = anyio.Event()
            await self._stirred.wait()

    def _may_stop(self, utterance: PendingUtterance) -> bool:
        return utterance.may_stop() and self._talking()

    async def _work(self, utterance: PendingUtterance) -> None:
        if utterance.ended:
            await self._finish(utterance)
        elif utterance.wants_preflight or utterance.wants_check:
            await self._preflight(utterance)
        elif self._may_stop(utterance):
            utterance.spotted_s = utterance.seconds
            if text := await self._in_engine(utterance.spot, utterance.fresh()):
                await self._told.send(InterimTranscript(clean(text)))
        else:
            await self._in_engine(utterance.pass_on, utterance.fresh())

    async def _preflight(self, utterance: PendingUtterance) -> None:
        thorough, pauses = not utterance.wants_preflight, utterance.pauses
        utterance.wants_preflight = utterance.wants_check = False
        utterance.asked = self._preflighting = True
        began = self._now()
        transcript = await self._in_engine(utterance.preflight, utterance.fresh(), thorough)
        (self._checks if thorough else self._costs).append(self._now() - began)
        if utterance.pauses != pauses or utterance.ended:
            return  # a voice again: they are the words of a pause that was none
        told = (transcript.text, transcript.confidence, transcript.closing)
        wait_ms = self._judge.words(*told) if self._judge else 0
        if transcript.text:
            doubtful = transcript.confidence < DOUBTFUL
            utterance.wants_check = doubtful and not thorough and self._may_check(wait_ms)
            if transcript.text != utterance.preflighted:
                utterance.preflighted = transcript.text
                await self._told.send(PreflightTranscript(transcript.text, transcript.language))

    def _may_check(self, wait_ms: int) -> bool:
        """It is done before the silence is, or soon after."""
        left_s = wait_ms / 1000 - (anyio.current_time() - self._paused)
        check_s = statistics.median(self._checks or [_DEARER * statistics.median(self._costs)])
        return check_s <= left_s + _LATE_S

    async def _finish(self, utterance: PendingUtterance) -> None:
        transcript = await self._in_engine(utterance.finish, utterance.fresh())
        if ended := utterance.ended:
            self._utterances.popleft()
            await self._told.send(_said(transcript, utterance, ended))

    async def _fail(self, utterance: PendingUtterance, error: SttError) -> None:
        """Told when it fails at the end as well; until then it is as if there were no words yet."""
        utterance.failed = True
        utterance.begin_anew()
        if utterance.ended:
            self._utterances.popleft()
            await self._told.send(RecognitionFailed(error))
        elif self._judge and not utterance.voiced:
            self._judge.words("")


def _said(
    transcript: Transcript, utterance: PendingUtterance, ended: Ended
) -> FinalTranscript | FalseInterruption:
    if not transcript.text:
        return FalseInterruption("phantom" if transcript.hallucinated else "noise")
    return FinalTranscript(
        text=transcript.text,
        speech_start=ended.start / HEARING_RATE,
        speech_end=ended.end / HEARING_RATE,
        turn_end=utterance.turn_end,
        confidence=transcript.confidence,
        language=transcript.language,
    )


@asynccontextmanager
async def transcribe(
    segments: AsyncIterator[SegmenterEvent],
    stt: Stt,
    now: Callable[[], float],
    judge: Judge | None = None,
    *,
    talking: Callable[[], bool] = lambda: False,
    preflights: bool = True,
    conversation: Conversation | None = None,
) -> AsyncIterator[AsyncIterator[SpeechEvent]]:
    """Segments to words. It is never cancelled by an answer, so that who goes on speaking loses no word.

    ``now``: seconds on the microphone's clock. ``judge`` says how long a silence ends the turn; without one
    it is the segmenter's. While ``talking()`` an answer is to be heard, and stop words are looked for while
    they are spoken. ``preflights`` False: nobody waits, and an utterance is heard when it is over, as well as
    can be. ``conversation``: the one that these are part of.
    """
    told, heard = anyio.create_memory_object_stream[SpeechEvent](0)
    async with anyio.create_task_group() as group, told, heard:
        transcription = _Transcription(
            stt, now, judge, talking, preflights, told, group, conversation or Conversation()
        )
        group.start_soon(transcription.listen, segments)
        group.start_soon(transcription.hear)
        yield heard
        group.cancel_scope.cancel()
