"""A conversation in text about pictures: an LLM that sees, with a script, and the real assistant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Self, TypeVar

import anyio

from config.errors import LlmError
from config.runtime.clean import clean
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.turn import Turn
from pipeline.events import Event, ReplyDelta
from pipeline.intents.look import ImageSources
from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from vision.image_store import ImageStore
from vision.images.picture import ImageLimits, Picture
from voice.stt.events import FinalTranscript

E = TypeVar("E", bound=Event)


class SeeingLlm:
    """Answers the next of its answers to each request, then what it ``always`` says; None: it fails."""

    spec = "seeing"
    capabilities = Capabilities(sees=True)
    image_limits: ImageLimits | None = ImageLimits(edge=64)

    def __init__(self, *answers: str | None, always: str = "", where: str = "") -> None:
        self._answers = list(answers)
        self._always = always
        self.remote_host = where
        self.asked: list[list[Message]] = []

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.asked.append(list(messages))
        answer = self._always if self._always and not self._answers else self._answers.pop(0)
        if answer is None:
            raise LlmError("The model server went away.")
        yield self._deltas(answer)

    async def _deltas(self, answer: str) -> AsyncIterator[Delta]:
        yield Delta(answer)
        yield Delta(finish="stop", tokens_in=100, tokens_out=7)


class Album:
    """``talk`` to its end; then ``events``, ``llm`` and ``image_store`` tell what happened."""

    def __init__(
        self, llm: SeeingLlm | None, image_sources: ImageSources | None = None, of_pictures: str = ""
    ) -> None:
        """``llm`` None: no model is connected."""
        self.events: list[Event] = []
        skills = OfflineLlm(Timers())
        self.llm = llm or SeeingLlm()
        self.image_store = ImageStore()
        self.language = "en"
        self.assistant = Assistant(
            llm=llm or skills,
            skills=skills,
            voice=None,
            image_store=self.image_store,
            history=History("Be brief.", name=self.image_store.name, of_pictures=of_pictures),
            notify=self.events.append,
            now=lambda: 0.0,
            image_sources=image_sources,
        )

    def talk(self, *turns: str | Picture) -> Self:
        """Each is said, or shown."""
        anyio.run(self._talk, turns)
        return self

    async def _talk(self, turns: Sequence[str | Picture]) -> None:
        for number, turn in enumerate(turns):
            if isinstance(turn, Picture):
                self.image_store.show(turn)
            else:
                said = FinalTranscript(clean(turn), source="text", language=self.language)
                await self.assistant.answer(Turn(number, said, shown=self.image_store.waiting))

    def told(self) -> str:
        return "".join(event.text for event in self.of(ReplyDelta))

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]
