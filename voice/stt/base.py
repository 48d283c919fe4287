"""Speech to text: the protocol that every engine fulfils, and what it makes of an utterance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from config.runtime.clean import CleanText, clean
from voice.audio.samples import Audio, Samples
from voice.stt.context import Conversation


@dataclass(frozen=True, slots=True, init=False)
class Transcript:
    """What an engine made of one utterance. Here its words enter, and are cleaned."""

    text: CleanText
    """The words; empty when nothing was said or the gate took them for a hallucination."""
    confidence: float
    """0..1: the engine's own mean word probability, or its best stand-in; 0 when empty."""
    language: str = "en"
    """ISO 639-1 code."""
    hallucinated: bool = False
    """The engine wrote words, and the gate against hallucination text dropped them."""
    closing: float | None = None
    """Natural log-odds that the last word ends a sentence, by what the engine expects after it; None of one
    that does not tell."""

    def __init__(
        self,
        text: str,
        confidence: float,
        language: str = "en",
        hallucinated: bool = False,
        closing: float | None = None,
    ) -> None:
        values = (clean(text), confidence, language, hallucinated, closing)
        for name, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, name, value)


class SttStream(Protocol):
    """One utterance while it is being spoken. Blocking: call it in a thread, one call at a time."""

    def push(self, samples: Samples) -> None:
        """Mono float32 at 16 kHz, any length."""

    def preflight(self, *, thorough: bool = False) -> Transcript:
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
    """As ``--stt`` takes it: ``whisper:base.en``, ``pocketsphinx``."""

    def warm(self, language: str = "auto") -> None:
        """Load everything the first utterance will need. Raises ``SttError`` for a ``language`` that it does
        not hear, ``ModelError``.
        """

    def open(self, conversation: Conversation | None = None) -> SttStream:
        """Begin an utterance. ``conversation``: the one that it belongs to."""


def hear(stt: Stt, audio: Audio, conversation: Conversation | None = None) -> Transcript:
    """One whole utterance at once (blocking)."""
    hearing = stt.open(conversation)
    hearing.push(audio.at_rate(16_000).samples)
    return hearing.finish()


# What the STT tells the conversation, in the order in which it happens.
