"""From messages and tools to the body of a chat-completions request. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.llm.base import Message, ToolCall, ToolSpec
from vision.images.picture import Picture

Body = dict[str, Any]


def encode_messages(
    messages: Sequence[Message], urls: Mapping[Picture, str], extras: Mapping[str, Any]
) -> list[Body]:
    """``urls``: each picture's data URL. ``extras``: what a server wants back with a call, by the call's id.

    Pictures that a tool returned follow in a user's message: the wire takes them nowhere else.
    """
    encoded: list[Body] = []
    shown: list[Picture] = []
    for message in messages:
        if shown and message.role != "tool":
            encoded.append({"role": "user", "content": _parts("", shown, urls)})
            shown = []
        encoded.append(_encode(message, urls, extras))
        if message.role == "tool":
            shown.extend(message.pictures)
    if shown:
        encoded.append({"role": "user", "content": _parts("", shown, urls)})
    return encoded


def encode_tools(tools: Sequence[ToolSpec]) -> list[Body]:
    return [
        {
            "type": "function",
            "function": {"name": t.name, "description": t.description, "parameters": t.parameters},
        }
        for t in tools
    ]


def lighten(body: Body, message: str) -> bool:
    """Leave out, or spell otherwise, the optional parameter that a server's error names.

    Newer OpenAI models take ``max_completion_tokens`` only, and no temperature; older servers know no
    ``stream_options``; a model without tools is still good to talk to. False: nothing to be done.
    """
    said = message.lower()
    if "max_tokens" in body and "max_completion_tokens" in said:
        body["max_completion_tokens"] = body.pop("max_tokens")
        return True
    for name, words in _OPTIONAL.items():
        if name in body and any(word in said for word in words):
            del body[name]
            return True
    return False


_OPTIONAL = {
    "stream_options": ("stream_options", "include_usage"),
    "temperature": ("temperature",),
    "tools": (
        "not support tools",
        "support tool use",
        "tool choice",
        "tool_choice",
        "function calling",
        "tools param",
        "tool calling",
    ),
}
"""By the words with which Ollama, vLLM, OpenRouter, llama.cpp and OpenAI refuse each."""


def _encode(message: Message, urls: Mapping[Picture, str], extras: Mapping[str, Any]) -> Body:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": _utf8(message.text)}
    if message.role == "assistant" and message.calls:
        calls = [_encode_call(call, extras) for call in message.calls]
        return {"role": "assistant", "content": _utf8(message.text) or None, "tool_calls": calls}
    if message.pictures:
        return {"role": message.role, "content": _parts(_utf8(message.text), message.pictures, urls)}
    return {"role": message.role, "content": _utf8(message.text)}


def _encode_call(call: ToolCall, extras: Mapping[str, Any]) -> Body:
    function = {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)}
    encoded: Body = {"id": call.id, "type": "function", "function": function}
    if call.id in extras:
        encoded["extra_content"] = extras[call.id]
    return encoded


def _parts(text: str, pictures: Sequence[Picture], urls: Mapping[Picture, str]) -> list[Body]:
    """Pictures before the text: models attend better so (Anthropic's advice for vision)."""
    parts: list[Body] = [{"type": "image_url", "image_url": {"url": urls[p]}} for p in pictures]
    return [*parts, {"type": "text", "text": text}] if text else parts


def _utf8(text: str) -> str:
    """What a terminal could not decode must not make a request impossible."""
    return text.encode("utf-8", "replace").decode("utf-8")
