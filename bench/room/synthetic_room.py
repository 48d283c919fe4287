"""A room without a sound card, on the fast clock: what the assistant plays comes back late, coloured,
distorted and with noise, and people speak over it. All else is the real conversation.

The loudspeaker bends peaks (tanh), the room has an RT60 of 0.3 s, and there is noise at -60 dBFS.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

import anyio
import numpy as np
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from bench.room.reciting import Reciting, recital
from bench.room.trials import Trials
from bench.room.voices import VOICE_DBFS, active_dbfs
from config.runtime.clock import Timeline
from config.settings.model import Settings
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.converse import run_conversation
from pipeline.conversation.history import History
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.session.assistant import end_of_turn
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from vision.image_store import ImageStore
from voice.audio.echo.canceller import EchoCanceller, cancel_echo
from voice.audio.echo.reference import Reference
from voice.audio.output.playback_buffer import PlaybackBuffer, Played
from voice.audio.output.speaker import Speaker
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Samples
from voice.audio.speech import Speech
from voice.stt.base import Stt
from voice.stt.transcribe import transcribe
from voice.tts.base import Tts, Whole
from voice.turns.endpointing.early_ducking import EarlyDucking
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.base import Vad
from voice.turns.vad.silero import Silero

_FRAME_S = FRAME_SAMPLES / HEARING_RATE
_RT60_S, _TAIL_S = 0.3, 0.25
_DRIVE = 1.5
_NOISE = 1e-3
_DEVICES_S = 0.1
"""From the callback to the loudspeaker, as ``voice.audio.output.device`` asks its device."""
_QUEUED = 312
"""Frames (10 s), as at a microphone."""


class Echoes:
    """Push what is played, get what comes back of it, ``delay_s`` later at ``db``; 16 kHz, frame by frame."""

    def __init__(self, delay_s: float, db: float, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        seconds = np.arange(round(_TAIL_S * HEARING_RATE)) / HEARING_RATE
        response = rng.standard_normal(len(seconds)) * np.exp(-6.9 * seconds / _RT60_S) * 0.25
        response[0] = 1.0
        response *= 10 ** (db / 20) / np.sqrt((response**2).sum())
        late = np.concatenate([np.zeros(round(delay_s * HEARING_RATE)), response])
        self._past = np.zeros(len(late) - 1, np.float64)
        self._size = 1 << (len(late) + FRAME_SAMPLES).bit_length()
        self._spectrum = np.fft.rfft(late, self._size)
        self._rng = rng

    def push(self, played: Samples) -> Samples:
        sound = np.concatenate([self._past, np.tanh(_DRIVE * played.astype(np.float64)) / _DRIVE])
        self._past = sound[len(played) :]
        folded = np.fft.irfft(np.fft.rfft(sound, self._size) * self._spectrum, self._size)
        heard = folded[len(sound) - len(played) : len(sound)]
        return (heard + self._rng.normal(0, _NOISE, len(played))).astype(np.float32)


class Loudspeaker:
    """A ``voice.audio.output.sink.Sink`` whose callback is the room's."""

    echoes = True

    def __init__(self, buffer: PlaybackBuffer, delay_s: float) -> None:
        self.buffer = buffer
        self.reference: Reference | None = Reference(buffer.rate)
        self._delay_s = delay_s
        self._quiet = 0.0

    def pull(self, at: float) -> Samples:
        assert self.reference is not None
        block = np.empty(FRAME_SAMPLES, np.float32)
        count = self.buffer.pull_into(block)
        self.reference.push(block, at, silent=not count)
        if count:
            self._quiet = at + self._delay_s + count / self.buffer.rate
        return block

    def wake(self) -> None:
        """The callback comes by itself."""

    def check(self) -> None:
        """It does not break."""

    async def revive(self) -> None:
        """It does not break."""

    def settle(self) -> None:
        """It needs no telling."""

    def leaving_s(self) -> float:
        return max(0.0, self._quiet - anyio.current_time())

    def latency_s(self) -> float:
        return self._delay_s

    def stop(self) -> list[Played]:
        return self.buffer.stop()


class Room:
    """Loudspeaker, walls, people, microphone: one task that keeps their time."""

    def __init__(self, loudspeaker: Loudspeaker, echoes: Echoes, trials: Trials, timeline: Timeline) -> None:
        self._loudspeaker, self._echoes = loudspeaker, echoes
        self._trials, self._timeline = trials, timeline
        self._frames: tuple[
            MemoryObjectSendStream[tuple[float, Samples]], MemoryObjectReceiveStream[tuple[float, Samples]]
        ] = anyio.create_memory_object_stream(_QUEUED)

    def close(self) -> None:
        for stream in self._frames:
            stream.close()

    async def sound(self, speaking: Callable[[], bool]) -> None:
        """Until the trials are over."""
        begun, count = anyio.current_time(), 0
        voice = np.zeros(0, np.float32)
        async with self._frames[0] as microphone:
            while not self._trials.over:
                count += 1
                due = begun + count * _FRAME_S
                await anyio.sleep_until(due)
                heard = self._echoes.push(self._loudspeaker.pull(due))
                at = count * _FRAME_S
                if said := self._trials.tick(at - _FRAME_S, at, speaking()):
                    voice = np.concatenate([voice, said.samples])
                heard[: len(voice)] += voice[:FRAME_SAMPLES]
                voice = voice[FRAME_SAMPLES:]
                microphone.send_nowait((due, heard))

    async def frames(self) -> AsyncIterator[Audio]:
        self._timeline.mark(0, HEARING_RATE)
        count = 0
        async for due, heard in self._frames[1]:
            count += len(heard)
            self._timeline.mark(count, HEARING_RATE, due)
            yield Audio(heard, HEARING_RATE)


class Levelled(Whole):
    """A TTS brought to one level, so that what an echo of -6 dB is does not depend on the voice."""

    def __init__(self, tts: Tts) -> None:
        self._tts = tts
        self.name = tts.name
        tts.warm()
        self.rate = tts.rate
        spoken = tts.say(recital(0)[:200]).audio.at_rate(HEARING_RATE).samples
        self._gain = np.float32(10 ** ((VOICE_DBFS - active_dbfs(spoken)) / 20))

    def warm(self) -> None:
        """It is."""

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        said = self._tts.say(text, speed=speed)
        return Speech(said.text, Audio(said.audio.samples * self._gain, said.audio.rate), said.words)


async def converse_in(
    settings: Settings, stt: Stt, tts: Tts, trials: Trials, *, delay_s: float, db: float, seed: int = 1
) -> None:
    """One conversation, until the trials are over. ``stt`` is warm."""
    timeline = Timeline()
    buffer = PlaybackBuffer(HEARING_RATE, settings.speaker.ahead_s)
    loudspeaker = Loudspeaker(buffer, delay_s + _DEVICES_S)
    out = Speaker(buffer, loudspeaker)
    skills = OfflineLlm(Timers())
    assistant = Assistant(
        llm=Reciting(),
        skills=skills,
        voice=VoiceOutput(tts, out),
        image_store=ImageStore(),
        history=History(""),
        notify=lambda event: trials.told(event, timeline.now()),
        now=timeline.now,
        duck_db=settings.interrupt.duck_db,
        preemptive=settings.llm.preemptive,
    )
    room = Room(loudspeaker, Echoes(delay_s + _DEVICES_S, db, seed), trials, timeline)
    canceller = EchoCanceller(settings.echo)
    vad: Vad = EarlyDucking(Silero(), out, settings.interrupt.duck_db, lambda: canceller.settled)
    segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
    assert loudspeaker.reference is not None
    frames = cancel_echo(room.frames(), canceller, loudspeaker.reference, timeline.now)
    judge = end_of_turn(settings, segmenter, assistant)
    listening = transcribe(
        listen(frames, vad, segmenter),
        stt,
        timeline.now,
        judge,
        talking=lambda: out.speaking and not out.paused,
    )
    typed = _typed(trials)
    async with aclosing(typed), listening as heard, anyio.create_task_group() as group:
        group.start_soon(run_conversation, heard, assistant, lambda: canceller.settled, typed)
        await room.sound(lambda: out.speaking)
        group.cancel_scope.cancel()  # the answer under way is not waited for
    room.close()


async def _typed(trials: Trials) -> AsyncGenerator[str, None]:
    while not trials.over:
        if trials.asks():
            yield "Tell me about the river."
        await anyio.sleep(0.1)
