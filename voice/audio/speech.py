"""Speech as a value: a chunk of text, its sound, and where each word lies in it."""

from __future__ import annotations

from dataclasses import dataclass

from voice.audio.samples import Audio


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
