"""A take is heard: its recording becomes utterances, and these become the text, commands obeyed."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from functools import partial

from config.errors import SttError
from config.language.phrases import phrases
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from pipeline import events
from pipeline.dictation import events as dictation_events
from pipeline.dictation.active_take import ActiveTake, DictationContext, EndReason, open_document, write
from pipeline.dictation.finish import TakeFinisher
from pipeline.dictation.take import TakeUtterance
from pipeline.dictation.text.document import Outcome
from voice.audio.samples import HEARING_RATE, Audio
from voice.stt.events import FinalTranscript, RecognitionFailed, SpeechStarted
from voice.stt.streaming import Dictated, InterimWords, dictated
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen

_SHOWN = 500
"""Letters of the end of the text that an event carries: the text of hours would be too much each time."""


_ATTEMPTS = 2


class TakeTranscriber:
    """``before``: the take that was finished last; "undo" on an empty page means it.

    ``pause_s``: ``paused`` is told of a take in which nobody has spoken for so long; 0: never.
    """

    def __init__(
        self,
        context: DictationContext,
        finishing: TakeFinisher,
        pause_s: float,
        paused: Callable[[ActiveTake], None],
    ) -> None:
        self._context = context
        self._finishing = finishing
        self._pause_s = pause_s
        self._paused = paused
        self.before: ActiveTake | None = None

    async def replay(self, current: ActiveTake) -> None:
        """What the account has of it already."""
        for utterance in await in_thread(self._context.takes.utterances, current.take.id):
            outcome = write(current, utterance)
            if outcome.kind in ("stop", "send", "new_take"):
                current.by = outcome.kind

    async def hear(self, current: ActiveTake, end: int | None = None) -> EndReason:
        """To the end of the recording, or to sample ``end``, or to the command that ends it; what that was.

        An engine that fails over an utterance gets a second try. If that fails as well, the person is told,
        and the recording goes on to its end. Then raises ``SttError``.
        """
        if current.by in ("stop", "send", "new_take"):
            return current.by  # as the account has it
        await self._context.loaded()
        for attempt in range(_ATTEMPTS):
            missed: SttError | None = None
            began = current.heard_to
            async with self._dictated(current, end) as heard:
                async for item in heard:
                    if isinstance(item, RecognitionFailed) and not missed:
                        missed = item.error
                        if attempt < _ATTEMPTS - 1:
                            break
                        self._tell_missed(current, missed)
                    if not missed and (by := await self._take_in(current, item, began)):
                        return by
            if not missed:
                return current.by
        assert missed
        raise missed

    def _tell_missed(self, current: ActiveTake, error: SttError) -> None:
        kept, kind = clean("What you say goes on being recorded."), type(error).__name__
        self._tell(current, partial(events.Failed, error=kind, message=error.failed, kept=kept))

    @asynccontextmanager
    async def _dictated(
        self, current: ActiveTake, end: int | None
    ) -> AsyncIterator[AsyncGenerator[Dictated, None]]:
        context, recording = self._context, current.recording
        context.vad.reset()
        segmenter = Segmenter(context.listen)
        async with (
            aclosing(recording.frames(current.heard_to, end)) as frames,
            aclosing(self._until_a_pause(frames, current, segmenter)) as heeded,
            aclosing(listen(heeded, context.vad, segmenter, resting=lambda: True, near=False)) as segments,
            aclosing(
                dictated(
                    segments,
                    context.stt,
                    segmenter,
                    context.now,
                    live=context.live,
                    behind_s=recording.behind_s,
                    conversation=context.conversation,
                )
            ) as words,
        ):
            yield words

    async def _until_a_pause(
        self, frames: AsyncIterator[Audio], current: ActiveTake, segmenter: Segmenter
    ) -> AsyncGenerator[Audio, None]:
        silent = 0.0
        async for frame in frames:
            silent = 0.0 if segmenter.speaking else silent + frame.seconds
            if self._pause_s and silent >= self._pause_s:
                self._paused(current)
            yield frame

    async def _take_in(self, current: ActiveTake, item: Dictated, began: int) -> EndReason | None:
        match item:
            case SpeechStarted():
                self._tell(current, events.SpeechStarted)
            case InterimWords(words):
                committed, tentative = clean(words.committed), clean(words.tentative)
                interim = partial(dictation_events.InterimTranscript, committed=committed)
                self._tell(current, partial(interim, tentative=tentative))
            case FinalTranscript():
                return await self._said(current, item, began)
            case _:
                pass
        return None

    async def _said(self, current: ActiveTake, said: FinalTranscript, began: int) -> EndReason | None:
        current.speech_end = current.origin + began / HEARING_RATE + said.speech_end
        current.heard_at = self._context.now()
        ended, sure = round(current.speech_end, 3), round(said.confidence, 3)
        heard = partial(events.FinalTranscript, text=said.text, speech_end=ended, confidence=sure)
        self._tell(current, heard)
        if not current.count and current.take.language == "auto":
            await self._settle_language(current, said.language)
        first, last = (began + round(s * HEARING_RATE) for s in (said.speech_start, said.speech_end))
        utterance, number = TakeUtterance(said.text, first, last), current.count
        outcome = write(current, utterance)
        by, message = await self._obey(current, outcome)
        if outcome.kind == "change":
            utterance = dataclasses.replace(utterance, became=current.document.text)
        # What is not in the account yet is heard again after a crash.
        await in_thread(self._context.takes.heard, current.take.id, number, utterance)
        if by is None:
            text = clean(current.document.text[-_SHOWN:])
            wrote = partial(dictation_events.Wrote, command=outcome.kind, text=text, message=clean(message))
            self._tell(current, wrote)
        return by

    async def _settle_language(self, current: ActiveTake, language: str) -> None:
        current.language, current.document = language, open_document(self._context, language)
        change = self._context.takes.change
        await in_thread(lambda: change(current.take.id, "recorded", language=language))

    async def _obey(self, current: ActiveTake, outcome: Outcome) -> tuple[EndReason | None, str]:
        """What ends the take, if it does; what to tell the person."""
        kind, message, own = outcome.kind, outcome.said, phrases(current.language)
        match kind:
            case "stop" | "send" | "new_take":
                return kind, ""
            case "read_back":
                await self._context.say(outcome.text or own.say("dictating.nothing_yet"))
            case "copy":
                message = await self._finishing.copy(current)
            case "change":
                message = await self._change(current, outcome)
            case "undo" if self.before:
                message = await self._finishing.take_back(self.before)
            case "undo":
                message = own.say("effects.none")
            case "learned":
                await self._context.learn(outcome.detail)
            case _:
                pass
        if kind in ("refused", "undo", "change"):
            await self._context.say(message)
        return None, message

    async def _change(self, current: ActiveTake, outcome: Outcome) -> str:
        """Of the text so far, or of the take before while there is none; why it could not be done."""
        if current.document.text:
            became, reason = await self._finishing.change(current, current.document.text, outcome.detail)
            current.document.replace(became)
            return reason
        if self.before:
            message = await self._finishing.change_delivered(self.before, outcome.detail)
            current.left = current.left or bool(message)
            return message
        return phrases(current.language).say("dictating.no_text")

    def _tell(self, current: ActiveTake, event: Callable[..., events.Event]) -> None:
        self._context.notify(event(at=self._context.now(), turn=current.turn))
