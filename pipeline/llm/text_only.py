"""An LLM that is given no pictures, whether it could see them or not: they are looked at on this machine."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager

from pipeline.llm.base import Capabilities, Delta, Llm, Message, ReadsAhead, ToolSpec
from vision.images.picture import ImageLimits


class TextOnly:
    """``llm`` as it is, without eyes (``pipeline.llm.base.Llm``)."""

    image_limits: ImageLimits | None = None

    def __init__(self, llm: Llm) -> None:
        self._llm = llm
        self.spec = llm.spec

    @property
    def remote_host(self) -> str:
        return self._llm.remote_host

    @property
    def capabilities(self) -> Capabilities:
        return dataclasses.replace(self._llm.capabilities, sees=False)

    async def warm(self) -> None:
        await self._llm.warm()

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        if isinstance(self._llm, ReadsAhead):
            await self._llm.read_ahead(messages, tools)

    def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        # Who asks knows that it sees none; one that came all the same would be sent.
        return self._llm.reply([dataclasses.replace(message, pictures=()) for message in messages], tools)

    async def aclose(self) -> None:
        await self._llm.aclose()
