"""A model that is held to the grammar writes calls that fit: a real llama.cpp's, taught none."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.llm.base import Form, Message, ToolCall, ToolSpec
from pipeline.llm.bridges.call_reader import CallReader
from pipeline.llm.bridges.grammar import grammar_of
from pipeline.tools.schema import fault

pytestmark = pytest.mark.anyio
PING = ToolSpec("ping", "Tests the connection.")
EVERYTHING = ToolSpec(
    'every "thing"',
    "",
    {
        "type": "object",
        "properties": {
            "may": {"type": "integer"},
            "must": {"enum": ["a\n", 'b"', 3, None]},
            "several": {"type": ["boolean", "null"]},
            "list": {"type": "array", "items": {"type": "object", "properties": {"in": {"const": 1}}}},
            "either": {"anyOf": [{"type": "number"}, {"const": "x"}]},
            "last": {"type": "boolean"},
        },
        "required": ["must", "list", "last"],
    },
)


async def calls(llm: Any, grammar: str, question: str) -> list[ToolCall]:
    reader = CallReader()
    async with llm.reply([Message("user", question)], form=Form(grammar=grammar)) as deltas:
        async for delta in deltas:
            assert reader.push(delta.text) == ""
    return reader.calls


async def test_a_model_that_was_never_taught_to_calls_validly(llama: str, wire: Any) -> None:
    async with wire.llm_at(llama, max_tokens=400, temperature=0.0) as llm:
        await llm.discover()
        for tool in (PING, EVERYTHING):
            for question in ("Call a tool.", "What is the capital of France?"):
                [call] = await calls(llm, grammar_of([tool], words=False), question)
                assert (call.name, call.malformed) == (tool.name, "")
                assert not fault(call.arguments, tool.parameters)


async def test_words_are_as_they_would_be(llama: str, wire: Any) -> None:
    async with wire.llm_at(llama) as llm:
        await llm.discover()
        grammar = grammar_of([PING, EVERYTHING])
        async with llm.reply(
            [Message("user", "What is the capital of France?")], form=Form(grammar=grammar)
        ) as deltas:
            assert wire.text_of([d async for d in deltas]) == "The capital of France is Paris."
