"""The LLM that is always there: built-in skills, and a plain word about what they cannot do."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from config.language.phrases import phrases
from config.runtime.clock import in_thread
from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec
from pipeline.pictures.detail import WORDS
from pipeline.pictures.fence import read
from pipeline.pictures.prepare import reading_of, tell_picture
from pipeline.skills.capabilities import tell_capabilities
from pipeline.skills.lists.kept import Lists
from pipeline.skills.timers import Timers
from vision.images.picture import ImageLimits, Picture

if TYPE_CHECKING:
    from pipeline.skills.answer import Skill, SkillAnswer, SkillRequest
    from pipeline.skills.skills import Skills
    from pipeline.tools.base import Tool


class OfflineLlm:
    """Answers by rule, on this machine, or says that it cannot."""

    spec = "skills"
    remote_host = ""
    image_limits: ImageLimits | None = None

    def __init__(self, timers: Timers, lists: Lists | None = None, others: Sequence[Skill] = ()) -> None:
        self.timers = timers
        self._lists = lists
        self._others = others
        self.words = WORDS["normal"]
        """Most that is said of a picture."""
        self.language = "en"
        """Of what is said of a picture, and of what cannot be done."""
        self.capabilities = Capabilities()

    @functools.cached_property
    def _skills(self) -> Skills:
        # Imported when first needed: its tables and patterns must not delay listening.
        from pipeline.skills.skills import Skills

        return Skills(self.timers, lists=self._lists, others=self._others)

    async def warm(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What the skills can do, for whoever calls it."""
        return self._skills.tools

    def knows(self, text: str, language: str = "en") -> bool:
        """Whether a skill is sure that this is for it; ``language``: in which it was said."""
        return self.certain(text, language) is not None

    def joined(self, before: str, text: str, whole: str, language: str = "en") -> str:
        """``whole``, or what a skill makes of the two sentences that it consists of."""
        return (not self.knows(whole, language) and self._skills.with_more(before, text, language)) or whole

    def certain(self, text: str, language: str = "en") -> SkillRequest | None:
        """What is asked for, where a skill is sure that this is for it; nothing is set off."""
        request = self._skills.parse(text, language)
        return request if request and request.certain else None

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        yield self._answer(messages)

    async def _answer(self, messages: Sequence[Message]) -> AsyncIterator[Delta]:
        asked = messages[-1]
        _, said = read(asked.text[len(asked.note) :].lstrip())
        answer = await self._skills.answer(said, self.language)
        pictures = asked.pictures
        if answer and answer.wants and not pictures:
            pictures = next((m.pictures for m in reversed(messages) if m.pictures), ())
        if answer and not answer.wants:
            yield Delta(answer.text)
        elif pictures:
            async for delta in self._look(pictures, answer):
                yield delta
        else:
            yield Delta(self._missing("no_picture" if answer else "no_llm"))
        yield Delta(finish="stop")

    def _missing(self, what: str) -> str:
        here = tell_capabilities((tool.name for tool in self.tools), self.language)
        return phrases(self.language).say(f"capabilities.{what}", here=here)

    async def _look(self, pictures: Sequence[Picture], answer: SkillAnswer | None) -> AsyncIterator[Delta]:
        for number, picture in enumerate(pictures, 1):
            if len(pictures) > 1:
                yield Delta(phrases(self.language).say("reading.picture", number=number) + " ")
            if answer and answer.wants == "read":
                yield Delta(await in_thread(read_aloud, picture, self.language) + " ")
            else:
                async for text in tell_picture(picture, self.words, self.language):
                    yield Delta(text)


def read_aloud(picture: Picture, language: str = "en") -> str:
    """The text in a picture, as an answer to "what does it say?" (blocking)."""
    from vision.ocr.phrasing import flow, said_code

    reading = reading_of(picture)
    if reading.lines:
        return phrases(language).say("reading.says", text=flow(reading.lines))
    if reading.codes:
        return " ".join(said_code(code, language) for code in reading.codes)
    return phrases(language).say("reading.nothing")
