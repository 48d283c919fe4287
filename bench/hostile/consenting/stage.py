"""A session with a voice and a keyboard, and who does what in it, when."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal

import anyio
import numpy as np

from bench.hostile.consenting.post import Model
from bench.hostile.conversing.person import SilentTts
from config.settings.loading import load
from pipeline import events
from pipeline.conversation.commands import Ask, InsertItem, ShowPicture
from pipeline.session.audio import frames_input, speaker_output
from pipeline.session.opened_engines import Engines
from pipeline.session.session import Session
from pipeline.session.typed_lines import Typed
from vision.images.open import from_pixels
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Audio, Framer, Samples
from voice.stt.base import SttStream, Transcript
from voice.stt.context import Conversation

VOICES = {"en": "en-us", "de": "de", "es": "es", "fr": "fr-fr", "it": "it"}
LASTS_S = 6.0
"""After the last step."""
_PATIENCE_S = 60.0

When = Literal["begun", "asked", "reading", "closing", "read"]
"""The talk has begun; the call waits; its read-back is being spoken; the last of it is; it was heard."""
Do = Literal["say", "type", "ask", "insert_user", "insert_assistant", "show", "noise", "wait"]


@dataclass(frozen=True)
class Step:
    """``after_s`` seconds after ``when`` was first so. ``what``: what is said or typed; where a ``|`` stands
    there is a short pause.
    """

    when: When
    after_s: float
    do: Do
    what: str = ""
    confidence: float = 1.0
    language: str = ""


@functools.cache
def _spoken(text: str, voice: str) -> Samples:
    from voice.tts.espeak import Espeak

    sound: Samples = Espeak(voice).say(text).audio.at_rate(HEARING_RATE).samples
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    return sound[loud[0] : loud[-1] + 1]


class ToldStt:
    """Implements ``Stt`` and ``SttStream`` at once; it is told the words."""

    name = "told"

    def __init__(self) -> None:
        self.now = Transcript("", 0.0)

    def warm(self, language: str = "auto") -> None: ...

    def open(self, conversation: Conversation | None = None) -> SttStream:
        return self

    def push(self, samples: Samples) -> None: ...

    def preflight(self, *, thorough: bool = False) -> Transcript:
        return self.now

    def spot(self, seconds: float) -> str:
        return self.now.text

    def finish(self) -> Transcript:
        return self.now


class Stage:
    def __init__(self, steps: Sequence[Step], model: Model, language: str, *, piped: bool) -> None:
        self._steps, self._model, self._language, self._piped = steps, model, language, piped
        self._stt, self._tts = ToldStt(), SilentTts()
        self._lines, self._typed = anyio.create_memory_object_stream[str](16)
        self._sent = 0
        self._begun_at = 0.0
        self._moments: dict[str, float] = {"begun": 0.5}
        self._text = ""
        self.asked = 0
        self.outcomes: list[str] = []
        self.failed: list[str] = []

    @property
    def spoken(self) -> str:
        return " ".join(self._tts.said)

    @property
    def _now(self) -> float:
        return self._sent / HEARING_RATE

    def _notify(self, event: events.Event) -> None:
        match event:
            case events.ConfirmationRequested():
                self.asked += 1
                self._text = event.text
                self._moments.setdefault("asked", event.at)
            case events.Speaking() if self._text:
                self._moments.setdefault("reading", event.at)
                if self._text.endswith(event.text):
                    self._moments.setdefault("closing", event.at)
            case events.TurnDone() if self._text:
                self._moments.setdefault("read", event.at)
            case events.ConfirmationResolved():
                self.outcomes.append(event.outcome)
            case events.Failed():
                self.failed.append(event.message)

    async def run(self) -> None:
        flags = {"speaker.sink": "none", "stt.language": self._language}
        settings = load(flags, environment={}).settings
        engines = Engines(self._stt, self._tts, self._model)
        with self._typed, self._lines:
            self._session = Session(
                engines,
                frames_input(self._frames()),
                speaker_output(settings.speaker),
                settings,
                self._notify,
                typed=Typed(self._typed, self._piped),
            )
            await self._session.run()

    async def _frames(self) -> AsyncIterator[Audio]:
        """As a microphone brings them."""
        self._begun_at = anyio.current_time()
        for step in self._steps:
            since = self._now
            while not self._is_time(step) and self._now - since < _PATIENCE_S:
                yield await self._captured(np.zeros(FRAME_SAMPLES, np.float32))
            for part in self._sounds(step):
                for frame in Framer().push(part):
                    yield await self._captured(frame)
        for _ in range(round(LASTS_S * HEARING_RATE / FRAME_SAMPLES)):
            yield await self._captured(np.zeros(FRAME_SAMPLES, np.float32))
        self._lines.close()

    def _is_time(self, step: Step) -> bool:
        return step.when in self._moments and self._now >= self._moments[step.when] + step.after_s

    async def _captured(self, frame: Samples) -> Audio:
        self._sent += FRAME_SAMPLES
        await anyio.sleep_until(self._begun_at + self._now)
        return Audio(frame, HEARING_RATE)

    def _sounds(self, step: Step) -> list[Samples]:
        """Of what is said; what makes no sound is done."""
        match step.do:
            case "say":
                return [*self._said(step)]
            case "noise":
                self._stt.now = Transcript("", 0.0)
                return [np.random.default_rng(1).normal(0, 0.2, HEARING_RATE // 2).astype(np.float32)]
            case "type":
                self._lines.send_nowait(step.what)
            case "ask":
                self._session.send(Ask(step.what))
            case "insert_user":
                self._session.send(InsertItem("user", step.what))
            case "insert_assistant":
                self._session.send(InsertItem("assistant", step.what))
            case "show":
                self._session.send(ShowPicture(_picture(step.what)))
            case "wait":
                pass
        return []

    def _said(self, step: Step) -> list[Samples]:
        language = step.language or self._language
        words, sounds = "", list[Samples]()
        for part in step.what.split("|"):
            words = f"{words} {part}".strip()
            sounds += [_spoken(part, VOICES[language]), np.zeros(HEARING_RATE // 8, np.float32)]
        self._stt.now = Transcript(words, step.confidence, language)
        return [np.concatenate(sounds[:-1])]


def _picture(text: str):  # type: ignore[no-untyped-def]
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (200, 80), "white")
    ImageDraw.Draw(image).text((20, 30), text, fill="black")
    return from_pixels(image, f"{text}.png")
