"""Voice to voice by stage, and our own overhead: what a turn takes beyond its silence and its engines.

The recorded sample questions are asked one after another; a scripted model server answers with stated delays.
From the end of speech (as the voice detector tells it) to the first sound at the speaker, these are taken
off: the configured silence, the seconds after it in which the STT was at work, the server's stated time to
the end of its first sentence, and the seconds the TTS spent on it. What is left is ours.
"""

from __future__ import annotations

import asyncio
import functools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from aloud.cli.bench import Figure, Options, machine, percentile
from aloud.cli.bench.drawing import Panel, Stage, draw
from aloud.cli.bench.engines import Engines
from aloud.cli.bench.model_server import ANSWER, clause_s
from aloud.cli.sample import SampleQuestion, hold_sample, questions
from aloud.cli.terminal.renderers import STAGES, stages
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.session.run import run_async
from voice.audio.samples import Samples
from voice.audio.speech import Speech
from voice.stt.base import Stt, SttStream, Transcript
from voice.stt.context import Conversation
from voice.tts.base import Tts

FIRST_MS, TOKENS_PER_S = 100.0, 60.0


class TimedStt:
    """An STT that notes when it was at work, in seconds of ``clock``, which is the event loop's."""

    def __init__(self, stt: Stt, clock: Callable[[], float]) -> None:
        self._stt = stt
        self.name = stt.name
        self.clock = clock
        self.spans: list[tuple[float, float]] = []

    def warm(self, language: str = "auto") -> None:
        self._stt.warm(language)

    def open(self, conversation: Conversation | None = None) -> SttStream:
        return _TimedStream(self._stt.open(conversation), self)

    @contextmanager
    def working(self) -> Iterator[None]:
        began = self.clock()
        yield
        self.spans.append((began, self.clock()))

    def worked_since(self, moment: float) -> float:
        """Seconds, an engine that is asked in two threads at once counted once."""
        worked, until = 0.0, moment
        for began, ended in sorted(self.spans):
            worked += max(0.0, ended - max(began, until))
            until = max(until, ended)
        return worked


class _TimedStream:
    def __init__(self, hearing: SttStream, timed: TimedStt) -> None:
        self._hearing = hearing
        self._timed = timed

    def push(self, samples: Samples) -> None:
        with self._timed.working():
            self._hearing.push(samples)

    def preflight(self, *, thorough: bool = False) -> Transcript:
        with self._timed.working():
            return self._hearing.preflight(thorough=thorough)

    def spot(self, seconds: float) -> str:
        return self._hearing.spot(seconds)

    def finish(self) -> Transcript:
        with self._timed.working():
            return self._hearing.finish()


class TimedTts:
    """A TTS that notes how long each piece took it."""

    def __init__(self, tts: Tts) -> None:
        self._tts = tts
        self.name = tts.name
        self.say_s: list[float] = []

    @property
    def rate(self) -> int:
        return self._tts.rate

    def warm(self) -> None:
        self._tts.warm()

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        began = time.monotonic()
        speech = self._tts.say(text, speed=speed)
        self.say_s.append(time.monotonic() - began)
        return speech

    def stream(self, text: str, ahead_s: float = 0.0, *, speed: float = 1.0) -> Iterator[Speech]:
        """Of its pieces the first is timed: what is waited for."""
        began = time.monotonic()
        for number, speech in enumerate(self._tts.stream(text, ahead_s, speed=speed)):
            if not number:
                self.say_s.append(time.monotonic() - began)
            yield speech


@contextmanager
def model_server(
    first_ms: float = FIRST_MS, tokens_per_s: float = TOKENS_PER_S, answer: str = ANSWER
) -> Iterator[str]:
    """Its base URL; a process of its own, so that its work does not count as ours."""
    command = [sys.executable, "-m", "aloud.cli.bench.model_server", str(first_ms), str(tokens_per_s), answer]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


class StageTimes:
    """Reads the events of a conversation; one row of seconds a turn."""

    def __init__(self, silence_ms: float, stt: TimedStt, tts: TimedTts) -> None:
        self._silence_s = silence_ms / 1000
        self._stt = stt
        self._tts = tts
        self._first_due: float | None = None
        self._first_say = 0
        self._heard_s = 0.0
        self.overheads: list[float] = []
        self.latencies: list[events.Latency] = []

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.FinalTranscript():
                self._first_due, self._first_say = None, len(self._tts.say_s)
                ended = self._stt.clock() - (event.at - event.speech_end)
                self._heard_s = self._stt.worked_since(ended + self._silence_s)
            case events.Speaking() if self._first_due is None:
                self._first_due = event.at
            case events.TurnDone() if self._first_due is not None:
                self.latencies.append(event.latency)
                self.overheads.append(self._overhead(event.latency))
            case _:
                pass

    def _overhead(self, latency: events.Latency) -> float:
        assert latency.speech_end is not None
        assert self._first_due is not None
        engines = self._heard_s + self._tts.say_s[self._first_say]
        model = clause_s(FIRST_MS, TOKENS_PER_S)
        return self._first_due - latency.speech_end - self._silence_s - engines - model


def measure(options: Options) -> list[Figure]:
    """``options.rounds`` turns after a first one that is told apart; without preflights, then with them."""
    rounds = options.rounds or 5
    with model_server() as base_url:
        flags = {"llm.engine": f"{base_url}#scripted", "speaker.sink": "none"}
        flags |= {"stt.engine": options.choose_stt(), "tts.engine": options.choose_tts()}
        asked = list(islice(cycle(questions("for_a_model")), rounds + 1))
        accounts = []
        for preemptive in (False, True):
            # The configured silence is taken off, so it must be the one that is waited for.
            llm_settings = {**flags, "llm.preemptive": preemptive, "listen.adaptive": False}
            settings = load(llm_settings, environment={}).settings
            accounts.append(run_async(functools.partial(_run, settings, asked), fast=True))
    plain, preflighted = accounts
    if options.plot:
        _draw(
            options.plot,
            options.engines,
            {
                "without preemptive answers": plain.latencies[1:],
                "with preemptive answers": preflighted.latencies[1:],
            },
        )
    return [
        Figure(
            "our overhead without preemptive answers, p95",
            1000 * percentile(plain.overheads[1:], 95),
            "ms",
            30.0,
        ),
        Figure(
            "our overhead without preemptive answers, median",
            1000 * percentile(plain.overheads[1:], 50),
            "ms",
        ),
        Figure("our overhead, first turn", 1000 * plain.overheads[0], "ms"),
        Figure("turns measured", len(plain.overheads) - 1, "", float(rounds), "higher"),
        *_by_stage("without preemptive answers", plain.latencies[1:]),
        *_by_stage("with preemptive answers", preflighted.latencies[1:]),
    ]


async def _run(settings: Settings, asked: list[SampleQuestion]) -> StageTimes:
    from pipeline.session.engines import choose_stt, choose_tts

    stt = TimedStt(choose_stt(settings.stt)[0], asyncio.get_running_loop().time)
    tts = TimedTts(choose_tts(settings)[0])
    account = StageTimes(settings.listen.silence_ms, stt, tts)
    await hold_sample(settings, asked, account, stt=stt, tts=tts)
    return account


def _draw(path: Path, engines: Engines, latencies: dict[str, list[events.Latency]]) -> None:
    about = machine()
    where = f"{about['system']} {about['processor']}, {about['cores']} cores, Python {about['python']}"
    where += f" · scripted model: first token after {FIRST_MS:g} ms, then {TOKENS_PER_S:g} a second"
    where += f" · {engines}"
    where += f" · silence fixed at {load({}, environment={}).settings.listen.silence_ms} ms"
    panels = [Panel(f"{how}, {len(turns)} turns", _stages(turns)) for how, turns in latencies.items()]
    draw(panels, "Aloud: from the end of speech to the first sound", where, path)


def _stages(latencies: list[events.Latency]) -> list[Stage]:
    """In the order of the waterfall; a stage that is over before the one before it takes no time."""
    drawn: list[Stage] = []
    for stage in STAGES:
        ends = [
            1000 * (at - turn.speech_end)
            for turn in latencies
            if turn.speech_end is not None and (at := getattr(turn, stage)) is not None
        ]
        if ends:
            begins = drawn[-1].p50 if drawn else 0.0
            median = percentile(ends, 50)
            drawn.append(Stage(stage.replace("_", " "), min(begins, median), median, percentile(ends, 95)))
    return drawn


def _by_stage(how: str, latencies: list[events.Latency]) -> list[Figure]:
    spent: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for latency in latencies:
        for stage, begins, ends in stages(latency):
            spent[stage].append(1000 * (ends - begins))
    whole = [
        1000 * (turn.audible - turn.speech_end) for turn in latencies if turn.audible and turn.speech_end
    ]
    figures = [
        Figure(f"voice to voice {how}, median", percentile(whole, 50), "ms"),
        Figure(f"voice to voice {how}, p95", percentile(whole, 95), "ms"),
    ]
    for stage, times in spent.items():
        if times:
            figures.append(Figure(f"  {stage.replace('_', ' ')}, median", percentile(times, 50), "ms"))
    return figures
