"""Ears: the protocol every engine that hears fulfils, and the inward pipe: ``listen``, ``transcribe``."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from config.errors import EarsError
from voice.audio import HEARING_RATE, Audio, Samples
from voice.clock import Begun, in_thread
from voice.hush import Hush
from voice.segmenter import Ended, Paused, Resumed, Segment, Segmenter, Sound, Started, Sustained


@dataclass(frozen=True, slots=True)
class Transcript:
    """What an engine made of one utterance."""

    text: str
    """The words; empty when nothing was said or the gate took them for a phantom."""
    confidence: float
    """0..1: the engine's own mean word probability, or its best stand-in; 0 when empty."""
    language: str = "en"
    """ISO 639-1 code."""
    phantom: bool = False
    """The engine wrote words, and the gate against phantom text dropped them."""


class Hearing(Protocol):
    """One utterance while it is being spoken. Blocking: call it in a thread, one call at a time."""

    def push(self, samples: Samples) -> None:
        """Mono float32 at 16 kHz, any length."""

    def draft(self) -> Transcript:
        """The words so far, as good as they can be had at this moment."""

    def finish(self) -> Transcript:
        """The utterance is over; this object is spent."""


class Stt(Protocol):
    """An engine that hears."""

    name: str
    """As ``--ears`` takes it: ``whisper:base.en``, ``pocketsphinx``."""

    def warm(self) -> None:
        """Load everything the first utterance will need. Raises ``EarsError`` or ``ModelError``."""

    def open(self) -> Hearing:
        """Begin an utterance."""


def hear(stt: Stt, audio: Audio) -> Transcript:
    """One whole utterance at once (blocking)."""
    hearing = stt.open()
    hearing.push(audio.at_rate(16_000).samples)
    return hearing.finish()


# What the ears tell the conversation, in the order in which it happens.


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Voice for 200 ms. ``since``: seconds where it began."""

    since: float


@dataclass(frozen=True, slots=True)
class VoiceSustained:
    """Voice for a while (``interrupt.confirm_ms``): no cough, no door."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The words so far, at a short silence: perhaps all there is."""

    text: str
    language: str = "en"
    """ISO 639-1 code."""


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """The silence was none."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """The turn is over. ``speech_start``, ``speech_end``, ``turn_end``: seconds; the sound is at 16 kHz."""

    text: str
    speech_start: float = 0.0
    speech_end: float = 0.0
    turn_end: float | None = None
    confidence: float = 1.0
    language: str = "en"
    audio: Audio | None = None
    source: Literal["voice", "text"] = "voice"


@dataclass(frozen=True, slots=True)
class Ignored:
    """There was voice, and no words to answer."""

    reason: Literal["noise", "echo", "phantom", "backchannel"]


@dataclass(frozen=True, slots=True, eq=False)
class Missed:
    """There was voice, and the engine failed over it: nobody knows what was said."""

    error: EarsError


Heard = Missed | SpeechStarted | VoiceSustained | Draft | SpeechResumed | Said | Ignored


class Vad(Protocol):
    """How likely a frame holds a voice."""

    def push(self, frame: Samples) -> float: ...

    def look(self, frames: Sequence[Samples]) -> list[float]:
        """As if each were pushed; several at once cost less."""

    def reset(self) -> None: ...


async def listen(
    frames: AsyncIterator[Audio],
    vad: Vad,
    segmenter: Segmenter,
    deaf: Callable[[], bool] = lambda: False,
    resting: Callable[[], bool] = lambda: False,
) -> AsyncGenerator[Segment, None]:
    """Frames of 512 samples at 16 kHz to segments. While ``deaf()`` every frame counts as silence:
    that is how a machine without echo cancelling keeps from answering itself. While ``resting()`` nothing
    is said that could be interrupted, and frames that bring nothing new may wait (``voice.hush``).
    """
    hush, was_deaf = Hush(vad), False
    async for frame in frames:
        if deaf():
            silence = np.zeros_like(frame.samples)
            known = [*hush.flush(), (silence, 0.0)]
            was_deaf = True
        else:
            if was_deaf:
                vad.reset()
            was_deaf = False
            eager = segmenter.speaking or not resting()
            known = hush.push(frame.samples, frame.for_detection, eager=eager)
        for samples, probability in known:
            for segment in segmenter.push(samples, probability):
                yield segment
    for samples, probability in hush.flush():
        for segment in segmenter.push(samples, probability):
            yield segment
    for segment in segmenter.flush():
        yield segment


_PUSH_FRAMES = 4
"""Frames handed to the engine at once: a thread hop per 128 ms instead of per 32 ms."""

_DEAR_DRAFT_S = 1.0
"""An engine whose draft takes longer than this is not asked for drafts: it would fall behind the person."""


class _Utterance:
    """One utterance on its way through the engine, and all of its sound.

    The engine works beside the frames that go on arriving: were it waited for, the 0.7 s of sound that an
    utterance begins with would keep ``VoiceSustained`` back by 0.1 to 0.3 s. What arrives while it works
    goes to it together.
    """

    def __init__(self, stt: Stt) -> None:
        self._hearing = stt.open()
        self._sound: list[Samples] = []
        self._pushed = 0
        self._begun: Begun | None = None
        self.drafted = False

    def push(self, samples: Samples) -> None:
        self._sound.append(samples)
        idle = self._begun is None or self._begun.done
        if idle and len(self._sound) - self._pushed >= _PUSH_FRAMES:
            before, fresh = self._begun, self._fresh()
            self._begun = Begun(self._hand_over, before, fresh)

    def _fresh(self) -> Samples:
        fresh = self._sound[self._pushed :]
        self._pushed = len(self._sound)
        return np.concatenate([np.empty(0, np.float32), *fresh])

    def _hand_over(self, before: Begun | None, fresh: Samples) -> None:
        if before:
            before.wait()
        if len(fresh):
            self._hearing.push(fresh)

    def _written(self, before: Begun | None, fresh: Samples) -> Transcript:
        self._hand_over(before, fresh)
        return self._hearing.draft()

    def _finished(self, before: Begun | None, fresh: Samples) -> Transcript:
        self._hand_over(before, fresh)
        return self._hearing.finish()

    async def draft(self) -> Draft:
        """Without words when the engine fails: ``finish`` tells."""
        try:
            heard = await in_thread(self._written, self._begun, self._fresh())
        except EarsError:
            heard = Transcript("", 0.0)
        self.drafted = bool(heard.text)
        return Draft(heard.text, heard.language)

    async def finish(self) -> Transcript:
        """Raises ``EarsError``."""
        return await in_thread(self._finished, self._begun, self._fresh())

    @property
    def audio(self) -> Audio:
        return Audio(np.concatenate(self._sound), HEARING_RATE)


Judge = Callable[[str, Audio], Awaitable[None]]
"""Told a draft and all of its sound; may tell the segmenter how long to wait."""


async def transcribe(
    segments: AsyncIterator[Segment],
    stt: Stt,
    now: Callable[[], float],
    judge: Judge | None = None,
) -> AsyncGenerator[Heard, None]:
    """Segments to words. It stands in the inward pipe and is never cancelled by an answer, so that a
    person who goes on speaking loses no word. ``now``: seconds on the microphone's clock. ``judge`` is told
    each draft before the next frame is looked at.
    """
    utterance = _Utterance(stt)
    draft_s = 0.0
    async for segment in segments:
        match segment:
            case Started(since):
                utterance = _Utterance(stt)
                yield SpeechStarted(since / HEARING_RATE)
            case Sound(samples):
                utterance.push(samples)
            case Sustained():
                yield VoiceSustained()
            case Paused():
                if draft_s <= _DEAR_DRAFT_S:
                    began = now()
                    draft = await utterance.draft()
                    draft_s = now() - began
                    if draft.text:
                        if judge:
                            await judge(draft.text, utterance.audio)
                        yield draft
            case Resumed():
                if utterance.drafted:
                    yield SpeechResumed()
            case Ended(start, end):
                turn_end = now()
                try:
                    transcript = await utterance.finish()
                except EarsError as error:
                    yield Missed(error)
                    continue
                if transcript.text:
                    yield Said(
                        text=transcript.text,
                        speech_start=start / HEARING_RATE,
                        speech_end=end / HEARING_RATE,
                        turn_end=turn_end,
                        confidence=transcript.confidence,
                        language=transcript.language,
                        audio=utterance.audio,
                    )
                else:
                    yield Ignored("phantom" if transcript.phantom else "noise")
