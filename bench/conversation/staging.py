"""A stage for interruptions: a long answer is spoken, somebody makes a sound over it, and all that is heard
of the answer is kept against time.

Real are the turn controller, the speaker with its track, and, where the person is sound, the voice detector,
the segmenter and the STT. Only the LLM recites, and the sink keeps instead of sounding. On the fast clock.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import anyio
import numpy as np

from config.runtime.clock import Timeline
from config.settings.model import Settings
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.converse import run_conversation
from pipeline.conversation.history import History
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.events import Event
from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec
from pipeline.session.assistant import end_of_turn
from pipeline.session.run import run_async
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from vision.image_store import ImageStore
from vision.images.picture import ImageLimits
from voice.audio.output.open import FILE_RATE
from voice.audio.output.playback_buffer import PlaybackBuffer
from voice.audio.output.speaker import Speaker
from voice.audio.output.virtual import VirtualSink, open_virtual_sink
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.audio.speech import Speech
from voice.stt.base import Stt
from voice.stt.events import SpeechEvent
from voice.stt.transcribe import transcribe
from voice.tts.base import Tts, Whole
from voice.turns.endpointing.early_ducking import EarlyDucking
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.base import Vad

E = TypeVar("E", bound=Event)

RATE = FILE_RATE
AUDIBLE = 1e-3
"""-60 dBFS."""


class KeepingSink(VirtualSink):
    """Keeps what was heard, and when: pieces of (seconds on the event loop's clock, samples)."""

    def __init__(self, buffer: PlaybackBuffer) -> None:
        super().__init__(buffer)
        self.pieces: list[tuple[float, Samples]] = []

    def _write(self, samples: Samples) -> None:
        self.pieces.append((self._since + self._heard / self.buffer.rate, samples.copy()))


class NotingSpeaker(Speaker):
    """Notes what it was given to say."""

    def __init__(self, buffer: PlaybackBuffer, virtual_sink: KeepingSink) -> None:
        super().__init__(buffer, virtual_sink)
        self.given: list[Speech] = []

    async def play(self, speech: Speech) -> None:
        self.given.append(speech)
        await super().play(speech)


class Remembering(Whole):
    """A TTS that says each sentence once and then remembers its sound: the same sound every time."""

    def __init__(self, tts: Tts) -> None:
        self._tts = tts
        self.name = tts.name
        self._said: dict[str, Speech] = {}

    @property
    def rate(self) -> int:
        return self._tts.rate

    def warm(self) -> None:
        self._tts.warm()

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        if text not in self._said:
            self._said[text] = self._tts.say(text, speed=speed)
        return self._said[text]


class Reciter:
    """Implements ``pipeline.llm.base.Llm``: answers with ``text`` first; to all else not in time."""

    spec = "reciting"
    remote_host = ""
    image_limits: ImageLimits | None = None
    capabilities = Capabilities()

    def __init__(self, text: str) -> None:
        self._text = text

    async def warm(self) -> None:
        """It is."""

    async def aclose(self) -> None:
        """Nothing is open."""

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        yield self._deltas(messages[-1].text == QUESTION)

    async def _deltas(self, first: bool) -> AsyncIterator[Delta]:
        if not first:
            await anyio.sleep(60)
        yield Delta(self._text, finish="stop")


QUESTION = "Tell me about the river."


@dataclass(eq=False, repr=False)
class Scene:
    """What happened. Seconds are the microphone's."""

    events: list[Event] = field(default_factory=list)
    pieces: list[tuple[float, Samples]] = field(default_factory=list)
    """What was heard of the answer, at ``RATE``."""
    given: list[Speech] = field(default_factory=list)
    kept: str = ""
    """What the history has of the answer."""

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def heard(self) -> Samples:
        """All that sounded, one after the other, without the silences between."""
        return np.concatenate([np.empty(0, np.float32), *(samples for _, samples in self.pieces)])

    @property
    def own(self) -> Samples:
        """The answer as it would be heard undisturbed."""
        return np.concatenate([speech.audio.at_rate(RATE).samples for speech in self.given])

    def between(self, start: float, end: float) -> Samples:
        """What was heard from ``start`` to ``end``, silences included."""
        out = np.zeros(round((end - start) * RATE), np.float32)
        for at, samples in self.pieces:
            first = round((at - start) * RATE)
            if -len(samples) < first < len(out):
                skipped = max(0, -first)
                part = samples[skipped : skipped + len(out) - max(0, first)]
                out[max(0, first) : max(0, first) + len(part)] = part
        return out

    def silent_at(self, after: float) -> float:
        """The end of the last audible sample of a stretch of sound that ``after`` lies in; or ``after``. A
        stretch ends where nothing is audible for 300 ms: words within a sentence are closer.
        """
        loud = np.flatnonzero(np.abs(self.between(after, after + 30.0)) > AUDIBLE)
        if not len(loud):
            return after
        steps = np.flatnonzero(np.diff(loud) > 0.3 * RATE)
        return after + (int(loud[steps[0]] if len(steps) else loud[-1]) + 1) / RATE


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """Who plays: ``vad`` and ``stt`` are warm; ``tts`` remembers."""

    settings: Settings
    vad: Vad
    stt: Stt
    tts: Tts
    settled: bool = True
    """False: the echo of the answer may still be in what is heard."""


async def stage(cast: Cast, answer: str, sound: Samples) -> Scene:
    """As ``play``, on the loop that runs."""
    return await _Staging(cast, answer).hold(sound)


def play(cast: Cast, answer: str, sound: Samples) -> Scene:
    """``sound``: what the microphone hears, at 16 kHz; when it is over, an answer under way is told to its
    end, and one that was cut is not waited for.
    """
    return run_async(lambda: stage(cast, answer, sound), fast=True)


def play_told(cast: Cast, answer: str, script: Sequence[tuple[float, SpeechEvent]]) -> Scene:
    """``script``: what the STT tells, and when, in order; nothing is heard."""
    return run_async(lambda: _Staging(cast, answer).hold(script), fast=True)


class _Staging:
    def __init__(self, cast: Cast, answer: str) -> None:
        self._cast = cast
        self._answer = answer
        self._over = anyio.Event()
        self._timeline = Timeline()

    async def hold(self, person: Samples | Sequence[tuple[float, SpeechEvent]]) -> Scene:
        scene, settings = Scene(), self._cast.settings
        begun = anyio.current_time()
        skills = OfflineLlm(Timers())
        async with open_virtual_sink(KeepingSink(PlaybackBuffer(RATE, settings.speaker.ahead_s))) as (
            buffer,
            virtual_sink,
        ):
            assert isinstance(virtual_sink, KeepingSink)
            out = NotingSpeaker(buffer, virtual_sink)
            assistant = Assistant(
                llm=Reciter(self._answer),
                skills=skills,
                voice=VoiceOutput(self._cast.tts, out),
                image_store=ImageStore(),
                history=History(""),
                notify=scene.events.append,
                now=self._timeline.now,
                duck_db=settings.interrupt.duck_db,
                preemptive=settings.llm.preemptive,
            )
            hearing = self._hears(person, assistant) if isinstance(person, np.ndarray) else _told(person)
            async with hearing as heard, anyio.create_task_group() as group:
                group.start_soon(self._watch, assistant, group.cancel_scope)
                settled = self._cast.settled
                await run_conversation(self._until_over(heard), assistant, lambda: settled, typed=_typed())
                group.cancel_scope.cancel()
            scene.kept = assistant.history.last_heard
        scene.pieces = [(at - begun, samples) for at, samples in virtual_sink.pieces]
        scene.given = out.given
        return scene

    async def _until_over(self, heard: AsyncIterator[SpeechEvent]) -> AsyncGenerator[SpeechEvent, None]:
        async for item in heard:
            yield item
        self._over.set()

    async def _watch(self, assistant: Assistant, scope: anyio.CancelScope) -> None:
        """Once the person is done and nothing sounds, nobody waits for the answer to come."""
        await self._over.wait()
        while assistant.speaking:  # noqa: ASYNC110 -- the speaker tells nobody when it is done
            await anyio.sleep(0.05)
        await anyio.sleep(0.05)
        scope.cancel()

    def _hears(
        self, sound: Samples, assistant: Assistant
    ) -> AbstractAsyncContextManager[AsyncIterator[SpeechEvent]]:
        settings = self._cast.settings
        self._cast.vad.reset()
        segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
        judge = end_of_turn(settings, segmenter, assistant)
        assert assistant.voice is not None
        speaker = assistant.voice.speaker
        ear = EarlyDucking(self._cast.vad, speaker, settings.interrupt.duck_db, lambda: self._cast.settled)
        segments = listen(self._frames(sound), ear, segmenter)
        now, stt = self._timeline.now, self._cast.stt
        return transcribe(segments, stt, now, judge, talking=lambda: assistant.audible)

    async def _frames(self, sound: Samples) -> AsyncIterator[Audio]:
        begun, count = anyio.current_time(), 0
        for samples in Framer().push(sound):
            count += FRAME_SAMPLES
            due = begun + count / HEARING_RATE
            await anyio.sleep_until(due)
            self._timeline.mark(count, HEARING_RATE, due)
            yield Audio(samples, HEARING_RATE)


@asynccontextmanager
async def _told(script: Sequence[tuple[float, SpeechEvent]]) -> AsyncIterator[AsyncIterator[SpeechEvent]]:
    begun = anyio.current_time()

    async def told() -> AsyncGenerator[SpeechEvent, None]:
        for at, item in script:
            await anyio.sleep_until(begun + at)
            yield item

    async with aclosing(told()) as heard:
        yield heard


async def _typed() -> AsyncIterator[str]:
    yield QUESTION
