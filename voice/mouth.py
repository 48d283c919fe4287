"""Mouth: the one type that every engine that speaks yields, and the protocol it fulfils."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from voice.audio import Audio


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a speech and where it begins and ends in the sound, in samples at the sound's rate."""

    text: str
    """As spoken, with the punctuation that follows it, so that joining words by spaces gives the text."""
    start: int
    """Negative when it began in the piece before: it belongs to the one in which its middle lies."""
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A chunk of text, its sound, and where each word lies in it."""

    text: str
    audio: Audio
    words: tuple[Word, ...]
    more: bool = False
    """It is a piece of a sentence, and the next goes on where it ends, without a pause and without a seam."""

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

    def stream(self, text: str, ahead_s: float = 0.0) -> Iterator[Speech]:
        """The same in pieces, each as soon as it can be had: to be played one after the other. ``ahead_s``:
        of sound that is to be played before them, so that the first may be longer.

        Their words, in order, are the text's. Each piece is ready before the one before it has been played,
        if it is asked for when that one is handed to the speaker; ``more`` is false for the last.
        """
        ...


class Whole:
    """The ``stream`` of a mouth that makes the sound of a text at once."""

    def say(self, text: str) -> Speech:
        raise NotImplementedError

    def stream(self, text: str, ahead_s: float = 0.0) -> Iterator[Speech]:
        yield self.say(text)
