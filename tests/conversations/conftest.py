"""A stage for conversations: a person with a script, a scripted LLM and TTS, the real turn controller and
speaker.

Everything runs on the fast clock, so a minute of talk takes a fraction of a second and times are those of a
live conversation. Tests read like timelines: ``person.says(1.0, 2.0, "Hello")``, then events are compared.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import numpy as np
import pytest

from config.errors import LlmError
from config.runtime.clean import clean
from config.runtime.clock import Timeline
from config.settings.model import SpeakerSettings as SpeakerSettings
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.converse import run_conversation
from pipeline.conversation.history import History
from pipeline.conversation.reply import PrivacyNotice
from pipeline.conversation.voice_output import VoiceOutput
from pipeline.events import Event
from pipeline.intents.look import ImageSources
from pipeline.llm.base import Capabilities, Delta, Llm, Message, ToolSpec
from pipeline.session.run import run_async
from pipeline.session.warmup import import_language
from pipeline.skills.lists.kept import Lists
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from pipeline.tools.base import Tool
from vision.image_store import ImageStore
from vision.images.picture import ImageLimits, Picture
from voice.audio.output.speaker import Speaker, speaker
from voice.audio.samples import Audio
from voice.audio.speech import Speech, Word
from voice.stt.events import (
    FalseInterruption,
    FinalTranscript,
    MinInterruptionReached,
    PreflightTranscript,
    SpeechEvent,
    SpeechStarted,
    TurnResumed,
)
from voice.tts.base import Whole

E = TypeVar("E", bound=Event)

import_language()  # as warm as in a conversation

RATE = 24_000
WORD_S = 0.3
FIRST_TOKEN_S = 0.1
TOKEN_S = 0.02


class ScriptedTts(Whole):
    """Every word takes 0.3 s."""

    name = "scripted"
    rate = RATE

    def __init__(self) -> None:
        self.said: list[str] = []

    def warm(self) -> None:
        pass

    def say(self, text: str, *, speed: float = 1.0) -> Speech:
        self.said.append(text)
        size = round(WORD_S * RATE)
        words = [Word(word, n * size, (n + 1) * size) for n, word in enumerate(text.split())]
        return Speech(text, Audio(np.full(size * len(words), 0.1, np.float32), RATE), tuple(words))


class ScriptedLlm:
    """Answers what its script says, a word a token; ``dies_after`` tokens it fails."""

    spec = "scripted"
    remote_host = ""
    image_limits: ImageLimits | None = None
    capabilities = Capabilities()

    def __init__(self, answers: dict[str, str], dies_after: int | None = None) -> None:
        self._answers = answers
        self._dies_after = dies_after
        self.asked: list[Sequence[Message]] = []
        self.closed = 0
        self.finish = "stop"
        self.first_token_s = FIRST_TOKEN_S
        self.slow_after, self.slow_s = -1, 0.0
        """After so many words it pauses for so long."""
        self.most_at_once = 0

    async def warm(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.asked.append(list(messages))
        self.most_at_once = max(self.most_at_once, len(self.asked) - self.closed)
        try:
            yield self._deltas(self._answers[messages[-1].text])
        finally:
            self.closed += 1

    async def _deltas(self, answer: str) -> AsyncIterator[Delta]:
        await anyio.sleep(self.first_token_s)
        for number, word in enumerate(answer.split(" ")):
            if number == self.slow_after:
                await anyio.sleep(self.slow_s)
            if number == self._dies_after:
                raise LlmError("The model server closed the connection in mid-answer.")
            yield Delta(word if number == 0 else f" {word}")
            await anyio.sleep(TOKEN_S)
        yield Delta(finish=self.finish)


class Person:
    """What the STT will tell, and when (seconds)."""

    def __init__(self) -> None:
        self.script: list[tuple[float, SpeechEvent]] = []

    def says(
        self, start: float, end: float, text: str, silence_s: float = 0.6, language: str = "en"
    ) -> Person:
        self.script.append((start + 0.2, SpeechStarted(start)))
        self.script.append((start + 0.2, MinInterruptionReached()))
        self.script.append((end + 0.1, PreflightTranscript(clean(text), language)))
        said = FinalTranscript(clean(text), start, end, turn_end=end + silence_s, language=language)
        self.script.append((end + silence_s, said))
        return self

    def hesitates(self, start: float, pause: float, half: str, again: float, end: float, text: str) -> Person:
        """Speaks ``half`` until ``pause``, goes on at ``again``, and ends with all of ``text``."""
        self.script += [
            (start + 0.2, SpeechStarted(start)),
            (start + 0.2, MinInterruptionReached()),
            (pause + 0.1, PreflightTranscript(clean(half))),
            (again + 0.032, TurnResumed()),
            (end + 0.1, PreflightTranscript(clean(text))),
            (end + 0.6, FinalTranscript(clean(text), start, end, turn_end=end + 0.6)),
        ]
        return self

    def coughs(self, at: float, lasting: float = 0.3) -> Person:
        self.script.append((at + 0.2, SpeechStarted(at)))
        if lasting >= 0.2:
            self.script.append((at + 0.2, MinInterruptionReached()))
        self.script.append((at + lasting + 0.6, FalseInterruption("noise")))
        return self

    async def heard(self) -> AsyncIterator[SpeechEvent]:
        begun = anyio.current_time()
        for at, item in sorted(self.script, key=lambda entry: entry[0]):
            await anyio.sleep_until(begun + at)
            yield item


class Scene:
    """Run a conversation to its end; then ``events``, ``llm``, ``tts``, ``history`` tell what happened."""

    def __init__(
        self,
        answers: dict[str, str],
        *,
        dies_after: int | None = None,
        skills: bool = False,
        history: History | None = None,
    ) -> None:
        self.person = Person()
        self.tts = ScriptedTts()
        self.speed = 1.0
        self.llm = ScriptedLlm(answers, dies_after)
        self.events: list[Event] = []
        self.told_speaker: list[tuple[float, str]] = []
        """When it was told to ``hold`` and to ``restore``."""
        self.audible: list[bool] = []
        """Whether the answer was, then."""
        self._skills = skills
        self.history = history or History("Be brief.")
        self.condensing_llm: Callable[[], Awaitable[Llm]] | None = None
        self.lists: Lists | None = None
        self.settled = True
        self.typed: list[tuple[float, str]] = []
        self.piped = False
        """A program types."""
        self.privacy_notice: PrivacyNotice | None = None
        self.unheard = False
        """The speaker is none."""
        self.thinking_s = 0.0
        self.sleeps = False
        self.slept = 0
        self.shown: list[Picture] = []
        self.image_sources: ImageSources | None = None
        self.tools: list[Tool] = []
        self.spoken: list[str] = []
        """What the speaker was given: texts, and the names of short sounds."""

    async def _type(self) -> AsyncIterator[str]:
        begun = anyio.current_time()
        for at, line in self.typed:
            await anyio.sleep_until(begun + at)
            yield line

    def play(self) -> Scene:
        run_async(self._play, fast=True)
        return self

    async def _play(self) -> None:
        timeline = Timeline()
        skills = OfflineLlm(Timers(), self.lists)
        async with speaker(SpeakerSettings(sink="none")) as out:
            self.voice = VoiceOutput(self.tts, out, speed=self.speed)
            assistant = Assistant(
                llm=skills if self._skills else self.llm,
                skills=skills,
                voice=self.voice,
                image_store=ImageStore(),
                history=self.history,
                notify=self.events.append,
                now=timeline.now,
                thinking_s=self.thinking_s,
                image_sources=self.image_sources,
                unheard=self.unheard,
                privacy_notice=self.privacy_notice,
                condensing_llm=self.condensing_llm,
                tools=lambda: self.tools,
            )
            self.speaker = out
            for picture in self.shown:
                assistant.image_store.show(picture)
            if self.sleeps:
                assistant.controls.sleep = self._sleep
            self._listen_in(out)
            self._watch(out, assistant, timeline.now)
            heard, settled = self.person.heard(), lambda: self.settled
            await run_conversation(heard, assistant, settled, self._type(), piped=self.piped)

    async def _sleep(self, _: str) -> str:
        self.slept += 1
        return "Good night."

    def _watch(self, out: Speaker, assistant: Assistant, now: Callable[[], float]) -> None:
        def noted(name: str) -> Callable[[], None]:
            do = getattr(out, name)

            def tell() -> None:
                self.told_speaker.append((now(), name))
                do()
                self.audible.append(assistant.audible)

            return tell

        for name in ("pause", "resume"):
            setattr(out, name, noted(name))

    def _listen_in(self, out: Speaker) -> None:
        play = out.play

        async def noted(speech: Speech) -> None:
            seconds = len(speech.audio.samples) / speech.audio.rate
            self.spoken.append(speech.text or ("tick" if seconds < 0.1 else "falling"))
            await play(speech)

        out.play = noted  # type: ignore[method-assign]

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def names(self, *, without: Sequence[str] = ("reply_delta",)) -> list[str]:
        return [event.name for event in self.events if event.name not in without]


@pytest.fixture
def scene() -> Callable[..., Scene]:
    return Scene
