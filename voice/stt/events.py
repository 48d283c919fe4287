"""What the STT tells a conversation, in the order in which it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config.errors import SttError
from config.runtime.clean import CleanText


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Voice for 200 ms. ``since``: seconds where it began."""

    since: float


@dataclass(frozen=True, slots=True)
class MinInterruptionReached:
    """Voice for a while (``interrupt.confirm_ms``)."""


@dataclass(frozen=True, slots=True)
class PreflightTranscript:
    """The words so far, at a short silence: perhaps all there is."""

    text: CleanText
    language: str = "en"
    """ISO 639-1 code."""


@dataclass(frozen=True, slots=True)
class InterimTranscript:
    """Roughly the words at the beginning of what is being said, over an answer: is it "stop"?"""

    text: CleanText


@dataclass(frozen=True, slots=True)
class TurnResumed:
    """The silence was none."""


@dataclass(frozen=True, slots=True, eq=False)
class FinalTranscript:
    """The turn is over. ``speech_start``, ``speech_end``, ``turn_end``: seconds."""

    text: CleanText
    speech_start: float = 0.0
    speech_end: float = 0.0
    turn_end: float | None = None
    confidence: float = 1.0
    language: str = "en"
    source: Literal["voice", "text"] = "voice"


@dataclass(frozen=True, slots=True)
class FalseInterruption:
    """There was voice, and no words to answer."""

    reason: Literal["noise", "echo", "phantom", "backchannel"]


@dataclass(frozen=True, slots=True, eq=False)
class RecognitionFailed:
    """There was voice, and the engine failed over it: nobody knows what was said."""

    error: SttError


SpeechEvent = (
    RecognitionFailed
    | SpeechStarted
    | MinInterruptionReached
    | InterimTranscript
    | PreflightTranscript
    | TurnResumed
    | FinalTranscript
    | FalseInterruption
)
