"""One session, and two in one process: engines are shared, and nothing else is."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import numpy as np
import pytest
from PIL import Image

from config.errors import SttError
from config.runtime.clock import FastLoop
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.commands import AnswerNow, Ask, Cancel, Command, InsertItem, ShowPicture
from pipeline.session.audio import frames_input, speaker_output
from pipeline.session.fallback import FallbackStt
from pipeline.session.opened_engines import Engines
from pipeline.session.session import Session
from pipeline.session.shown_images import Shown
from pipeline.session.typed_lines import Typed
from vision.images.open import from_pixels
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples, silence
from voice.stt.base import SttStream, Transcript
from voice.stt.context import Conversation as Context
from voice.stt.pocketsphinx import PocketSphinx
from voice.tts.piper.engine import Piper

SUM, LOOK = "what is 2 plus 3", "Describe the picture."
SAMPLE = Path(__file__).parents[3] / "aloud" / "sample"


@dataclass
class Held:
    """A conversation as it was told, and as it sounded."""

    told: list[events.Event] = field(default_factory=list)
    seconds: float = 0.0

    def of(self, kind: type[events.Event]) -> list[events.Event]:
        return [event for event in self.told if isinstance(event, kind)]

    @property
    def heard(self) -> list[str]:
        return [event.heard for event in self.told if isinstance(event, events.Spoke)]

    @property
    def said(self) -> list[str]:
        return [event.text for event in self.told if isinstance(event, events.FinalTranscript)]


@dataclass(frozen=True)
class Person:
    """What one person types or says, and how they want to be answered."""

    flags: dict[str, object]
    lines: Sequence[str] = ()
    says: Samples | None = None
    shown: Sequence[Shown] = ()


@pytest.fixture(scope="module")
def stt() -> PocketSphinx:
    return PocketSphinx()


class Told:
    """Implements ``Stt`` and ``SttStream``: hears the same words in any sound, at once."""

    name = "told"

    def __init__(self, text: str) -> None:
        self._text = text

    def warm(self, language: str = "auto") -> None: ...

    def open(self, conversation: Context | None = None) -> SttStream:
        return self

    def push(self, samples: Samples) -> None: ...

    def preflight(self, *, thorough: bool = False) -> Transcript:
        return Transcript(self._text, 0.9)

    def spot(self, seconds: float) -> str:
        return ""

    def finish(self) -> Transcript:
        return self.preflight()


@pytest.fixture(scope="module")
def voice(models: Path) -> Piper:
    return Piper(models / "piper-micro" / "piper-micro.onnx")


async def each(lines: Sequence[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def spoken(samples: Samples) -> AsyncIterator[Audio]:
    """As a microphone brings it, from now on."""
    begun, count = anyio.current_time(), 0
    for frame in Framer().push(samples):
        count += FRAME_SAMPLES
        await anyio.sleep_until(begun + count / HEARING_RATE)
        yield Audio(frame, HEARING_RATE)


def settled(person: Person, out: Path) -> Settings:
    return load({"llm.engine": "skills", "speaker.sink": str(out), **person.flags}, environment={}).settings


async def talk(engines: Engines, person: Person, out: Path, held: Held) -> None:
    settings = settled(person, out)
    session = Session(
        engines,
        None if person.says is None else frames_input(spoken(person.says)),
        speaker_output(settings.speaker),
        settings,
        held.told.append,
        images=person.shown,
        typed=Typed(each(person.lines), piped=True) if person.lines else None,
    )
    await session.run()


def hold(engines: Engines, folder: Path, *people: Person) -> list[Held]:
    """All at the same time."""
    held = [Held() for _ in people]

    async def together() -> None:
        async with anyio.create_task_group() as group:
            for number, (person, one) in enumerate(zip(people, held, strict=True)):
                group.start_soon(talk, engines, person, folder / f"{number}.wav", one)

    anyio.run(together, backend_options={"loop_factory": FastLoop})
    for number, one in enumerate(held):
        with wave.open(str(folder / f"{number}.wav")) as file:
            one.seconds = file.getnframes() / file.getframerate()
    return held


def hold_silently(engines: Engines, *people: Person) -> list[Held]:
    """The same without sound out."""
    held = [Held() for _ in people]

    async def one(person: Person, told: Held) -> None:
        assert person.says is not None
        source = frames_input(spoken(person.says))
        await Session(engines, source, None, load(environment={}).settings, told.told.append).run()

    async def together() -> None:
        async with anyio.create_task_group() as group:
            for person, told in zip(people, held, strict=True):
                group.start_soon(one, person, told)

    anyio.run(together, backend_options={"loop_factory": FastLoop})
    return held


@pytest.fixture
def people(tmp_path: Path) -> tuple[Person, Person, Person]:
    red, sign = tmp_path / "red.png", tmp_path / "sign.png"
    Image.new("RGB", (64, 48), (200, 20, 20)).save(red)
    Image.open(SAMPLE / "sign.png").resize((480, 360)).save(sign)
    english = {"stt.language": "en", "tts.speed": 0.8, "vision.detail": "brief"}
    german = {"stt.language": "de", "tts.speed": 1.6, "llm.history_turns": 3, "earcons.enabled": False}
    return (
        Person(
            english,
            ["what is 2 plus 3", "Repeat that.", "Describe the picture."],
            shown=[Shown("named", str(sign))],
        ),
        Person(
            german,
            ["what is 2 plus 3", "Wiederhole das.", "Describe the picture."],
            shown=[Shown("named", str(red))],
        ),
        Person(english, says=read_recording(SAMPLE / "sum.wav").samples),
    )


def test_sessions_beside_each_other_are_as_each_would_be_alone(
    stt: PocketSphinx, voice: Piper, tmp_path: Path, people: tuple[Person, ...]
) -> None:
    """Voices' speeds, languages, settings and pictures differ; the engines are the same."""
    engines = Engines(stt, voice)
    alone = [hold(engines, tmp_path, person)[0] for person in people]
    together = hold(engines, tmp_path, *people)
    for by_itself, beside in zip(alone, together, strict=True):
        assert (beside.said, beside.heard) == (by_itself.said, by_itself.heard)
        assert [type(event) for event in beside.of(events.Failed)] == []
    english, german, speaking = together
    assert english.heard[0] == english.heard[1] == german.heard[0] == german.heard[1] == "2 plus 3 is 5."
    assert "exit" in english.heard[2].lower()
    assert "exit" not in german.heard[2].lower()
    assert "Rot" in german.heard[2] or "rot" in german.heard[2]
    assert [text.lower() for text in speaking.said] == ["what is twelve times eleven"]


def test_each_event_has_an_id_and_all_of_a_session_the_same_name(
    stt: PocketSphinx, voice: Piper, tmp_path: Path
) -> None:
    together = hold(Engines(stt, voice), tmp_path, Person({}, [SUM]), Person({}, [SUM, "Repeat that."]))
    names = [{event.session for event in one.told} for one in together]
    assert [len(name) for name in names] == [1, 1]
    assert names[0] != names[1]
    told = [event.id for one in together for event in one.told]
    assert len(set(told)) == len(told)


def test_each_speaks_at_its_own_speed(
    stt: PocketSphinx, voice: Piper, tmp_path: Path, people: tuple[Person, ...]
) -> None:
    slow, quick = (Person(person.flags, [SUM]) for person in people[:2])
    slowly, quickly = hold(Engines(stt, voice), tmp_path, slow, quick)
    assert slowly.heard == quickly.heard
    assert slowly.seconds > 1.5 * quickly.seconds


class Breaks(Told):
    """Implements ``Stt``: cannot be loaded."""

    def warm(self, language: str = "auto") -> None:
        raise SttError("Whisper cannot be loaded.")


def test_each_session_is_told_once_of_an_engine_that_gives_way(tmp_path: Path) -> None:
    engines = Engines(FallbackStt(Breaks("nothing"), lambda: Told("what is two plus three")))
    silent = Person({}, says=silence(0.5, HEARING_RATE).samples)
    for together in (hold_silently(engines, silent, silent), hold_silently(engines, silent)):
        for held in together:
            (failed,) = held.of(events.Failed)
            assert isinstance(failed, events.Failed)
            assert (failed.error, failed.kept) == ("SttError", "told listens in its place.")


# Commands -------------------------------------------------------------------------------------------------


async def commanded(says: Samples | None, out: Path, act: Callable[[Session, events.Event], None]) -> Held:
    """``act`` is told of each event, and may send."""
    held, person = Held(), Person({}, says=says)
    settings = settled(person, out)

    def told(event: events.Event) -> None:
        held.told.append(event)
        act(session, event)

    session = Session(
        Engines(Told("what is two plus three")),
        None if says is None else frames_input(spoken(says)),
        None,
        settings,
        told,
    )
    await session.run()
    return held


def run(work: Callable[[], object]) -> Held:
    return anyio.run(work, backend_options={"loop_factory": FastLoop})  # type: ignore[arg-type]


def test_asked_shown_and_closed(tmp_path: Path) -> None:
    red = from_pixels(Image.new("RGB", (64, 48), (200, 20, 20)), "a card")
    todo: list[Command] = [ShowPicture(red), Ask("Describe the picture.")]

    def act(session: Session, event: events.Event) -> None:
        if isinstance(event, events.Ready):
            for command in todo:
                session.send(command)
        if isinstance(event, events.Spoke):
            session.close()

    held = run(lambda: commanded(None, tmp_path / "a.wav", act))
    assert "red" in held.heard[0]
    (looked,) = held.of(events.Looked)
    assert isinstance(looked, events.Looked)
    assert looked.images[0].source == "a card"


def test_answer_now_ends_the_turn_without_more_silence(tmp_path: Path) -> None:
    """It is sent at the first short silence; without it, 320 ms of silence end a finished question."""
    samples = read_recording(SAMPLE / "sum.wav").samples
    samples = np.concatenate([samples, silence(3.0, HEARING_RATE).samples])

    def answered(now: bool) -> float:
        def act(session: Session, event: events.Event) -> None:
            if now and isinstance(event, events.PreflightTranscript):
                session.send(AnswerNow())

        held = run(lambda: commanded(samples, tmp_path / "a.wav", act))
        (said,) = held.of(events.FinalTranscript)
        return said.at

    assert answered(now=True) < answered(now=False) - 0.15


def test_what_is_inserted_belongs_to_the_conversation_and_is_not_answered(tmp_path: Path) -> None:
    def act(session: Session, event: events.Event) -> None:
        if isinstance(event, events.Ready):
            session.send(InsertItem("user", "How many legs has a spider?"))
            session.send(InsertItem("assistant", "A spider has eight legs."))
            session.send(Ask("Repeat that."))
            session.send(Cancel())
            session.close()

    held = run(lambda: commanded(None, tmp_path / "a.wav", act))
    assert held.said == ["Repeat that."]
    assert held.heard == [""]  # it was cancelled before a word of it was heard


def test_silence_alone_brings_nothing(tmp_path: Path) -> None:
    held = run(lambda: commanded(silence(1.0, HEARING_RATE).samples, tmp_path / "a.wav", lambda *_: None))
    assert [event.name for event in held.told] == ["ready"]
