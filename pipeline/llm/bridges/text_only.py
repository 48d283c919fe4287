"""An LLM that is given no pictures, whether it could see them or not: they are looked at on this machine."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager

from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec
from pipeline.llm.bridges.base import Bridge


class TextOnly(Bridge):
    """``llm`` as it is, without eyes."""

    image_limits = None

    @property
    def capabilities(self) -> Capabilities:
        return dataclasses.replace(self.llm.capabilities, sees=False)

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        await super().read_ahead(_without_pictures(messages), tools)

    def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        # Who asks knows that it sees none; one that came all the same would be sent.
        return self.llm.reply(_without_pictures(messages), tools)


def _without_pictures(messages: Sequence[Message]) -> list[Message]:
    return [dataclasses.replace(message, pictures=()) for message in messages]
