"""The sample conversation: recorded questions and a picture through the whole pipeline, for a machine without
a microphone. The recorded person is patient: each question waits until the answer before it is spoken.
"""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import anyio
import numpy as np

import aloud
from aloud.cli.terminal.renderers import PlainLines
from config.runtime.clock import Timeline, in_thread
from config.runtime.cores import cores
from config.runtime.installation import typed_here
from config.settings.model import Settings
from config.settings.paths import state_dir
from pipeline import events
from pipeline.conversation.converse import run_conversation
from pipeline.events import Notify
from pipeline.pictures.prepare import reading_of
from pipeline.session.assistant import end_of_turn, open_assistant
from pipeline.session.engines import EngineChoice, betterment, choose_stt
from pipeline.session.run import run_async
from pipeline.session.warmup import Warmup, import_language
from vision.image_store import ImageStore
from vision.images.open import open_picture
from vision.images.picture import Picture
from voice.audio.devices.portaudio import has_speaker
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.stt.base import Stt
from voice.stt.context import Conversation
from voice.stt.transcribe import transcribe
from voice.tts.base import Tts
from voice.turns.endpointing.segmenter import Segmenter
from voice.turns.listen import listen
from voice.turns.vad.silero import Silero

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
    shown: Mapping[str, Picture],
    image_store: ImageStore,
    timeline: Timeline,
    answered: Callable[[], int],
) -> AsyncIterator[Audio]:
    """The recordings as a microphone's frames, each after the answer before it has been heard.

    ``answered``: how many turns are done.
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
            image_store.show(shown[question.picture])
        framer = Framer()
        for samples in framer.push(read_recording(question.recording).samples) + framer.flush():
            yield await paced(samples)
        while answered() < number:
            yield await paced(still)


def play_sample(settings: Settings) -> None:
    """Prints the transcript, writes the answers to a WAV, says what is next."""
    answer = state_dir() / "sample-answer.wav"
    answer.parent.mkdir(parents=True, exist_ok=True)
    loud = has_speaker()
    sink = settings.speaker.sink if loud or settings.speaker.sink != "auto" else str(answer)
    speaker = settings.speaker.model_copy(update={"sink": sink})
    print("No microphone here, so this is the sample conversation: recorded questions, answered now.")
    settings = settings.model_copy(update={"speaker": speaker})
    if not loud:  # nothing is played that could stutter: every core hears
        every = settings.stt.model_copy(update={"threads": settings.stt.threads or cores()})
        settings = settings.model_copy(update={"stt": every})
    stt, stt_choice = choose_stt(settings)
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
        print(f"\nThe spoken answers are in {answer}")
    print(
        typed_here(
            "What next, a line each:\n"
            "To type and be answered: aloud talk --typed\n"
            'To ask once: aloud ask "how many miles are ten kilometres"\n'
            "To hear what is in a picture: aloud describe PICTURE\n"
            "To talk from a recording of your own: aloud talk --microphone FILE --speaker answer.wav\n"
            "What works here, and how to improve it: aloud doctor"
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
    timeline = Timeline()
    vad = Silero()
    done = 0

    def counted(event: events.Event) -> None:
        nonlocal done
        done += isinstance(event, events.TurnDone | events.SpeechIgnored)
        notify(event)

    shown = {q.picture: await in_thread(open_picture, q.picture) for q in asked if q.picture}
    async with (
        open_assistant(settings, counted, timeline.now, tts=tts) as opened,
        anyio.create_task_group() as reading,
    ):
        warmup = Warmup(
            vad.warm,
            partial(stt.warm, settings.stt.language),
            import_language,
            later=[opened.voice.tts.warm] if opened.voice else [],
        )
        reading.start_soon(warmup.run)
        await warmup.done()
        on_choices(opened.choices)
        for picture in shown.values():
            reading.start_soon(in_thread, reading_of, picture)
        frames = ask_in_turn(asked, shown, opened.assistant.image_store, timeline, lambda: done)
        segmenter = Segmenter(settings.listen, confirm_ms=settings.interrupt.confirm_ms)
        judge = end_of_turn(settings, segmenter, opened.assistant)
        told = Conversation.of(settings.stt)
        segments = listen(frames, vad, segmenter)
        async with transcribe(segments, stt, timeline.now, judge, conversation=told) as heard:
            await run_conversation(heard, opened.assistant)


def _tell(*choices: EngineChoice) -> None:
    for choice in choices:
        print(f"  {choice.sense:>6}: {choice.name} ({choice.why})")
    print("\n".join((*betterment(choices), "")))
