"""The LLM that is always there: built-in skills, and a plain word about what they cannot do."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from config.language.phrases import phrases
from config.runtime.clock import in_thread
from pipeline.llm.base import Capabilities, Delta, Message, Tool, ToolCall
from pipeline.pictures.detail import WORDS
from pipeline.pictures.prepare import reading_of, tell_picture
from pipeline.skills.timers import Timers
from vision.images.picture import ImageLimits, Picture

if TYPE_CHECKING:
    from pipeline.skills.skills import SkillAnswer, Skills

NO_MODEL = (
    "I cannot answer that: no language model is connected. "
    "I can tell the time, set timers, do sums, convert units, and read or describe a picture. "
    "To connect a model, start Ollama or another model server on this machine."
)

NO_PICTURE = "I do not see a picture. Show me one, and I will read it or describe it."

SKILL_TOOL = Tool(
    "do",
    "Does on this machine what a model can only guess at: the time and date, timers that ring, exact sums, "
    "unit conversion. Give one short English request.",
    {
        "type": "object",
        "properties": {
            "request": {"type": "string", "description": "for example: set a timer for 5 minutes"}
        },
        "required": ["request"],
    },
)


class OfflineLlm:
    """Answers by rule, on this machine, or says that it cannot."""

    spec = "skills"
    remote_host = ""
    image_limits: ImageLimits | None = None

    def __init__(self, timers: Timers) -> None:
        self.timers = timers
        self.words = WORDS["normal"]
        """Most that is said of a picture."""
        self.language = "en"
        """Of what is said of a picture."""
        self.capabilities = Capabilities()

    @functools.cached_property
    def _skills(self) -> Skills:
        # Imported when first needed: its tables and patterns must not delay listening.
        from pipeline.skills.skills import Skills

        return Skills(self.timers)

    async def warm(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    def knows(self, text: str) -> bool:
        """Whether ``certain`` would answer; nothing is set off."""
        from pipeline.skills.skills import Skills

        answer = Skills(Timers(lambda: 0.0)).answer(text)
        return answer is not None and answer.certain

    def certain(self, text: str) -> SkillAnswer | None:
        """The answer where a skill is sure that this is for it; a timer it set then runs."""
        answer = self._skills.answer(text)
        return answer if answer and answer.certain else None

    def use(self, call: ToolCall) -> str:
        """A connected model asks for a skill."""
        if call.malformed:
            return f"The arguments could not be read ({call.malformed}); call again with valid JSON."
        request = call.arguments.get("request")
        answer = self._skills.answer(request) if isinstance(request, str) else None
        return answer.text if answer and answer.text else "This is not something the skills can do."

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[Tool] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        yield self._answer(messages)

    async def _answer(self, messages: Sequence[Message]) -> AsyncIterator[Delta]:
        asked = messages[-1]
        answer = self._skills.answer(asked.text)
        pictures = asked.pictures
        if answer and answer.wants and not pictures:
            pictures = next((m.pictures for m in reversed(messages) if m.pictures), ())
        if answer and not answer.wants:
            yield Delta(answer.text)
        elif pictures:
            async for delta in self._look(pictures, answer):
                yield delta
        else:
            yield Delta(NO_PICTURE if answer else NO_MODEL)
        yield Delta(finish="stop")

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
