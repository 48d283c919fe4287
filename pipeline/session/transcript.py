"""The words of a recording: nobody waits and nobody answers, so each utterance is heard as well as can be."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from functools import partial

from config.errors import RecordingError
from config.runtime.clock import Timeline
from config.settings.model import Settings
from pipeline.session.engines import choose_stt
from pipeline.session.warmup import Warmup
from vision.images.names import shown_name
from voice.audio.input.microphone import microphone
from voice.audio.samples import Audio
from voice.stt.base import Stt
from voice.stt.context import Conversation
from voice.stt.events import FinalTranscript, SpeechEvent
from voice.stt.transcribe import transcribe
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

Watch = Callable[[AsyncIterator[Audio]], AsyncIterator[Audio]]


class Transcriber:
    """One after the other, by the best STT that is here. Open with ``open_transcriber``."""

    def __init__(self, settings: Settings, stt: Stt) -> None:
        self._settings, self._stt, self._vad = settings, stt, Silero()

    async def warm(self) -> None:
        language = self._settings.stt.language
        await Warmup(partial(self._stt.warm, language), self._vad.warm).run()

    @asynccontextmanager
    async def heard(
        self, file: str, watch: Watch = lambda frames: frames
    ) -> AsyncIterator[AsyncIterator[SpeechEvent]]:
        """Of one recording; ``watch`` passes its frames on. Raises ``RecordingError``."""
        self._vad.reset()
        source = self._settings.microphone.replaced(source=_as_file(file))
        timeline = Timeline()
        async with microphone(source, timeline, lambda lost: None) as frames:
            segments = listen(
                watch(_some(frames, file)), self._vad, Segmenter(self._settings.listen), near=False
            )
            told = Conversation.of(self._settings.stt)
            hearing = transcribe(segments, self._stt, timeline.now, preflights=False, conversation=told)
            async with aclosing(segments), hearing as heard:
                yield heard


async def _some(frames: AsyncIterator[Audio], name: str) -> AsyncIterator[Audio]:
    """Raises ``RecordingError`` where there are none: whoever made it meant to say something."""
    came = False
    async for frame in frames:
        came = True
        yield frame
    if not came:
        what = "on standard input" if name == "-" else f"in {shown_name(name)}"
        raise RecordingError(f"There is no sound {what}.", todo="Record it again.")


def _as_file(name: str) -> str:
    """Never a device: "auto" and "Headset" are names of files here."""
    written = name == "-" or os.path.isabs(name) or name.startswith("~")
    return name if written else os.path.join(".", name)


async def open_transcriber(settings: Settings) -> Transcriber:
    """Warm. Raises ``UsageError``, ``ModelError`` or ``SttError``."""
    transcriber = Transcriber(settings, choose_stt(settings.stt, patient=True)[0])
    await transcriber.warm()
    return transcriber


async def transcribed(settings: Settings, file: str) -> list[FinalTranscript]:
    """Its utterances, in order. Raises ``RecordingError`` for a file that is no recording."""
    transcriber = await open_transcriber(settings)
    async with transcriber.heard(file) as heard:
        return [item async for item in heard if isinstance(item, FinalTranscript)]
