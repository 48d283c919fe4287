"""What a vendor takes: what its own types say of a request, and the rules that are not in them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from pipeline.llm.apis.base import Api
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.apis.gemini import Gemini
from pipeline.llm.apis.messages import Messages
from pipeline.llm.apis.ollama import Ollama
from pipeline.llm.apis.responses import Responses
from tests.pipeline.llm.apis.oracle import Told, Vendor, as_told

Body = dict[str, Any]
_CHAT = Told("openai.types.chat.completion_create_params:CompletionCreateParamsStreaming")
_RESPONSES = Told("openai.types.responses.response_create_params:ResponseCreateParamsStreaming")
_MESSAGES = Told("anthropic.types.message_create_params:MessageCreateParamsStreaming")
_GEMINI = Vendor("google.genai.types")
_OLLAMA = Vendor("ollama._types")


def check_request(api: Api, body: Body) -> None:
    """Raises ``ValidationError`` or ``AssertionError`` for what would be refused."""
    _CHECKS[api.name](body)


def _chat(body: Body) -> None:
    """A tool's messages stand right behind the calls that they answer."""
    as_told(_CHAT, body)
    waiting: list[str] = []
    for message in body["messages"]:
        if message["role"] == "tool":
            assert message["tool_call_id"] == waiting.pop(0)
            continue
        assert not waiting
        assert message["content"] or message.get("tool_calls")
        waiting = [call["id"] for call in message.get("tool_calls", ())]
        for call in message.get("tool_calls", ()):
            assert isinstance(json.loads(call["function"]["arguments"]), dict)
    assert not waiting
    assert body["messages"][-1]["role"] in ("user", "tool")


def _responses(body: Body) -> None:
    """Each call has its output, and thinking stands before what it led to."""
    assert as_told(_RESPONSES, body) == body
    items = body["input"]
    called = [item["call_id"] for item in items if item["type"] == "function_call"]
    assert called == [item["call_id"] for item in items if item["type"] == "function_call_output"]
    assert len(set(called)) == len(called)
    for before, after in pairwise(items):
        assert before["type"] != "reasoning" or after.get("role") == "assistant" or "name" in after
        assert before["type"] != "function_call" or after["type"] != "message"
    assert items[-1]["type"] in ("message", "function_call_output")
    assert items[-1].get("role", "user") == "user"


def _messages(body: Body) -> None:
    """In turn, from the user to the user; a turn's results are the first of what follows it."""
    as_told(_MESSAGES, body)
    roles = [message["role"] for message in body["messages"]]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
    for message, after in pairwise(body["messages"]):
        called = [block["id"] for block in message["content"] if block["type"] == "tool_use"]
        answered = [block.get("tool_use_id") for block in after["content"]]
        assert answered[: len(called)] == called
        assert not any(answered[len(called) :])
    for message in body["messages"]:
        assert message["content"]
        assert all(block["text"].strip() for block in message["content"] if block["type"] == "text")
        assert message["content"][-1]["type"] != "thinking"


def _gemini(body: Body) -> None:
    """As many answers as there were calls, by the same names and in one content."""
    for content in body["contents"]:
        _GEMINI.Content.model_validate(content)
        assert content["parts"]
    config = {key: value for key, value in body.items() if key != "contents"}
    _GEMINI.GenerateContentConfig.model_validate({**config.pop("generationConfig"), **config})
    for content, after in pairwise([*body["contents"], {"role": "", "parts": []}]):
        called = [part["functionCall"]["name"] for part in content["parts"] if "functionCall" in part]
        answers = [part["functionResponse"] for part in after["parts"] if "functionResponse" in part]
        assert [answer["name"] for answer in answers] == called
        assert not called or (after["role"] == "user" and len(answers) == len(after["parts"]))
    assert body["contents"][0]["role"] == body["contents"][-1]["role"] == "user"


def _ollama(body: Body) -> None:
    """Each call is answered by its name."""
    _OLLAMA.ChatRequest.model_validate(body)
    waiting: list[tuple[str, str]] = []
    for message in body["messages"]:
        _OLLAMA.Message.model_validate({**message, "images": None})
        if message["role"] == "tool":
            assert (message["tool_call_id"], message["tool_name"]) == waiting.pop(0)
            continue
        assert not waiting
        waiting = [(call["id"], call["function"]["name"]) for call in message.get("tool_calls", ())]
    assert not waiting
    assert body["truncate"] is body["shift"] is False


_CHECKS = {
    ChatCompletions.name: _chat,
    Responses.name: _responses,
    Messages.name: _messages,
    Gemini.name: _gemini,
    Ollama.name: _ollama,
}
