"""The sample conversation: recorded questions and a picture through the whole pipeline, for a machine without
a microphone. The recorded person is patient: each question waits until the answer before it is spoken.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import anyio
import numpy as np

import aloud
from aloud.cli.terminal.renderers import PlainLines
from config.files.private import private_file, private_folder
from config.runtime.clean import clean
from config.runtime.clock import Timeline, in_thread
from config.runtime.installation import typed_here
from config.runtime.printing import print_text
from config.settings.model import Settings
from config.settings.paths import state_dir
from config.system.cores import cores
from pipeline import events
from pipeline.conversation.commands import ShowPicture
from pipeline.events import Notify
from pipeline.pictures.prepare import reading_of
from pipeline.session.audio import AudioInput, speaker_output
from pipeline.session.engines import EngineChoice, betterment, choose_stt
from pipeline.session.opened_engines import open_engines
from pipeline.session.privacy import KeptNotices
from pipeline.session.run import run_async
from pipeline.session.session import Session
from vision.images.open import open_picture
from voice.audio.devices.portaudio import has_speaker
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.stt.base import Stt
from voice.tts.base import Tts

SAMPLE = Path(aloud.__file__).parent / "sample"


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """``picture`` is shown just before it is asked; empty: none."""

    recording: Path
    text: str
    picture: str = ""


def questions(table: Literal["turns", "for_a_model"] = "turns") -> list[SampleQuestion]:
    """``turns``: the sample conversation; ``for_a_model``: what no built-in skill answers."""
    conversation = tomllib.loads((SAMPLE / "conversation.toml").read_text("utf-8"))
    return [
        SampleQuestion(
            SAMPLE / turn["recording"],
            turn["text"],
            str(SAMPLE / turn["picture"]) if turn.get("picture") else "",
        )
        for turn in conversation[table]
    ]


async def ask_in_turn(
    asked: Sequence[SampleQuestion],
    show: Callable[[str], None],
    timeline: Timeline,
    answered: Callable[[], int],
) -> AsyncIterator[Audio]:
    """The recordings as a microphone's frames, each after the answer before it has been heard.

    ``show``: the picture of that name; ``answered``: how many turns are done.
    """
    begun, count = anyio.current_time(), 0
    timeline.mark(0, HEARING_RATE)

    async def paced(samples: Samples) -> Audio:
        nonlocal count
        count += 1
        due = begun + count * FRAME_SAMPLES / HEARING_RATE
        await anyio.sleep_until(due)
        timeline.mark(count * FRAME_SAMPLES, HEARING_RATE, due)
        return Audio(samples, HEARING_RATE)

    still = np.zeros(FRAME_SAMPLES, np.float32)
    for number, question in enumerate(asked, 1):
        if question.picture:
            show(question.picture)
        framer = Framer()
        for samples in framer.push(read_recording(question.recording).samples) + framer.flush():
            yield await paced(samples)
        while answered() < number:
            yield await paced(still)


def play_sample(settings: Settings) -> None:
    """Prints the transcript, writes the answers to a WAV, says what is next."""
    answer = state_dir() / "sample-answer.wav"
    private_folder(answer.parent)
    private_file(answer)
    loud = has_speaker()
    sink = settings.speaker.sink if loud or settings.speaker.sink != "auto" else str(answer)
    begun = "No microphone here, so this is the sample conversation: recorded questions, answered now."
    print_text(clean(begun))
    settings = settings.replaced(speaker=settings.speaker.replaced(sink=sink))
    if not loud:  # nothing is played that could stutter: every core hears
        settings = settings.replaced(stt=settings.stt.replaced(threads=settings.stt.threads or cores()))
    stt, stt_choice = choose_stt(settings.stt)
    run_async(
        lambda: hold_sample(
            settings,
            questions(),
            PlainLines(latency=settings.show.latency),
            stt=stt,
            on_choices=lambda choices: _tell(stt_choice, *choices),
        ),
        fast=not loud,
    )
    if sink == str(answer):
        print_text(clean(f"\nThe spoken answers are in {answer}"))
    print_text(
        clean(
            typed_here(
                "What next, a line each:\n"
                "To type and be answered: aloud talk --typed\n"
                'To ask once: aloud ask "how many miles are ten kilometres"\n'
                "To hear what is in a picture: aloud describe PICTURE\n"
                "To talk from a recording of your own: aloud talk --microphone FILE --speaker answer.wav\n"
                "What works here, and how to improve it: aloud doctor"
            )
        )
    )


async def hold_sample(
    settings: Settings,
    asked: Sequence[SampleQuestion],
    notify: Notify,
    *,
    stt: Stt,
    tts: Tts | None = None,
    on_choices: Callable[[Sequence[EngineChoice]], None] = lambda choices: None,
) -> None:
    """Ask the recorded questions in turn; returns when the last answer has been spoken."""
    done = 0
    settings = settings.replaced(wake=settings.wake.replaced(enabled=False))

    def counted(event: events.Event) -> None:
        nonlocal done
        done += isinstance(event, events.TurnDone | events.SpeechIgnored)
        if not isinstance(event, events.Ready):  # what is used is told by ``on_choices``
            notify(event)

    shown = {q.picture: await in_thread(open_picture, q.picture) for q in asked if q.picture}

    @asynccontextmanager
    async def spoken(timeline: Timeline, *_: object) -> AsyncIterator[AsyncIterator[Audio]]:
        yield ask_in_turn(asked, lambda name: session.send(ShowPicture(shown[name])), timeline, lambda: done)

    async with (
        open_engines(settings, hears=False, tts=tts) as engines,
        anyio.create_task_group() as reading,
    ):
        for picture in shown.values():
            reading.start_soon(in_thread, reading_of, picture)
        engines = dataclasses.replace(engines, stt=stt)
        source, sink = AudioInput(spoken, waits=False), speaker_output(settings.speaker)
        session = Session(
            engines, source, sink, settings, counted, on_choices=on_choices, notices=KeptNotices()
        )
        await session.run()


def _tell(*choices: EngineChoice) -> None:
    for choice in choices:
        print_text(clean(f"  {choice.sense:>6}: {choice.name} ({choice.why})"))
    print_text(clean("\n".join((*betterment(choices), ""))))
