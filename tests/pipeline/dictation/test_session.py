"""Takes on the fast clock, with a real Whisper: what the STT fails over, what comes in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import anyio
import pytest

from config.errors import SttError
from config.runtime.clock import FastLoop, in_thread
from config.settings.model import DictateSettings, ListenSettings
from pipeline.dictation.active_take import DictationContext
from pipeline.dictation.recorder import Recorder
from pipeline.dictation.session import Dictation
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Keep
from pipeline.dictation.targets.open import open_target
from pipeline.events import Event, Failed
from tests.spoken import sound
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer
from voice.stt.context import Conversation
from voice.stt.whisper.engine import Whisper
from voice.stt.whisper.stream import WhisperStream
from voice.turns.vad.silero import Silero

pytestmark = pytest.mark.anyio

BREAD = "Add milk and bread to the shopping list."
CAR = "Yesterday Peter found a red car near the station."


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": FastLoop}


class FailingWhisper(Whisper):
    """A real one whose memory runs out the first ``times``."""

    times = 0

    def open(self, conversation: Conversation | None = None) -> WhisperStream:
        if self.times:
            self.times -= 1
            raise SttError("Whisper failed while it listened: out of memory.")
        return super().open(conversation)


async def spoken(*parts: str | float) -> AsyncIterator[Audio]:
    """As a microphone brings it: a frame every 32 ms."""
    for frame in Framer().push(sound(*parts).samples):
        await anyio.sleep(FRAME_SAMPLES / HEARING_RATE)
        yield Audio(frame, HEARING_RATE)


class Room:
    def __init__(self, takes: Takes, models: Path, out: Path, *, again: bool = False) -> None:
        self.told: list[Event] = []
        self.stt = FailingWhisper(models / "whisper-micro", threads=1)
        self.takes = takes
        self.out = out
        self.said: list[str] = []
        spec = f"file:{out}"

        async def say(text: str) -> None:
            self.said.append(text)

        async def no_llm() -> None:
            return None

        self.context = DictationContext(
            takes=takes, stt=self.stt, vad=Silero(), listen=ListenSettings(preflight_ms=256),
            targets={spec: open_target(spec)}, notify=self.told.append, now=anyio.current_time,
            open_llm=no_llm, say=say, open_target=open_target, settings=DictateSettings(), language="en",
            live=False, keep_sound=Keep(),
        )  # fmt: skip
        self.dictation = Dictation(self.context, Recorder(), style="raw", again=again)

    @property
    def text(self) -> str:
        return self.out.read_text("utf-8") if self.out.exists() else ""


@pytest.fixture
def takes(tmp_path: Path) -> Iterator[Takes]:
    with Takes(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def room(takes: Takes, models: Path, tmp_path: Path) -> Callable[..., Room]:
    return lambda **more: Room(takes, models, tmp_path / "text.txt", **more)


async def test_an_engine_that_fails_once_costs_no_word(room: Callable[..., Room]) -> None:
    here = room()
    here.stt.times = 1
    here.dictation.begin()
    await here.dictation.run(spoken(0.3, BREAD, 1.0, CAR, 1.0))
    assert here.text == f"{BREAD} {CAR}\n"


async def test_an_engine_that_fails_again_fails_the_take_which_waits_for_a_better_day(
    room: Callable[..., Room],
) -> None:
    here = room()
    here.stt.times = 4
    here.dictation.begin()
    await here.dictation.run(spoken(0.3, BREAD, 1.0, CAR, 0.5))
    (take,) = here.takes.listed()
    assert (take.state, here.text) == ("failed", "")
    assert "out of memory" in take.reason
    failures = [event for event in here.told if isinstance(event, Failed)]
    assert failures[0].kept == "What you say goes on being recorded."
    assert f"aloud dictate --retry {take.id}" in failures[1].kept
    here.stt.times = 0
    await room().dictation.retry(take)
    assert here.text == f"{BREAD} {CAR}\n"


async def test_a_take_begins_while_the_one_before_is_still_being_finished(room: Callable[..., Room]) -> None:
    """Push-to-talk quicker than the machine: no sound of the second is lost."""
    here = room(again=True)

    async def frames() -> AsyncIterator[Audio]:
        here.dictation.begin()
        async for frame in spoken(0.3, BREAD):
            yield frame
        here.dictation.end()
        here.dictation.begin()
        async for frame in spoken(CAR, 0.3):
            yield frame
        here.dictation.end()

    await here.dictation.run(frames())
    assert here.text == f"{BREAD}\n{CAR}\n"
    lengths = [
        await in_thread(lambda t=take: here.takes.sound(t).stat().st_size) for take in here.takes.listed()
    ]
    assert all(length > 60_000 for length in lengths)


async def test_a_cancelled_take_is_kept_and_not_delivered(room: Callable[..., Room]) -> None:
    here = room()

    async def frames() -> AsyncIterator[Audio]:
        async for frame in spoken(0.3, BREAD, 1.0):
            yield frame
        here.dictation.cancel()

    here.dictation.begin()
    await here.dictation.run(frames())
    (take,) = here.takes.listed()
    assert (take.state, take.reason, here.text) == ("cancelled", "It was cancelled.", "")
    assert here.takes.sound(take).exists()
