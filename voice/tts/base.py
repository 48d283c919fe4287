"""Text to speech: the protocol that every engine fulfils."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from voice.audio.speech import Speech


class Tts(Protocol):
    """An engine that speaks. Blocking: call it in a thread, one call at a time."""

    name: str
    """As ``--tts`` takes it: ``piper:NAME_OR_PATH``, ``espeak:en-us``."""

    @property
    def rate(self) -> int:
        """Hz of the sound it yields; known once warm."""
        ...

    def warm(self) -> None:
        """Load everything the first sentence will need. Raises ``TtsError`` or ``ModelError``."""

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        """Speech text (already in its spoken form) to sound. Silence before and after is kept short.
        ``speed``: a factor, 1.0 is the voice's own pace.
        """

    def stream(self, text: str, ahead_s: float = 0.0, *, speed: float = 1.0) -> Iterator[Speech]:
        """The same in pieces, each as soon as it can be had: to be played one after the other. ``ahead_s``:
        of sound that is to be played before them, so that the first may be longer.

        Their words, in order, are the text's. Each piece is ready before the one before it has been played,
        if it is asked for when that one is handed to the speaker; ``more`` is false for the last.
        """
        ...


class Whole:
    """The ``stream`` of a TTS that makes the sound of a text at once."""

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        raise NotImplementedError

    def stream(self, text: str, ahead_s: float = 0.0, *, speed: float = 1.0) -> Iterator[Speech]:
        yield self.say(text, speed=speed)
