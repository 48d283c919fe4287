"""Ears: the protocol every engine that hears fulfils, and what they tell; frames to segments."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from config.errors import EarsError
from voice.audio import Audio, Samples
from voice.conversation import Conversation
from voice.crowd import Crowd
from voice.hush import Hush
from voice.segmenter import Segment, Segmenter


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
    closing: float | None = None
    """Natural log-odds that the last word ends a sentence, by what the engine expects after it; None of one
    that does not tell."""


class Hearing(Protocol):
    """One utterance while it is being spoken. Blocking: call it in a thread, one call at a time."""

    def push(self, samples: Samples) -> None:
        """Mono float32 at 16 kHz, any length."""

    def draft(self, *, thorough: bool = False) -> Transcript:
        """The words so far, as good as they can be had while a person waits; ``thorough``: better, in more
        time.
        """

    def spot(self, seconds: float) -> str:
        """Roughly the words of the last seconds, as cheap as they can be had: to find a stop word in."""

    def finish(self) -> Transcript:
        """The utterance is over; this object is spent."""


class Stt(Protocol):
    """An engine that hears."""

    name: str
    """As ``--ears`` takes it: ``whisper:base.en``, ``pocketsphinx``."""

    def warm(self) -> None:
        """Load everything the first utterance will need. Raises ``EarsError`` or ``ModelError``."""

    def open(self, conversation: Conversation | None = None) -> Hearing:
        """Begin an utterance. ``conversation``: the one that it belongs to."""


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
    """Voice for a while (``interrupt.confirm_ms``)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The words so far, at a short silence: perhaps all there is."""

    text: str
    language: str = "en"
    """ISO 639-1 code."""


@dataclass(frozen=True, slots=True)
class Interim:
    """Roughly the words at the beginning of what is being said, over an answer: is it "stop"?"""

    text: str


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


Heard = Missed | SpeechStarted | VoiceSustained | Interim | Draft | SpeechResumed | Said | Ignored


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
    *,
    near: bool = True,
) -> AsyncGenerator[Segment, None]:
    """Frames of 512 samples at 16 kHz to segments. While ``deaf()`` every frame counts as silence:
    that is how a machine without echo cancelling keeps from answering itself. While ``resting()`` nothing
    is said that could be interrupted, and frames that bring nothing new may wait (``voice.hush``).
    ``near`` False: whatever many people say at once is wanted too, and no crowd is told from a person.
    """
    hush, was_deaf = Hush(vad), False
    crowd = Crowd() if near else None
    async for frame in frames:
        if deaf():
            silence = np.zeros_like(frame.samples)
            for segment in [*_segments(hush.flush(), segmenter, crowd), *segmenter.push(silence, 0.0)]:
                yield segment
            was_deaf = True
            continue
        if was_deaf:
            vad.reset()
        was_deaf = False
        eager = segmenter.speaking or not resting()
        for segment in _segments(
            hush.push(frame.samples, frame.for_detection, eager=eager), segmenter, crowd
        ):
            yield segment
    for segment in [*_segments(hush.flush(), segmenter, crowd), *segmenter.flush()]:
        yield segment


def _segments(
    known: Sequence[tuple[Samples, float]], segmenter: Segmenter, crowd: Crowd | None
) -> Iterator[Segment]:
    for samples, probability in known:
        if crowd:
            probability = crowd.near(samples, probability, speaking=segmenter.speaking)
        yield from segmenter.push(samples, probability)
        if crowd and crowd.over:
            yield from segmenter.flush()
