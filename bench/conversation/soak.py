"""One conversation that goes on and on: does anything grow? Memory, tasks, threads, files and sockets.

    make bench ARGS="soak --rounds 1000 --json"
    make bench ARGS="soak --seconds 3600 --stt whisper:tiny.en --tts piper:en_US-joe-medium --json"

``--rounds``: so many questions on the fast clock; ``--seconds``: at the pace of life. What is asked in turn:
the sample's questions (a sum, a picture, the time, what only a model can answer), which are synthetic voices,
and where they lie here questions and commands of people (``sh scripts/people``). Every fifth is spoken over
the answer before it. The model is a scripted server. Measured at each turn's end; the base is the most that
was held in the first tenth.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import gc
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import numpy as np

from aloud.cli.bench import Figure, Options
from aloud.cli.bench.turn import model_server
from aloud.cli.sample import questions
from bench.people.sets import complete
from config.runtime.clock import Timeline, in_thread
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.commands import ShowPicture
from pipeline.session.audio import AudioInput, speaker_output
from pipeline.session.engines import choose_stt
from pipeline.session.opened_engines import open_engines
from pipeline.session.privacy import KeptNotices
from pipeline.session.run import run_async
from pipeline.session.session import Session
from vision.images.open import open_picture
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples

LEAST_TURNS = 20
UNHEARD_S = 30.0
"""What brought no event by then was not heard: the next is asked."""
INTO_ANSWER_S = 0.7
"""So long after the first sound of an answer the next question is spoken over it."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the process holds. On Linux; elsewhere memory, files and sockets count as nothing."""

    resident_mb: float
    tasks: int
    threads: int
    files: int
    sockets: int


def load_now() -> Load:
    gc.collect()
    links = list(_open_files())
    return Load(
        resident_mb=_resident_mb(),
        tasks=len(asyncio.all_tasks()),
        threads=threading.active_count(),
        files=sum(not link.startswith("socket:") for link in links),
        sockets=sum(link.startswith("socket:") for link in links),
    )


def _resident_mb() -> float:
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if statm.exists() else 0.0


def _open_files() -> Iterator[str]:
    folder = Path("/proc/self/fd")
    for number in os.listdir(folder) if folder.exists() else []:
        try:
            yield os.readlink(folder / number)
        except OSError:
            continue  # the folder's own, closed by now


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    sound: Samples
    picture: str = ""


def everything_asked() -> list[Asked]:
    sample = [*questions("turns"), *questions("for_a_model")]
    asked = [Asked(read_recording(each.recording).samples, each.picture) for each in sample]
    try:
        people = [each for each in complete("report") if each.kind in ("command", "question")]
    except OSError:  # the recordings are not here
        people = []
    spoken = [Asked(each.sound[: each.ends[-1]]) for each in people[:24]]
    mixed = [
        each for group in zip(spoken[0::4], spoken[1::4], spoken[2::4], asked, strict=False) for each in group
    ]
    return mixed or asked


class Person:
    """Asks ``asked`` over and over, for so many turns or seconds; notes what was held after each turn."""

    def __init__(
        self, asked: Sequence[Asked], turns: int, seconds: float, note: Callable[[str], None]
    ) -> None:
        self._asked, self._turns, self._seconds, self._note = asked, turns, seconds, note
        self.show: Callable[[str], None] = lambda picture: None
        self.loads: list[tuple[float, Load]] = []
        self.interrupted = self.unheard = self.said = 0
        self._turn: int | None = None
        self._spoken_at: float | None = None
        self._answered = False

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.FinalTranscript():
                self._turn = event.turn
            case events.Speaking() if event.turn == self._turn:
                self._spoken_at = self._spoken_at or event.at
            case events.Spoke():
                self.interrupted += not event.complete
            case events.TurnDone() | events.SpeechIgnored():
                self._answered |= isinstance(event, events.SpeechIgnored) or event.turn == self._turn
                self.loads.append((event.at, load_now()))
                if len(self.loads) % 20 == 0:
                    self._note(
                        f"{event.at:6.0f} s, turn {len(self.loads)}: {self.loads[-1][1].resident_mb:.1f} MB"
                    )
            case _:
                pass

    def _goes_on(self, at: float) -> bool:
        return at < self._seconds if self._seconds else self.said < self._turns

    async def frames(self, timeline: Timeline) -> AsyncIterator[Audio]:
        begun, captured = anyio.current_time(), 0
        still = np.zeros(FRAME_SAMPLES, np.float32)
        while self._goes_on(captured / HEARING_RATE):
            asked = self._asked[self.said % len(self._asked)]
            self.said += 1
            if asked.picture:
                self.show(asked.picture)
            sound, number = Framer().push(asked.sound), 0
            self._turn, self._spoken_at, self._answered = None, None, False
            ended = (captured + len(asked.sound)) / HEARING_RATE
            while number < len(sound) or not self._over(captured / HEARING_RATE, ended):
                captured += FRAME_SAMPLES
                due = begun + captured / HEARING_RATE
                await anyio.sleep_until(due)
                timeline.mark(captured, HEARING_RATE, due)
                yield Audio(sound[number] if number < len(sound) else still, HEARING_RATE)
                number += 1

    def _over(self, at: float, ended: float) -> bool:
        """Whether the next may be asked."""
        if at > ended + UNHEARD_S and self._turn is None:
            self.unheard += 1
            return True
        if self.said % 5 == 0 and self._spoken_at is not None:
            return at > self._spoken_at + INTO_ANSWER_S
        return self._answered and at > ended + 0.3


async def _soak(settings: Settings, person: Person, pictures: Sequence[str]) -> None:
    stt = choose_stt(settings.stt)[0]
    shown = {name: await in_thread(open_picture, name) for name in pictures}

    @asynccontextmanager
    async def spoken(timeline: Timeline, *_: object) -> AsyncIterator[AsyncIterator[Audio]]:
        yield person.frames(timeline)

    async with open_engines(settings, hears=False) as engines:
        engines = dataclasses.replace(engines, stt=stt)
        source, sink = AudioInput(spoken, waits=False), speaker_output(settings.speaker)
        session = Session(engines, source, sink, settings, person, notices=KeptNotices())
        person.show = lambda name: session.send(ShowPicture(shown[name]))
        await session.run()


def measure(options: Options) -> list[Figure]:
    seconds = options.seconds or 0.0
    rounds = max(options.rounds or 200, LEAST_TURNS)
    asked = everything_asked()
    person = Person(asked, rounds, seconds, options.note)
    with model_server() as base_url:
        flags = {"llm.engine": f"{base_url}#scripted", "speaker.sink": "none", "wake.enabled": "off"}
        flags |= {"stt.engine": options.choose_stt(), "tts.engine": options.choose_tts()}
        settings = load(flags, environment={}).settings
        pictures = sorted({each.picture for each in asked if each.picture})
        run_async(functools.partial(_soak, settings, person, pictures), fast=not seconds)
    return figures(person, seconds, rounds)


def figures(person: Person, seconds: float, rounds: int) -> list[Figure]:
    loads = [load for _, load in person.loads]
    tenth = max(1, len(loads) // 10)
    first, later = loads[:tenth], loads[tenth:] or loads[-1:]
    base = max(each.resident_mb for each in first)
    growth = 100 * (max(each.resident_mb for each in later) / base - 1) if base else 0.0

    def more(name: str) -> int:
        """At the end of the turns, the least of the last ten: a task or a file may just be at work."""
        return min(getattr(each, name) for each in later[-10:]) - max(getattr(each, name) for each in first)

    return [
        Figure("turns", len(loads), "", None if seconds else 0.9 * rounds, "higher"),
        Figure("time of the conversation", person.loads[-1][0], "s audio", 0.97 * seconds or None, "higher"),
        Figure("answers spoken over", person.interrupted, ""),
        Figure("asked and brought nothing", person.unheard, ""),
        Figure("resident memory grows after the first tenth, at most", growth, "%", 3.0),
        Figure("resident memory, most of the first tenth", base, "MB"),
        Figure("resident memory at the end", loads[-1].resident_mb, "MB"),
        *(Figure(f"more {name}", more(name), "", 0.0) for name in ("tasks", "threads", "files", "sockets")),
    ]
