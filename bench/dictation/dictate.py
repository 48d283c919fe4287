"""Dictation: end of speech to delivered text, lag of live words, memory over hours.

The speech is made by espeak-ng, which tells where each word ends. ``--seconds`` adds a take of that length at
``--fast``, sentences with pauses between them, and measures memory over it; ``--rounds`` how many takes, and
how many voices speak commands.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import IO

from aloud.cli.bench import Figure, Options, percentile
from aloud.cli.bench.process import ALOUD
from bench.dictation.kit import SENTENCES, home
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.dictation import events as dictation_events
from pipeline.events import Event
from pipeline.session.dictation.context import DictationOptions
from pipeline.session.dictation.dictate import dictate, settle
from pipeline.session.run import run_async
from voice.audio.samples import HEARING_RATE, Samples, concatenate, silence, to_int16, write_wav
from voice.audio.speech import Speech
from voice.stt.base import Stt, SttStream, Transcript
from voice.stt.context import Conversation
from voice.stt.local_agreement import Segment
from voice.stt.streaming import Again
from voice.tts.espeak import Espeak

_BASE_S = 300.0
"""Of a long take: what memory has come to by then is the base."""


def measure(options: Options) -> list[Figure]:
    if options.crash:
        from bench.dictation.crashes import measure_crashes

        return measure_crashes(options)
    stt = options.choose_stt()
    with home() as folder:
        settings = bench_settings(stt)
        spoken = [Espeak().say(text) for text in SENTENCES]
        rounds = options.rounds or 3 * len(spoken)
        takes = [_take(settings, spoken[n % len(spoken)], folder) for n in range(rounds)]
        figures = [
            Figure("end of speech to delivered, beyond the engine, p95",
                   1000 * percentile([take.beyond_s for take in takes], 95), "ms", 50.0),
            Figure("end of speech to delivered, p95",
                   1000 * percentile([take.latency_s for take in takes], 95), "ms"),
            Figure("words live, lag p95", percentile([s for t in takes for s in t.lags_s], 95), "s", 1.5),
            Figure("words live, lag at most", max(s for t in takes for s in t.lags_s), "s"),
        ]  # fmt: skip
        figures += _commands(settings, options)
        if options.seconds:
            figures += _hours(options, stt, options.seconds, spoken, folder)
        return figures


def _commands(settings: Settings, options: Options) -> list[Figure]:
    from bench.dictation import commands
    from pipeline.session.engines import choose_stt

    stt = choose_stt(settings.stt)[0]
    stt.warm()
    return commands.measure(stt, options)


def bench_settings(stt: str, **more: object) -> Settings:
    flags = {"stt.engine": stt, "stt.language": "en", "llm.engine": "skills"}
    fixed: dict[str, object] = {"speaker.sink": "none", "dictate.style": "raw"}
    fixed |= dict.fromkeys(("dictate.commands", "dictate.inline", "dictate.vocabulary"), False)
    return settle(load(flags | fixed | more, environment={}).settings)


# A take that ends with its last word ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Measured:
    latency_s: float
    """From the last sample to the text in the file."""
    beyond_s: float
    """What of that the engine did not take."""
    lags_s: list[float]
    """Of each word: from its end to when it, or what stood for it, was shown."""


class _Timed:
    """The STT, and when they were at work."""

    def __init__(self, stt: Stt, spans: list[tuple[float, float]]) -> None:
        self.name = stt.name
        self._stt = stt
        self._spans = spans

    def warm(self, language: str = "auto") -> None:
        self._stt.warm(language)

    def open(self, conversation: Conversation | None = None) -> SttStream:
        return _TimedStream(self._stt.open(conversation), self._spans)


class _TimedStream:
    def __init__(self, hearing: SttStream, spans: list[tuple[float, float]]) -> None:
        self._hearing = hearing
        self._spans = spans

    @contextmanager
    def _working(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._spans.append((began, time.monotonic()))

    def push(self, samples: Samples) -> None:
        with self._working():
            self._hearing.push(samples)

    def preflight(self, *, thorough: bool = False) -> Transcript:
        with self._working():
            return self._hearing.preflight(thorough=thorough)

    def spot(self, seconds: float) -> str:
        return self._hearing.spot(seconds)

    def finish(self) -> Transcript:
        with self._working():
            return self._hearing.finish()

    def segments(self, begin: int) -> list[Segment]:
        with self._working():
            if isinstance(self._hearing, Again):
                return self._hearing.segments(begin)
            return [Segment(self._hearing.preflight().text, 0.0)]


def _take(settings: Settings, spoken: Speech, folder: Path) -> _Measured:
    source, out = folder / "speech.wav", folder / "text.txt"
    before_s = 0.5
    sound = spoken.audio.at_rate(HEARING_RATE)
    write_wav(source, concatenate([silence(before_s, HEARING_RATE), sound]))
    told: list[tuple[float, Event]] = []
    spans: list[tuple[float, float]] = []
    run(settings, source, out, lambda event: told.append((time.monotonic(), event)), spans)
    ended = next(at for at, event in told if isinstance(event, dictation_events.TakeEnded))
    done = next(at for at, event in told if isinstance(event, dictation_events.Delivered))
    engine = sum(max(0.0, min(end, done) - max(began, ended)) for began, end in spans)
    return _Measured(done - ended, done - ended - engine, _lags(spoken, [e for _, e in told], before_s))


def run(
    settings: Settings,
    source: Path,
    out: Path,
    notify: Callable[[Event], None],
    spans: list[tuple[float, float]] | None = None,
) -> None:
    """One recording to the end of one file, at ``--fast``."""
    microphone = settings.microphone.model_copy(update={"source": str(source)})
    chosen = settings.model_copy(update={"microphone": microphone})
    timed = None if spans is None else functools.partial(_Timed, spans=spans)
    wanted = DictationOptions((f"file:{out}",), live=True, around_stt=timed or (lambda stt: stt))
    run_async(lambda: dictate(chosen, wanted, notify), fast=True)


def _lags(spoken: Speech, told: list[Event], before_s: float) -> list[float]:
    """Words are counted: the n-th shown stands for the n-th spoken, whatever the STT made of it."""
    ends = [word.end / spoken.audio.rate for word in spoken.words]
    lags: list[float] = []
    for event in told:
        match event:
            case dictation_events.InterimTranscript():
                shown = len(f"{event.committed} {event.tentative}".split())
            case events.FinalTranscript():
                shown = len(ends)
            case _:
                continue
        while len(lags) < min(shown, len(ends)):
            lags.append(event.at - before_s - ends[len(lags)])
    return [max(0.0, lag) for lag in lags]


# Hours ---------------------------------------------------------------------------------------------------

_GAPS_S = (1.0, 0.8, 3.0, 1.2, 0.7, 8.0)


def _hours(options: Options, stt: str, seconds: float, spoken: list[Speech], folder: Path) -> list[Figure]:
    """One take of ``seconds`` in a process of its own; the recording is made as it is read."""
    command = [*ALOUD, "dictate", "--microphone", "-", "--fast", "--json", "--quiet", "--style", "raw"]
    command += ["--language", "en", "--llm", "skills", "--stt", stt]
    began, said, memory = time.monotonic(), 0, list[tuple[float, float]]()
    process = subprocess.Popen(
        [*command, "--to", f"file:{folder / 'hours.txt'}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    threading.Thread(target=_feed, args=(process.stdin, seconds, spoken), daemon=True).start()
    for line in process.stdout:
        event = json.loads(line)
        said += event["event"] == "final_transcript"
        if event["at"] >= (memory[-1][0] + 60 if memory else 0):
            memory.append((event["at"], resident_mb(process.pid)))
            options.note(f"{memory[-1][0] / 60:5.1f} min, {said} utterances, {memory[-1][1]:.1f} MB")
    settled = [mb for at, mb in memory if at >= min(_BASE_S, seconds / 4)]
    some = max(1, len(settled) // 10)
    base, last = median(settled[:some]), median(settled[-some:])
    return [
        Figure("long take", seconds / 60, "min"),
        Figure("its utterances", said, ""),
        Figure("worked on for", (time.monotonic() - began) / 60, "min"),
        Figure("ends well", process.wait(), "", 0.0),
        Figure("resident memory, median of the first tenth", base, "MB"),
        Figure("it grows by, to the median of the last tenth", last - base, "MB", 20.0),
        Figure("resident memory at most, for a moment", max(settled), "MB"),
    ]


def _feed(pipe: IO[bytes], seconds: float, spoken: list[Speech]) -> None:
    """Sentence after sentence, pauses between them."""
    left = round(seconds * HEARING_RATE)
    for speech, gap in cycle(zip(spoken, _GAPS_S, strict=True)):
        for sound in (speech.audio.at_rate(HEARING_RATE), silence(gap, HEARING_RATE)):
            pipe.write(to_int16(sound.samples[:left]))
            left -= len(sound.samples[:left])
        if not left:
            break
    pipe.close()


def resident_mb(process: int) -> float:
    """Of another process (Linux; elsewhere 0)."""
    statm = Path(f"/proc/{process}/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if statm.exists() else 0.0
