"""A conversation in text about pictures: a mind that sees, with a script, and the real assistant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Self, TypeVar

import anyio

from config.errors import MindError
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.turn import Turn
from pipeline.events import Event, ReplyDelta
from pipeline.intents.look import Sights
from pipeline.llm.base import Abilities, Delta, Message, Tool
from pipeline.skills.offline_llm import SkillsMind
from pipeline.skills.timers import Timers
from vision.image_store import Eyes
from vision.images.picture import Picture, Profile
from voice.stt.events import Said

E = TypeVar("E", bound=Event)


class SeeingMind:
    """Answers the next of its answers to each request, then what it ``always`` says; None: it fails."""

    spec = "seeing"
    abilities = Abilities(sees=True)
    profile: Profile | None = Profile(edge=64)

    def __init__(self, *answers: str | None, always: str = "", where: str = "") -> None:
        self._answers = list(answers)
        self._always = always
        self.where = where
        self.asked: list[list[Message]] = []

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[Tool] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.asked.append(list(messages))
        answer = self._always if self._always and not self._answers else self._answers.pop(0)
        if answer is None:
            raise MindError("The model server went away.")
        yield self._deltas(answer)

    async def _deltas(self, answer: str) -> AsyncIterator[Delta]:
        yield Delta(answer)
        yield Delta(finish="stop", tokens_in=100, tokens_out=7)


class Album:
    """``talk`` to its end; then ``events``, ``mind`` and ``eyes`` tell what happened."""

    def __init__(self, mind: SeeingMind, sights: Sights | None = None, of_pictures: str = "") -> None:
        self.events: list[Event] = []
        self.mind = mind
        self.eyes = Eyes()
        self.assistant = Assistant(
            mind=mind,
            skills=SkillsMind(Timers()),
            voice=None,
            eyes=self.eyes,
            history=History("Be brief.", name=self.eyes.name, of_pictures=of_pictures),
            notify=self.events.append,
            now=lambda: 0.0,
            sights=sights,
        )

    def talk(self, *turns: str | Picture) -> Self:
        """Each is said, or shown."""
        anyio.run(self._talk, turns)
        return self

    async def _talk(self, turns: Sequence[str | Picture]) -> None:
        for number, turn in enumerate(turns):
            if isinstance(turn, Picture):
                self.eyes.show(turn)
            else:
                said = Said(turn, source="text")
                await self.assistant.answer(Turn(number, said, shown=self.eyes.waiting))

    def told(self) -> str:
        return "".join(event.text for event in self.of(ReplyDelta))

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]
