"""A capable model, as a script: what it calls for which words, and what it says of what came back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio

from pipeline.llm.base import Capabilities, Delta, Message, ToolCall, ToolSpec
from vision.images.picture import ImageLimits

_FIRST_TOKEN_S = 0.3


@dataclass(frozen=True)
class Plan:
    """For a question in which one of ``words`` stands. ``says``: from what the tools gave to the answer."""

    words: tuple[str, ...]
    calls: Sequence[tuple[str, Mapping[str, Any]]] = ()
    says: Callable[[Sequence[str]], str] = lambda results: results[-1]


class ScriptedModel:
    """Implements ``pipeline.llm.base.Llm``."""

    spec, remote_host = "scripted", ""
    image_limits: ImageLimits | None = None
    capabilities = Capabilities(calls_tools=True)

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = plans

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        yield self._deltas(messages, {tool.name for tool in tools})

    async def _deltas(self, messages: Sequence[Message], offered: set[str]) -> AsyncIterator[Delta]:
        await anyio.sleep(_FIRST_TOKEN_S)
        at = max(n for n, each in enumerate(messages) if each.role == "user")
        asked = messages[at].text.lower()
        plan = next((plan for plan in self._plans if any(word in asked for word in plan.words)), None)
        if plan is None:
            yield Delta("Very well." if messages[-1].role == "tool" else "I do not know that.", finish="stop")
            return
        results = [each.text for each in messages[at:] if each.role == "tool"]
        if len(results) < len(plan.calls):
            name, arguments = plan.calls[len(results)]
            if name not in offered:
                yield Delta(f"I have no tool {name}.", finish="stop")
                return
            yield Delta(call=ToolCall(f"{at}.{len(results)}", name, dict(arguments)))
            yield Delta(finish="tool_calls")
            return
        yield Delta(plan.says(results), finish="stop")
