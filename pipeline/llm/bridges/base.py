"""An LLM around another one: what it does not do otherwise is as the one inside does it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager

from pipeline.llm.base import Capabilities, Delta, Llm, Message, ReadsAhead, ToolSpec
from vision.images.picture import ImageLimits


class Bridge:
    """Implements ``pipeline.llm.base.Llm`` and ``ReadsAhead``."""

    def __init__(self, llm: Llm) -> None:
        self.llm = llm
        self.spec = llm.spec

    @property
    def remote_host(self) -> str:
        return self.llm.remote_host

    @property
    def image_limits(self) -> ImageLimits | None:
        return self.llm.image_limits

    @property
    def capabilities(self) -> Capabilities:
        return self.llm.capabilities

    async def warm(self) -> None:
        await self.llm.warm()

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        """Implements ``pipeline.llm.base.ReadsAhead``."""
        if isinstance(self.llm, ReadsAhead):
            await self.llm.read_ahead(messages, tools)

    def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        return self.llm.reply(messages, tools)

    async def aclose(self) -> None:
        await self.llm.aclose()


def innermost(llm: Llm) -> Llm:
    """The model itself."""
    while isinstance(llm, Bridge):
        llm = llm.llm
    return llm
