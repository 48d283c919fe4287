"""A sentence piece by piece: while one piece is played, the next is made."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from config.runtime.clock import BackgroundCall, in_thread
from config.runtime.limiters import limiter_of
from voice.audio.output.speaker import Speaker
from voice.audio.speech import Speech
from voice.tts.base import Tts


async def spoken(tts: Tts, text: str, ahead_s: float = 0.0, *, speed: float = 1.0) -> AsyncGenerator[Speech]:
    """``tts.stream``, each piece in a thread. Close it with ``aclosing``. Raises what the TTS raises."""
    pieces, limiter = tts.stream(text, ahead_s, speed=speed), limiter_of(tts)
    speech = await in_thread(next, pieces, None, limiter=limiter)
    while speech is not None:
        following = _Following(pieces) if speech.more else None
        yield speech
        speech = await in_thread(following.wait, limiter=limiter) if following else None


class _Following:
    def __init__(self, pieces: Iterator[Speech]) -> None:
        self._pieces = pieces
        self._speech: Speech | None = None
        self._begun = BackgroundCall(self._make)

    def _make(self) -> None:
        self._speech = next(self._pieces, None)

    def wait(self) -> Speech | None:
        self._begun.wait()
        return self._speech


async def play(speaker: Speaker, tts: Tts, text: str, *, speed: float = 1.0) -> None:
    """Returns when the last of it fits the speaker's ring. Raises what the two raise."""
    async with aclosing(spoken(tts, text, speed=speed)) as pieces:
        async for speech in pieces:
            await speaker.play(speech)
