"""The mind is asked, and given its tools, until it answers."""

from __future__ import annotations

from collections.abc import Sequence

from config.errors import MindError
from config.language.phrases import phrases
from pipeline.conversation.event_log import Account
from pipeline.conversation.prefetch import reading_ahead
from pipeline.conversation.speech_output import Telling
from pipeline.conversation.turn import Turn
from pipeline.llm.base import Message, Mind, Tool, ToolCall
from pipeline.pictures.prepare import describe_here, looked_at, within
from pipeline.skills.offline_llm import SKILL_TOOL, SkillsMind
from pipeline.tools.look import LOOK_TOOL, use_look
from vision.image_store import Eyes

_TOOL_ROUNDS = 3
"""A mind that asks for tools again and again is stopped here."""


class Thinking:
    """A mind, what it may be shown, and the tools it may call."""

    def __init__(self, mind: Mind, skills: SkillsMind, eyes: Eyes, account: Account) -> None:
        self.mind = mind
        self._skills = skills
        self._eyes = eyes
        self._account = account

    @property
    def sees(self) -> bool:
        return self.mind.abilities.sees

    async def think(self, turn: Turn, messages: list[Message], telling: Telling) -> None:
        """Ask, and tell the answer as it comes. Raises ``MindError``, and what the mouth raises."""
        for _ in range(_TOOL_ROUNDS):
            calls = await self._ask(turn, messages, telling)
            if not calls:
                return await self._tell_cut_off(turn, telling)
            await turn.opened()
            messages += await self._use_tools(turn, calls)
        raise MindError("The model kept asking for tools and gave no answer.", todo="Please ask again.")

    async def look(self, turn: Turn, asked: Message, *, stays: bool = False) -> None:
        """Tell of the pictures that are looked at; ``stays``: here, whatever the mind."""
        if asked.pictures:
            images = await looked_at(asked.pictures, self._skills if stays else self.mind)
            self._account.looked(turn, images)

    async def _ask(self, turn: Turn, messages: list[Message], telling: Telling) -> Sequence[ToolCall]:
        telling.calls.clear()
        self._skills.language = turn.said.language
        shown = self.sees
        try:
            ready = await self._ready(messages)
            async with (
                self.mind.reply(ready, self._tools()) as written,
                reading_ahead(written) as deltas,
            ):
                await telling.tell(deltas, turn.said.language)
        except MindError:
            if not shown or self.sees:
                raise
            # The server has just refused pictures: tell it instead what was found in them here.
            return await self._ask(turn, messages, telling)
        return list(telling.calls)

    async def _ready(self, messages: list[Message]) -> list[Message]:
        """With as many pictures as this mind takes; in words, where it sees none."""
        if self.sees:
            profile = self.mind.profile
            return messages if profile is None else within(messages, profile.count, self._eyes.name)
        if self.mind is self._skills:
            return messages
        return await describe_here(messages, self._eyes.name)

    def _tools(self) -> tuple[Tool, ...]:
        if not self.mind.abilities.calls_tools:
            return ()
        return (SKILL_TOOL, LOOK_TOOL) if self._eyes.latest else (SKILL_TOOL,)

    async def _tell_cut_off(self, turn: Turn, telling: Telling) -> None:
        """An answer that the model did not finish is not left to look like a whole one."""
        if telling.cut_off:
            await telling.aside(phrases(turn.said.language).say(f"talking.cut_{telling.cut_off}"))

    async def _use_tools(self, turn: Turn, calls: Sequence[ToolCall]) -> list[Message]:
        messages = [Message("assistant", "", calls=tuple(calls))]
        for call in calls:
            if call.name == LOOK_TOOL.name:
                result = await use_look(call, self._eyes)
                await self.look(turn, result)
            else:
                running = self._skills.timers.running()
                result = Message("tool", self._skills.use(call), answers=call.id)
                turn.effects.append(self._skills.timers.undoing(running))
            self._account.tool(turn.number, call.name, call.arguments, result.text)
            messages.append(result)
        return messages
