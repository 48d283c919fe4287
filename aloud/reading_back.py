"""The voice of a dictation: "read that back", what is refused, a text to be spoken. Opened when needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import anyio

from aloud.rungs import choose_mouth
from aloud.talking import deafness
from config.errors import EngineError, TargetError
from config.settings import Settings
from pipeline.sentences import Sentences
from voice.clock import in_thread
from voice.mouth import Tts
from voice.speaker import Speaker, speaker

if TYPE_CHECKING:
    from voice.spoken import Piece


class _Asked:
    def __init__(self, text: str) -> None:
        self.text = text
        self.done = anyio.Event()
        self.error: EngineError | None = None


class ReadingBack:
    """``run`` it as a task, which owns the speaker; ``say`` speaks a text to its end.

    The microphone is ``deaf`` meanwhile where it would hear the loudspeaker.
    """

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now
        self._send, self._asked = anyio.create_memory_object_stream[_Asked](1)
        self._deaf: Callable[[], bool] = lambda: False
        self._speaking = False

    def deaf(self) -> bool:
        return self._deaf()

    async def say(self, text: str) -> None:
        """Raises ``MouthError`` or ``DeviceError``."""
        if self._settings.speaker.sink == "none" or not text.strip():
            return
        asked = _Asked(text)
        await self._send.send(asked)
        await asked.done.wait()
        if asked.error:
            raise asked.error

    async def deliver(self, text: str) -> None:
        """As a target: raises ``TargetError`` where it was not spoken."""
        if self._settings.speaker.sink == "none":
            raise TargetError(
                "There is no loudspeaker on this machine.", todo="Write it to a file: --speaker out.wav"
            )
        try:
            await self.say(text)
        except EngineError as error:
            raise TargetError(error.failed, kept=error.kept, todo=error.todo) from error

    async def run(self) -> None:
        async with self._send, self._asked, AsyncExitStack() as stack:
            mouth: tuple[Tts, Speaker] | None = None
            async for asked in self._asked:
                try:
                    mouth = mouth or await self._open(stack)
                    await self._speak(asked.text, *mouth)
                except EngineError as error:
                    asked.error = error
                asked.done.set()

    async def _open(self, stack: AsyncExitStack) -> tuple[Tts, Speaker]:
        tts, _ = choose_mouth(self._settings)
        await in_thread(tts.warm)
        out = await stack.enter_async_context(speaker(self._settings.speaker))
        # Without echo cancelling: nobody dictates over what is being read to them.
        echo = self._settings.echo.model_copy(update={"enabled": "off"})
        settings = self._settings.model_copy(update={"echo": echo})
        self._deaf = deafness(settings, lambda: self._speaking or out.speaking, out.echoes, self._now)
        return tts, out

    async def _speak(self, text: str, tts: Tts, out: Speaker) -> None:
        self._speaking = True
        try:
            for piece in _pieces(text):
                if piece.said.strip():
                    await out.play(await in_thread(tts.say, piece.said))
            await out.drain()
        finally:
            self._speaking = False


def _pieces(text: str) -> list[Piece]:
    from voice.spoken import Spoken

    sentences, spoken = Sentences(), Spoken()
    chunks = sentences.push(text) + sentences.flush()
    return [piece for chunk in chunks for piece in spoken.push(chunk)] + spoken.flush()
