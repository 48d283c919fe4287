"""What every API is asked alike: how long the model is to think, what is kept for the next turn, and that a
turn's request begins with the letters of the one before, since only those are not read again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.llm.apis.base import Api, Body, Request
from pipeline.llm.apis.registry import APIS, open_api
from pipeline.llm.base import Message, ToolCall, ToolSpec
from tests.tables import for_each

ALL: Mapping[str, Api] = {name: open_api(name, "m") for name in APIS}
TOOLS = (
    ToolSpec("look", "Look.", {"type": "object", "properties": {"at": {"type": "string"}, "b": {}}}),
    ToolSpec("clock", "Tell the time."),
)
FIRST = (
    Message("system", "You are Aloud. Grüße."),
    Message("user", "What is it?"),
    Message("assistant", "", calls=(ToolCall("c1", "look", {"at": "the door"}),)),
    Message("tool", "A door.", tool_call_id="c1"),
    Message("user", "And the time?"),
)
SECOND = (*FIRST, Message("assistant", "It is noon."), Message("user", "Thanks. And tomorrow?"))


def asked(api: str, **more: Any) -> Body:
    return ALL[api].body(Request("m", [Message("user", "Hi")], **more))


def told_of_thinking(body: Body) -> dict[str, Any]:
    names = ("reasoning_effort", "chat_template_kwargs", "reasoning", "thinking", "output_config", "think")
    whole = {**body, **body.get("generationConfig", {})}
    return {name: whole[name] for name in (*names, "thinkingConfig", "reasoning_control") if name in whole}


OFF: Mapping[str, dict[str, Any]] = {
    "chat": {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}},
    "responses": {"reasoning": {"effort": "none"}},
    "messages": {"thinking": {"type": "disabled"}},
    "gemini": {"thinkingConfig": {"thinkingBudget": 0}},
    "ollama": {"think": False},
}
LOW: Mapping[str, dict[str, Any]] = {
    "chat": {"reasoning_effort": "low"},
    "responses": {"reasoning": {"effort": "low"}},
    "messages": {"output_config": {"effort": "low"}},
    "gemini": {"thinkingConfig": {"thinkingBudget": 512}},
    "ollama": {},
}


@for_each("api", APIS)
def test_how_long_it_is_to_think(api: str) -> None:
    assert told_of_thinking(asked(api)) == {}, "left to the model"
    assert told_of_thinking(asked(api, thinks=False)) == OFF[api]
    assert told_of_thinking(asked(api, effort="low")) == LOW[api]
    anew = ALL[api].unthinking(asked(api, effort="low"))
    assert anew is not None
    assert told_of_thinking(anew).items() >= OFF[api].items()
    assert ALL[api].unthinking(anew) is None
    assert ALL[api].unthinking(asked(api, thinks=False)) is None


def test_gemini_is_told_in_levels_from_the_third_on_and_thinks_where_it_can_be_seen() -> None:
    request = Request("m", [Message("user", "Hi")], effort="high", thinking_tokens=1000)
    third = open_api("gemini", "gemini-3-flash").body(request)["generationConfig"]
    assert third["thinkingConfig"] == {"includeThoughts": True, "thinkingLevel": "HIGH"}
    assert third["maxOutputTokens"] == 1600


def test_of_ollamas_models_one_is_told_in_levels() -> None:
    for model, effort, think in (
        ("gpt-oss:20b", "low", "low"),
        ("gpt-oss:20b", "", None),
        ("qwen3:8b", "low", None),
        ("qwen3:8b", "high", True),
    ):
        body = ALL["ollama"].body(Request(model, [Message("user", "Hi")], effort=effort))
        assert body.get("think") == think, (model, effort)


def test_llama_cpp_is_told_that_it_will_be_told() -> None:
    assert told_of_thinking(asked("chat", reasoning_control=True)) == {"reasoning_control": True}


@for_each("api", APIS)
def test_what_is_kept_and_for_how_long(api: str) -> None:
    body = asked(api, cache_key="k", cache_for="long")
    kept = {name: body[name] for name in ("prompt_cache_key", "cache_control", "keep_alive") if name in body}
    expected: Mapping[str, dict[str, Any]] = {
        "chat": {"prompt_cache_key": "k"},
        "responses": {"prompt_cache_key": "k"},
        "messages": {"cache_control": {"type": "ephemeral", "ttl": "1h"}},
        "gemini": {},
        "ollama": {"keep_alive": "1h"},
    }
    assert kept == expected[api]


@for_each("api", APIS)
def test_a_turn_begins_with_the_letters_of_the_one_before(api: str) -> None:
    """In the order in which servers put it before the model: tools, instructions, messages."""
    request = Request("m", FIRST, TOOLS)
    first, second = (ALL[api].body(replace(request, messages=messages)) for messages in (FIRST, SECOND))
    asked_before, asked_now = letters(first), letters(second)
    assert "Grüße" in asked_before
    assert asked_now.startswith(asked_before), (asked_before, asked_now)
    assert len(asked_now) > len(asked_before)


def letters(body: Body) -> str:
    """Without the end of the list of messages, after which more come."""
    before = [body.get(name) for name in ("model", "tools", "system", "systemInstruction", "instructions")]
    messages = next(body[name] for name in ("messages", "input", "contents") if name in body)
    return json.dumps([*before, messages], ensure_ascii=False).removesuffix("]]")


@for_each("api", ["chat", "responses", "messages", "ollama"])
def test_what_is_read_ahead_is_how_the_question_begins(api: str) -> None:
    question = Request("m", SECOND, TOOLS)
    before = replace(question, messages=[*SECOND[:-1], Message("user", ".")])
    ahead = ALL[api].read_ahead(ALL[api].body(before))
    assert ahead is not None
    assert not ahead.get("stream")
    dot = letters(ahead).rindex(".")
    assert letters(ALL[api].body(question)).startswith(letters(ahead)[:dot])
    assert ALL["gemini"].read_ahead({}) is None
