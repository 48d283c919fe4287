"""Mouth: the one type that every engine that speaks yields, and the protocol it fulfils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from voice.audio import Audio


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a speech and where it begins and ends in the sound, in samples at the sound's rate."""

    text: str
    """As spoken, with the punctuation that follows it, so that joining words by spaces gives the text."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A chunk of text, its sound, and where each word lies in it."""

    text: str
    audio: Audio
    words: tuple[Word, ...]

    def heard(self, samples: int) -> str:
        """The words that had been spoken to their middle when ``samples`` had left the speaker."""
        return " ".join(word.text for word in self.words if (word.start + word.end) / 2 <= samples)


class Tts(Protocol):
    """An engine that speaks. Blocking: call it in a thread, one call at a time."""

    name: str
    """As ``--mouth`` takes it: ``piper:NAME_OR_PATH``, ``espeak:en-us``."""
    speed: float
    """A factor, 1.0 is the voice's own pace; a change is heard from the next ``say`` on."""

    @property
    def rate(self) -> int:
        """Hz of the sound it yields; known once warm."""
        ...

    def warm(self) -> None:
        """Load everything the first sentence will need. Raises ``MouthError`` or ``ModelError``."""

    def say(self, text: str) -> Speech:
        """Speech text (already in its spoken form) to sound. Silence before and after is kept short."""
