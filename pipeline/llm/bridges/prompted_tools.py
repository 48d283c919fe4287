"""Tools for a model that has no way for them: it is told of them in words, and writes its calls as text."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import config
from config.errors import LlmError
from config.runtime.clean import EMPTY
from pipeline.llm.apis.tool_results import in_order
from pipeline.llm.base import (
    AS_IT_COMES,
    Capabilities,
    Delta,
    Form,
    Llm,
    Message,
    TakesForm,
    ToolCall,
    ToolSpec,
)
from pipeline.llm.bridges.base import Bridge
from pipeline.llm.bridges.call_reader import CLOSING, OPENING, RESULT, RESULT_END, CallReader, read_calls
from pipeline.llm.bridges.grammar import grammar_of, schema_of
from pipeline.llm.server import TooLongError

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
        return dataclasses.replace(
            known, calls_tools=calls, prompted_tools=calls if self._prompts else known.prompted_tools
        )

    @property
    def _prompts(self) -> bool:
        known = self.llm.capabilities
        manages = not known.calls_tools and known.prompted_tools is True
        return self._chosen == "prompted" or (self._chosen == "auto" and manages)

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        if self._prompts:
            messages, tools = in_words(messages, tools), ()
        await super().read_ahead(messages, () if self._chosen == "off" else tools)

    def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        if self._prompts and (tools or any(message.calls for message in messages)):
            return self._prompted(messages, tools)
        return self.llm.reply(messages, () if self._chosen == "off" else tools)

    @asynccontextmanager
    async def _prompted(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec]
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        worded = in_words(messages, tools)
        async with AsyncExitStack() as asked:
            try:
                form = Form(grammar=grammar_of(tools)) if tools else AS_IT_COMES
                answer = await asked.enter_async_context(self._asked(worded, form))
            except TooLongError:  # then it can at least answer
                worded = in_words(messages, ())
                answer = await asked.enter_async_context(self._asked(worded, AS_IT_COMES))
            async with aclosing(self._read(answer, asked, worded, tools)) as deltas:
                yield deltas

    def _asked(
        self, messages: Sequence[Message], form: Form
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        if isinstance(self.llm, TakesForm):
            return self.llm.reply_in(form, messages)
        return self.llm.reply(messages)

    async def _read(
        self,
        answer: AsyncIterator[Delta],
        asked: AsyncExitStack,
        messages: Sequence[Message],
        tools: Sequence[ToolSpec],
    ) -> AsyncGenerator[Delta, None]:
        """Once it has called nothing more is waited for: the server is left to stop."""
        reader = CallReader()
        try:
            async for delta in answer:
                text = reader.push(delta.text) + (reader.end() if delta.finish else EMPTY)
                if text:
                    yield Delta(text)
                if reader.calls:
                    break
                if (rest := dataclasses.replace(delta, text=EMPTY)) != Delta():
                    yield rest
        except LlmError:
            if held := reader.end():
                yield Delta(held)
            raise
        if reader.calls:
            await asked.aclose()
            for call in await self._whole(reader.calls, messages, tools):
                yield Delta(call=call)
            yield Delta(finish="tool_calls")

    async def _whole(
        self, calls: Sequence[ToolCall], messages: Sequence[Message], tools: Sequence[ToolSpec]
    ) -> Sequence[ToolCall]:
        """One that could not be read is asked for once more, as JSON, if the server can hold it to that."""
        if not any(call.malformed for call in calls) or not isinstance(self.llm, TakesForm):
            return calls
        text = ""
        try:
            async with self.llm.reply_in(Form(schema=schema_of(tools)), messages) as answer:
                async for delta in answer:
                    text += delta.text
        except LlmError:
            return calls
        again = read_calls(text)
        return calls if any(call.malformed for call in again) else again


def in_words(messages: Sequence[Message], tools: Sequence[ToolSpec]) -> list[Message]:
    """The conversation without a tool's role: calls and results stand in the messages of the two who talk."""
    told: list[Message] = []
    names: dict[str, str] = {}
    for message in in_order(messages):
        names |= {call.id: call.name for call in message.calls}
        if message.role == "tool":
            message = _result(message, names.get(message.tool_call_id, ""))
        elif message.role == "user":
            text, note = harmless(message.text), harmless(message.note)
            message = dataclasses.replace(message, text=text, note=note)
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
