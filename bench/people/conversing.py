"""A recording spoken to a whole conversation with real STT, as in ``aloud talk``: what was heard when."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import anyio

from aloud.cli.bench.engines import Engines as Named
from config.runtime.clock import FastLoop, Timeline
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.session.assistant import open_assistant, turn_model
from pipeline.session.engines import choose_stt, choose_tts
from pipeline.session.warmup import import_language
from voice.audio.devices.c_stderr import quiet
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.stt.base import Stt
from voice.stt.context import Conversation
from voice.stt.events import FinalTranscript, SpeechEvent
from voice.stt.transcribe import transcribe
from voice.tts.base import Tts
from voice.turns.endpointing.end_of_turn import EndOfTurn
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.endpointing.smart_turn import SmartTurn
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

_LATE_S = 10.0
"""How long an answer may still take when the recording is over: engines on a busy machine."""

Clock = Literal["fast", "processor", "wall"]
"""``fast``: waits are skipped, the engines' work takes as long as it does. ``processor``: as ``fast``, but
work counts by the processor time of this process, so that other programs on a busy machine do not; what two
threads do at once counts twice. ``wall``: live."""


class ProcessorLoop(FastLoop):
    """A fast loop whose time, while anything is worked on, is this process's own."""

    def time(self) -> float:
        return time.process_time() + self._skipping.skipped


_LOOPS = {"fast": FastLoop, "processor": ProcessorLoop, "wall": None}


@dataclass(frozen=True, slots=True)
class Engines:
    """``names``: told with the figures."""

    settings: Settings
    tts: Tts
    stt: Stt
    turn: SmartTurn | None
    names: dict[str, str]


@dataclass(slots=True)
class Account:
    """Seconds on the microphone's clock; infinity: it did not happen."""

    said: list[events.FinalTranscript] = field(default_factory=list)
    sound: float = float("inf")
    """Where the first sound of an answer began."""
    enough: anyio.Event = field(default_factory=anyio.Event)

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.FinalTranscript():
                self.said.append(event)
            case events.Speaking():
                self.sound = min(self.sound, event.at)
                self.enough.set()
            case _:
                pass

    @property
    def turn_end(self) -> float:
        """Where the first turn ended."""
        return min((each.at for each in self.said), default=float("inf"))


def open_engines(spec: str | None, language: str = "auto", *, sound: bool = True) -> Engines:
    """Warm. ``spec``: a SPEC; None: ``auto``. ``sound``: the turn model judges too, where it is here.

    Raises what ``choose_stt`` raises.
    """
    named = Named()
    flags = {"llm.engine": "skills", "speaker.sink": "none", "stt.language": language}
    flags |= {"stt.engine": spec or "auto", "tts.engine": named.choose_tts(None)}
    settings = load(flags, environment={}).settings
    stt, tts = choose_stt(settings.stt)[0], choose_tts(settings)[0]
    turn = turn_model() if sound else None
    for engine in (tts, stt, turn):
        if engine:
            engine.warm()
    import_language()
    names = {"stt": stt.name, "tts": named.tts, "turn": turn.path.name if turn else "words alone"}
    return Engines(settings, tts, stt, turn, names)


@asynccontextmanager
async def hearing(
    sound: Samples,
    engines: Engines,
    timeline: Timeline,
    talking: Callable[[], bool] = lambda: False,
    conversation: Conversation | None = None,
) -> AsyncIterator[AsyncIterator[SpeechEvent]]:
    """The recording from now on, as a microphone would give it, through the STT. The one place that calls
    ``transcribe``. ``conversation``: one that goes on; None: a new one, as the settings have it.
    """
    begun, captured = anyio.current_time(), 0

    async def frames() -> AsyncIterator[Audio]:
        nonlocal captured
        for samples in Framer().push(sound):
            captured += FRAME_SAMPLES
            due = begun + captured / HEARING_RATE
            await anyio.sleep_until(due)
            timeline.mark(captured, HEARING_RATE, due)
            yield Audio(samples, HEARING_RATE)

    settings = engines.settings
    segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
    judge = EndOfTurn(settings.listen, settings.stt, segmenter, lambda: "", engines.turn)
    segments = listen(frames(), Silero(), segmenter)
    conversation = conversation or Conversation.of(settings.stt)
    async with transcribe(
        segments, engines.stt, timeline.now, judge, talking=talking, conversation=conversation
    ) as heard:
        yield heard


async def _converse(
    sound: Samples, engines: Engines, account: Account, conversation: Conversation | None
) -> None:
    timeline = Timeline()
    async with (
        open_assistant(engines.settings, account, timeline.now, tts=engines.tts) as opened,
        hearing(sound, engines, timeline, lambda: opened.assistant.speaking, conversation) as heard,
        anyio.create_task_group() as group,
    ):
        group.start_soon(run_conversation, heard, opened.assistant)
        with anyio.move_on_after(len(sound) / HEARING_RATE + _LATE_S):
            await account.enough.wait()
        group.cancel_scope.cancel()


T = TypeVar("T")


def run_on(clock: Clock, command: Callable[[], Awaitable[T]]) -> T:
    with quiet():
        return anyio.run(command, backend_options={"loop_factory": _LOOPS[clock]})


def converse_on(
    sound: Samples, engines: Engines, clock: Clock = "fast", conversation: Conversation | None = None
) -> Account:
    """Over as soon as an answer sounds, or when the recording is. ``conversation``: one that goes on."""

    async def run() -> Account:
        account = Account()
        await _converse(sound, engines, account, conversation)
        return account

    return run_on(clock, run)


def turns_of(
    sound: Samples, engines: Engines, clock: Clock = "fast", conversation: Conversation | None = None
) -> list[FinalTranscript]:
    """Every turn that the STT makes of a recording; nobody answers."""

    async def run() -> list[FinalTranscript]:
        async with hearing(sound, engines, Timeline(), conversation=conversation) as heard:
            return [event async for event in heard if isinstance(event, FinalTranscript)]

    return run_on(clock, run)


def texts_of(sound: Samples, engines: Engines, clock: Clock = "fast") -> list[str]:
    """Their words."""
    return [said.text for said in turns_of(sound, engines, clock)]
