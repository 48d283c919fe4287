"""Aloud on the yardstick: the whole conversation in process, put together as ``aloud talk`` does it.

    .venv/bin/python bench/yardstick/bench_aloud.py SCENARIO --mode default|matched [...]

Real: framer, Silero, segmenter, ``listen``, ``transcribe``, ``run_conversation``, the assistant and its skills, the
OpenAI wire, sentences, spoken form, espeak, speaker and track. Given by the harness: the microphone (20 ms
blocks), the STT (the oracle's text 50 ms after the true end of speech) and the loudspeaker (real time, at
most 80 ms queued).

``default``: the settings as shipped. ``matched``: the turn ends after 300 ms of silence.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Any, ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

gc.set_threshold(50_000, 20, 50)  # as aloud.cli.main has it

from config.settings.loading import load  # as aloud has it: before numpy, whose threads it keeps from spinning
from config.settings.model import Settings  # as aloud has it: before numpy, whose threads it keeps from spinning

import anyio
import harness
import kit
import numpy as np

from pipeline.session.assistant import PROMPTS, end_of_turn
from pipeline.session.warmup import Warmup, import_language
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.converse import run_conversation
from pipeline.conversation.history import History
from pipeline.llm.discovery import open_llm
from pipeline.llm.wire import LlmOptions
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.skills.timers import Timers
from vision.image_store import ImageStore
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Samples, from_int16, to_int16
from config.runtime.clock import Timeline, in_thread
from voice.audio.devices.portaudio import BLOCK_S
from voice.stt.base import Stt, Transcript
from voice.turns.listen import listen
from voice.turns.vad.base import Vad
from voice.stt.context import Conversation
from voice.stt.context import Conversation
from voice.stt.transcribe import transcribe
from voice.tts.espeak import Espeak
from voice.tts.base import Tts
from voice.turns.endpointing.segmenter import Segmenter
from voice.audio.output.open import FILE_RATE
from voice.audio.output.speaker import Speaker
from voice.audio.output.playback_buffer import Played, PlaybackBuffer
from voice.turns.vad.silero import Silero

MODES: dict[str, dict[str, Any]] = {
    "default": {},
    "matched": {"listen.silence_ms": 300, "listen.adaptive": False},
}
NAMES = {"SpeechStarted": "turn_start", "Said": "turn_end"}
"""The harness's names for two of our events; the others keep their own."""
DRAFT_WAIT_S, FINISH_WAIT_S = 0.1, 0.2
"""How long the STT waits for the oracle: its text comes 50 ms after the true end of a stretch of speech."""


class Microphone:
    """The harness's 20 ms blocks as frames; bounded as the real one is: when it is full the oldest goes. It
    wakes the loop once a frame, as the real one does.
    """

    def __init__(self, queue_s: float) -> None:
        self._frames: deque[tuple[int, float, bytes]] = deque(maxlen=round(queue_s * HEARING_RATE / FRAME_SAMPLES))
        """Samples captured, when, and the frame: signed 16-bit."""
        self._rest, self._captured = b"", 0
        self._arrived = asyncio.Event()
        self.timeline = Timeline()
        self.lost = 0

    def push(self, pcm: bytes) -> None:
        self._captured += len(pcm) // 2
        self._rest += pcm
        while len(self._rest) >= 2 * FRAME_SAMPLES:
            frame, self._rest = self._rest[: 2 * FRAME_SAMPLES], self._rest[2 * FRAME_SAMPLES :]
            self.lost += len(self._frames) == self._frames.maxlen
            self._frames.append((self._captured, kit.now(), frame))
            self._arrived.set()

    async def frames(self) -> AsyncGenerator[Audio, None]:
        while True:
            while not self._frames:
                self._arrived.clear()
                await self._arrived.wait()
            captured, at, pcm = self._frames.popleft()
            self.timeline.mark(captured, HEARING_RATE, at)
            yield Audio(from_int16(pcm), HEARING_RATE)


class OracleStt:
    """Implements ``voice.stt.base.Stt`` over the oracle: the texts that came since the utterance began."""

    name = "oracle"

    def __init__(self, oracle: kit.SttOracle) -> None:
        self._came = threading.Condition()
        self._texts: list[str] = []
        oracle.on_transcript = self._on_transcript

    def _on_transcript(self, text: str, start: float, end: float) -> None:
        with self._came:
            self._texts.append(text)
            self._came.notify_all()

    def warm(self, language: str = "auto") -> None: ...

    def open(self, conversation: Conversation | None = None) -> OracleStream:
        with self._came:
            self._texts.clear()  # a text that came after its utterance was given up belongs to no other
        return OracleStream(self)

    def words(self, wait_s: float) -> str:
        """Blocking: the texts so far, joined; waits ``wait_s`` for the first one."""
        with self._came:
            self._came.wait_for(lambda: bool(self._texts), wait_s)
            return " ".join(self._texts)

    def spend(self) -> None:
        with self._came:
            self._texts.clear()


class OracleStream:
    """Implements ``voice.stt.base.SttStream``."""

    def __init__(self, stt: OracleStt) -> None:
        self._stt = stt

    def push(self, samples: Samples) -> None: ...

    def preflight(self, *, thorough: bool = False) -> Transcript:
        return _certain(self._stt.words(DRAFT_WAIT_S))

    def spot(self, seconds: float) -> str:
        return self._stt.words(0.0)

    def finish(self) -> Transcript:
        text = self._stt.words(FINISH_WAIT_S)
        self._stt.spend()
        return _certain(text)


def _certain(text: str) -> Transcript:
    return Transcript(text, confidence=1.0 if text else 0.0)


class Sink:
    """Implements ``voice.audio.output.sink.Sink`` over the harness's loudspeaker: 20 ms blocks; asleep while quiet."""

    echoes = False
    reference = None

    def __init__(self, buffer: PlaybackBuffer, device: kit.Speaker) -> None:
        self._buffer = buffer
        self._device = device
        self._woken = asyncio.Event()

    async def run(self) -> None:
        block = np.empty(round(self._buffer.rate * BLOCK_S), np.float32)
        while True:
            self._woken.clear()
            if count := self._buffer.pull_into(block):
                await self._device.write(to_int16(block[:count]))
            else:
                await self._woken.wait()

    def wake(self) -> None:
        self._woken.set()

    def check(self) -> None: ...

    async def revive(self) -> None: ...

    def settle(self) -> None: ...

    def leaving_s(self) -> float:
        return float(self._device.queued())

    def latency_s(self) -> float:
        return float(self._device.queued())

    def stop(self) -> list[Played]:
        return self._buffer.stop()


class Session:
    """One conversation; see ``harness.py``. ``bench_aloud_real.py`` has other engines in it."""

    flags: ClassVar[dict[str, Any]] = {"stt.language": "en"}

    def __init__(self, idx: int, mode: str, oracle: kit.SttOracle) -> None:
        flags = {"llm.engine": f"{harness.LLM}/v1#stub-{idx}", **self.flags, **MODES[mode]}
        self.settings: Settings = load(flags, environment={}).settings
        self.idx = idx
        self.events: list[tuple[float, str]] = []
        self.speaker = kit.Speaker(FILE_RATE)
        self._stt = self.stt(oracle)
        self._ready = asyncio.Event()

    def stt(self, oracle: kit.SttOracle) -> Stt:
        return OracleStt(oracle)

    def tts(self) -> Tts:
        return Espeak()

    def ear(self, vad: Vad, speaker: Speaker) -> Vad:
        return vad

    async def start(self) -> None:
        self._task = asyncio.create_task(self._converse())
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait([self._task, ready], return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            ready.cancel()
            self._task.result()

    def push(self, pcm: bytes) -> None:
        self._microphone.push(pcm)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task], timeout=10)

    def _notify(self, event: events.Event) -> None:
        name = type(event).__name__
        if name != "ReplyDelta":
            self.events.append((kit.now(), NAMES.get(name, event.name)))
        if name == "Failed":
            print(event, file=sys.stderr)

    async def _converse(self) -> None:
        settings = self.settings
        self._microphone = Microphone(settings.microphone.queue_s)
        now = self._microphone.timeline.now
        vad, tts = Silero(), self.tts()
        buffer = PlaybackBuffer(FILE_RATE, settings.speaker.ahead_s)
        sink = Sink(buffer, self.speaker)
        speaker = Speaker(buffer, sink)
        async with AsyncExitStack() as stack:
            llm = await open_llm(LlmOptions(settings.llm, settings.vision))
            assert llm is not None
            stack.push_async_callback(llm.aclose)
            self._assistant = Assistant(
                llm=llm,
                skills=OfflineLlm(Timers()),
                voice=VoiceOutput(tts, speaker),
                image_store=ImageStore(),
                history=History((PROMPTS / "voice.md").read_text("utf-8").strip(), turns=settings.llm.history_turns),
                notify=self._notify,
                now=now,
                duck_db=settings.interrupt.duck_db,
            )
            warmup = Warmup(self._stt.warm, tts.warm, import_language)
            await in_thread(vad.warm)
            tasks = await stack.enter_async_context(anyio.create_task_group())
            tasks.start_soon(sink.run)
            tasks.start_soon(warmup.run)
            segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
            resting = lambda: not self._assistant.speaking  # noqa: E731
            segments = listen(self._microphone.frames(), self.ear(vad, speaker), segmenter, resting=resting)
            self._ready.set()
            async with aclosing(segments), aclosing(warmup.after(segments)) as warm:
                judge = end_of_turn(settings, segmenter, self._assistant)
                told = Conversation.of(settings.stt)
                hearing = transcribe(
                    warm, self._stt, now, judge, talking=lambda: self._assistant.audible, conversation=told
                )
                async with hearing as heard:
                    await run_conversation(heard, self._assistant)


if __name__ == "__main__":
    harness.main(Session)
