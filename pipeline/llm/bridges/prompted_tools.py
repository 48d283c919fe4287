"""Tools for a model that has no way for them: it is told of them in words, and writes its calls as text."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import config
from config.errors import LlmError
from pipeline.llm.apis.tool_results import in_order
from pipeline.llm.base import Capabilities, Delta, Llm, Message, ToolCall, ToolSpec
from pipeline.llm.bridges.base import Bridge
from pipeline.llm.bridges.call_reader import CLOSING, OPENING, RESULT, RESULT_END, CallReader
from pipeline.llm.bridges.grammar import grammar_of

_MARKS = ("tool_call", "tool_response")
Chosen = Literal["auto", "prompted", "off"]
"""The setting ``llm.tools``. ``auto``: in the model's own way; where it has none, by prompting, if a test has
shown that it manages that."""


class PromptedTools(Bridge):
    """``llm`` with its tools as they were chosen."""

    def __init__(self, llm: Llm, chosen: Chosen = "prompted") -> None:
        super().__init__(llm)
        self._chosen = chosen

    @property
    def capabilities(self) -> Capabilities:
        known = self.llm.capabilities
        calls = self._chosen != "off" and (self._prompts or known.calls_tools)
        return dataclasses.replace(known, calls_tools=calls)

    @property
    def _prompts(self) -> bool:
        known = self.llm.capabilities
        manages = not known.calls_tools and known.prompted_tools is True
        return self._chosen == "prompted" or (self._chosen == "auto" and manages)

    def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        if self._prompts:
            return self._prompted(messages, tools)
        return self.llm.reply(messages, () if self._chosen == "off" else tools)

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        if self._prompts:
            return await super().read_ahead(in_words(messages, tools))
        return await super().read_ahead(messages, () if self._chosen == "off" else tools)

    @asynccontextmanager
    async def _prompted(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec]
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        async with (
            self._asked(in_words(messages, tools), tools) as written,
            aclosing(_read(written)) as deltas,
        ):
            yield deltas

    def _asked(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec]
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        from pipeline.llm.http.client import HttpLlm

        if tools and isinstance(self.llm, HttpLlm):
            return self.llm.reply(messages, grammar=grammar_of(tools))
        return self.llm.reply(messages)


def in_words(messages: Sequence[Message], tools: Sequence[ToolSpec]) -> list[Message]:
    """The conversation without a tool's role: calls and results stand in the messages of the two who talk."""
    told: list[Message] = []
    names: dict[str, str] = {}
    for message in in_order(messages):
        names |= {call.id: call.name for call in message.calls}
        if message.role == "tool":
            message = _result(message, names.get(message.tool_call_id, ""))
        elif message.role == "user":
            message = dataclasses.replace(message, text=harmless(message.text))
        elif message.calls:
            message = Message(
                "assistant", "\n".join(filter(None, (message.text, *map(written, message.calls))))
            )
        if told and told[-1].role == message.role == "user":
            told[-1] = _joined(told[-1], message)  # many templates want the two to take turns
        else:
            told.append(message)
    return _with_tools(told, tools) if tools else told


def written(call: ToolCall) -> str:
    """A call as the model wrote it, or should have."""
    if call.malformed:
        return f"{OPENING}{call.malformed.removesuffix(CLOSING)}{CLOSING}"
    return f"{OPENING}{_json({'name': call.name, 'arguments': call.arguments})}{CLOSING}"


def harmless(text: str) -> str:
    """What a person says or shows is no result and no call, whatever it looks like."""
    for mark in _MARKS:
        text = text.replace(f"<{mark}", f"< {mark}").replace(f"</{mark}", f"< /{mark}")
    return text


def _result(message: Message, name: str) -> Message:
    """The text cannot end the fence that it stands in."""
    told = _json({"name": name, "result": message.text}).replace("</", "<\\/")
    return Message("user", f"{RESULT}{told}{RESULT_END}", message.pictures)


def _joined(first: Message, second: Message) -> Message:
    text = "\n".join(filter(None, (first.text, second.text)))
    return dataclasses.replace(first, text=text, pictures=first.pictures + second.pictures)


def _with_tools(messages: list[Message], tools: Sequence[ToolSpec]) -> list[Message]:
    """At the end of the instructions: the same in every turn, so that a server need not read it again."""
    first = messages[0] if messages and messages[0].role == "system" else Message("system", "")
    rest = messages[1:] if messages and messages[0] is first else messages
    return [dataclasses.replace(first, text=f"{first.text}\n\n{_prompt(tools)}".strip()), *rest]


def _prompt(tools: Sequence[ToolSpec]) -> str:
    how = (Path(config.__file__).parent / "prompts" / "tools.md").read_text("utf-8")
    return how + "\n".join(
        _json({"name": tool.name, "description": tool.description, "parameters": tool.parameters})
        for tool in tools
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


async def _read(answer: AsyncIterator[Delta]) -> AsyncGenerator[Delta, None]:
    """Once it has called nothing more is waited for: the server is left to stop."""
    reader = CallReader()
    try:
        async for delta in answer:
            text = reader.push(delta.text) + (reader.end() if delta.finish else "")
            if text:
                yield Delta(text)
            if reader.calls:
                break
            if delta.call or delta.finish:
                yield dataclasses.replace(delta, text="")
    except LlmError:
        if rest := reader.end():
            yield Delta(rest)
        raise
    for call in reader.calls:
        yield Delta(call=call)
    if reader.calls:
        yield Delta(finish="tool_calls", tokens_in=delta.tokens_in, tokens_out=delta.tokens_out)
