"""The voice of a dictation: "read that back", what is refused, a text to be spoken; and its short sounds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import anyio

from config.errors import EngineError, TargetError
from config.runtime.clock import in_thread
from config.settings.model import Settings
from pipeline.session.duplex import deafness
from pipeline.session.engines import choose_tts
from voice.audio.output.earcons import Cue, cue
from voice.audio.output.speaker import Speaker, speaker
from voice.tts.base import Tts
from voice.tts.playback import play
from voice.tts.text.sentence_splitter import Sentences

if TYPE_CHECKING:
    from voice.tts.text.normalizer import Piece

_CUE_RATE = 24_000


class _Asked:
    """A text or a short sound; neither: only that the loudspeaker be open."""

    def __init__(self, text: str = "", cue: Cue | None = None) -> None:
        self.text = text
        self.cue: Cue | None = cue
        self.done = anyio.Event()
        self.error: EngineError | None = None


class ReadBack:
    """``run`` it as a task, which owns the speaker; ``say`` speaks a text to its end, ``cue`` sounds shortly.

    The microphone is ``deaf`` meanwhile where it would hear the loudspeaker speak. Not for a short sound: it
    is no word, and the first word of a take may come with it.
    """

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now
        self._send, self._asked = anyio.create_memory_object_stream[_Asked](1)
        self._deaf: Callable[[], bool] = lambda: False
        self._speaking = self._cueing = False
        self._tts: Tts | None = None
        self._speaker: Speaker | None = None

    def deaf(self) -> bool:
        return self._deaf()

    @property
    def speaking(self) -> bool:
        return self._speaking

    @property
    def _silent(self) -> bool:
        return self._settings.speaker.sink == "none"

    async def ready(self) -> None:
        """The loudspeaker is opened, for short sounds. Raises ``DeviceError``."""
        if not self._silent:
            await self._ask(_Asked())

    async def say(self, text: str) -> None:
        """Raises ``TtsError`` or ``DeviceError``."""
        if not self._silent and text.strip():
            await self._ask(_Asked(text))

    async def _ask(self, asked: _Asked) -> None:
        await self._send.send(asked)
        await asked.done.wait()
        if asked.error:
            raise asked.error

    def cue(self, which: Cue) -> None:
        """At once or not at all: not while something is spoken, nor where no loudspeaker is ``ready``."""
        if self._speaker and not self._speaking and self._settings.earcons.enabled:
            with contextlib.suppress(anyio.WouldBlock):
                self._send.send_nowait(_Asked(cue=which))

    async def deliver(self, text: str) -> None:
        """As a target: raises ``TargetError`` where it was not spoken."""
        if self._silent:
            raise TargetError(
                "There is no loudspeaker on this machine.", todo="Write it to a file: --speaker out.wav"
            )
        try:
            await self.say(text)
        except EngineError as error:
            raise TargetError(error.failed, kept=error.kept, todo=error.todo) from error

    async def run(self) -> None:
        async with self._send, self._asked, AsyncExitStack() as stack:
            async for asked in self._asked:
                try:
                    self._speaker = out = self._speaker or await self._open(stack)
                    if asked.cue:
                        await self._sound(asked.cue, out)
                    elif asked.text:
                        await self._speak(asked.text, out)
                except EngineError as error:
                    asked.error = error
                asked.done.set()

    async def _open(self, stack: AsyncExitStack) -> Speaker:
        out = await stack.enter_async_context(speaker(self._settings.speaker))
        # Without echo cancelling: nobody dictates over what is being read to them.
        self._deaf = deafness(
            self._settings.replaced(echo=self._settings.echo.replaced(enabled="off")),
            lambda: self._speaking or (out.speaking and not self._cueing),
            out.echoes,
            self._now,
        )
        return out

    async def _sound(self, which: Cue, out: Speaker) -> None:
        self._cueing = True
        try:
            await out.play(cue(which, _CUE_RATE))
            await out.drain()
        finally:
            self._cueing = False

    async def _open_tts(self) -> Tts:
        tts, _ = choose_tts(self._settings)
        await in_thread(tts.warm)
        return tts

    async def _speak(self, text: str, out: Speaker) -> None:
        self._speaking = True
        try:
            tts = self._tts = self._tts or await self._open_tts()
            for piece in _pieces(text):
                if piece.said.strip():
                    await play(out, tts, piece.said, speed=self._settings.tts.speed)
            await out.drain()
        finally:
            self._speaking = False


def _pieces(text: str) -> list[Piece]:
    from voice.tts.text.normalizer import Spoken

    sentences, spoken = Sentences(), Spoken()
    chunks = sentences.push(text) + sentences.flush()
    return [piece for chunk in chunks for piece in spoken.push(chunk)] + spoken.flush()
