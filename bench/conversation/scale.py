"""Sessions at once in one process, in real time: how many, until the answers come half as late again?

Each session is a whole conversation of its own: voice detector, segmenter, judge of the turn's end, turn
controller, wire to a scripted model server in another process, espeak, speaker and track. Its microphone
brings a spoken question in frames; its STT is told the words, so that the machinery is measured and not an
engine. Asked in lockstep, all at the same moment, or with starts spread over 11 s, about the length of a
turn.

Voice to voice runs from the true end of the question to the first sample that is due at the speaker. What
counts is its p95 over all turns after each session's first; it may be 1.5 times that of one session alone.
The figure is the last of ``STEPS`` before one that did not keep up. Anything else that runs on the machine
makes it smaller.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field

import anyio
import numpy as np

from aloud.cli.bench import Figure, Options, percentile
from aloud.cli.bench.engines import TOLD
from aloud.cli.bench.turn import model_server
from bench.conversation.told import Question, ToldStt, speak
from config.runtime.clock import Timeline, in_thread
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.session.assistant import end_of_turn, open_assistant
from pipeline.session.run import run_async
from pipeline.session.warmup import import_language
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer
from voice.stt.transcribe import transcribe
from voice.tts.espeak import Espeak
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

STEPS = (2, 4, 8, 12, 16, 24, 32, 48, 64, 96)
LOCKSTEP, SPREAD = 8, 32
"""Wanted; the search begins there."""
SPREAD_S = 11.0
TOO_LATE = 1.5
_LONGEST_S = 30.0
"""A turn that is not over by then is given up."""

Gate = Callable[[int], bool]
"""Whether the round of this number may be asked."""


@dataclass
class Session:
    """One conversation. ``waits``: seconds from the true end of each question to its answer's first sound."""

    settings: Settings
    question: Question
    rounds: int
    done: int = 0
    waits: list[float] = field(default_factory=list)
    _asked: int = 0
    _captured: int = 0
    _ends: list[float] = field(default_factory=list)

    def _notify(self, event: events.Event) -> None:
        if isinstance(event, events.TurnDone) and event.latency.audible is not None:
            # A turn is counted for the question before it; of two to one question the first.
            if len(self.waits) < len(self._ends):
                self.waits.append(event.latency.audible - self._ends[len(self.waits)])
            self.done = len(self.waits)

    def _heard(self) -> int:
        return self._captured - self._asked

    async def _frames(self, timeline: Timeline, may_ask: Gate) -> AsyncGenerator[Audio, None]:
        framer, begun, count = Framer(), anyio.current_time(), 0
        timeline.mark(0, HEARING_RATE)
        still = np.random.default_rng(3).normal(0, 3e-4, FRAME_SAMPLES).astype(np.float32)
        frames = iter(framer.push(self.question.sound))
        playing, last_ask = False, begun
        while self.done < self.rounds and anyio.current_time() - last_ask < _LONGEST_S:
            if not playing and len(self._ends) == self.done and may_ask(self.done):
                playing, last_ask = True, anyio.current_time()
                self._asked = count
                self._ends.append((count + self.question.ends[-1]) / HEARING_RATE)
                frames = iter(framer.push(self.question.sound))
            samples = next(frames, None) if playing else still
            if samples is None:
                playing, samples = False, still
            count += FRAME_SAMPLES
            due = begun + count / HEARING_RATE
            await anyio.sleep_until(due)
            timeline.mark(count, HEARING_RATE, due)
            self._captured = count
            yield Audio(samples, HEARING_RATE)

    async def hold(
        self,
        may_ask: Gate,
        opening: anyio.Lock,
        ready: Callable[[], None],
        begin: Callable[[], Awaitable[None]],
    ) -> None:
        """``opening``: sessions open one after the other; only their turns are measured."""
        timeline, vad, tts = Timeline(), Silero(), Espeak()
        async with AsyncExitStack() as stack:
            async with opening:
                await in_thread(vad.warm)
                await in_thread(tts.warm)
                assistant = open_assistant(self.settings, self._notify, timeline.now, tts=tts)
                opened = await stack.enter_async_context(assistant)
            segmenter = Segmenter(self.settings.listen, confirm_ms=self.settings.interrupt.confirm_ms)
            judge = end_of_turn(self.settings, segmenter, opened.assistant)
            stt = ToldStt(lambda: self.question.words_until(self._heard()))
            ready()
            await begin()
            frames = self._frames(timeline, may_ask)
            hearing = transcribe(listen(frames, vad, segmenter), stt, timeline.now, judge)
            async with aclosing(frames), hearing as heard:
                await run_conversation(heard, opened.assistant)


@dataclass(frozen=True, slots=True)
class Trial:
    """``waits``: of every turn after the sessions' first ones, in seconds."""

    sessions: int
    answered: int
    asked: int
    waits: list[float]

    @property
    def p95_ms(self) -> float:
        return 1000 * percentile(self.waits, 95) if self.waits else float("inf")

    def keeps_up(self, alone: Trial) -> bool:
        return self.answered == self.asked and self.p95_ms <= TOO_LATE * alone.p95_ms


async def _hold_all(sessions: list[Session], spread_s: float) -> None:
    waiting, everybody = len(sessions), anyio.Event()
    opening = anyio.Lock()

    def ready() -> None:
        nonlocal waiting
        waiting -= 1
        if not waiting:
            everybody.set()

    def may_ask(number: int) -> bool:
        return bool(spread_s) or all(session.done >= number for session in sessions)

    async def begin(place: int) -> None:
        await everybody.wait()
        await anyio.sleep(spread_s * place / len(sessions))

    async with anyio.create_task_group() as group:
        for place, session in enumerate(sessions):
            group.start_soon(session.hold, may_ask, opening, ready, functools.partial(begin, place))


def hold_trial(settings: Settings, count: int, rounds: int, spread_s: float = 0.0) -> Trial:
    """``rounds`` measured turns a session after its first one."""
    words = ("what is the capital of france",)
    question = speak(words, "en-us", 0, np.random.default_rng(7), after_s=0.1)
    sessions = [Session(settings, question, rounds + 1) for _ in range(count)]
    run_async(lambda: _hold_all(sessions, spread_s))
    waits = [wait for session in sessions for wait in session.waits[1:]]
    return Trial(count, sum(len(session.waits) for session in sessions), count * (rounds + 1), waits)


def _most(
    settings: Settings, rounds: int, alone: Trial, spread_s: float, first: int, options: Options
) -> Trial | None:
    """The largest that kept up: from ``STEPS[first]`` up to one that did not, else down to one that did."""
    how = f"spread over {spread_s:g} s" if spread_s else "in lockstep"

    def try_with(count: int) -> Trial | None:
        trial = hold_trial(settings, count, rounds, spread_s)
        options.note(f"{count} {how}: {trial.answered} of {trial.asked} answered, p95 {trial.p95_ms:.0f} ms")
        return trial if trial.keeps_up(alone) else None

    most: Trial | None = None
    for count in STEPS[first:]:
        if not (trial := try_with(count)):
            break
        most = trial
    return most or next(filter(None, map(try_with, reversed(STEPS[:first]))), None)


def measure(options: Options) -> list[Figure]:
    rounds = options.rounds or 2
    options.engines.stt, options.engines.tts = TOLD, Espeak().name
    import_language()
    with model_server() as base_url:
        flags = {"llm.engine": f"{base_url}#scripted", "speaker.sink": "none", "stt.language": "en"}
        settings = load(flags, environment={}).settings
        alone = hold_trial(settings, 1, max(rounds, 5))
        options.note(f"1 alone: p95 {alone.p95_ms:.0f} ms")
        lockstep = _most(settings, rounds, alone, 0.0, STEPS.index(LOCKSTEP), options)
        spread = _most(settings, rounds, alone, SPREAD_S, STEPS.index(SPREAD), options)
    return [
        Figure("sessions in lockstep", lockstep.sessions if lockstep else 1, "", LOCKSTEP, "higher"),
        Figure("sessions with starts spread", spread.sessions if spread else 1, "", SPREAD, "higher"),
        Figure("voice to voice of one alone, median", 1000 * percentile(alone.waits, 50), "ms"),
        Figure("voice to voice of one alone, p95", alone.p95_ms, "ms"),
        *([Figure("voice to voice in lockstep, p95", lockstep.p95_ms, "ms")] if lockstep else []),
        *([Figure("voice to voice spread, p95", spread.p95_ms, "ms")] if spread else []),
    ]
