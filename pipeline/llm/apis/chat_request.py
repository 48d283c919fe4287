"""From messages and tools to those of a chat-completions request. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.llm.apis.base import Base64Image, Body, Request
from pipeline.llm.apis.tool_results import in_order
from pipeline.llm.base import Message, ToolCall, ToolSpec
from vision.images.picture import Picture


def encode_messages(request: Request, api: str) -> list[Body]:
    """Pictures that a tool returned follow in a user's message: the API takes them nowhere else."""
    encoded: list[Body] = []
    shown: list[Picture] = []
    for message in in_order(request.messages):
        if shown and message.role != "tool":
            encoded.append({"role": "user", "content": _parts("", shown, request.images)})
            shown = []
        kept = message.opaque.of(api, request.model) if message.opaque else {}
        encoded.append(_encode(message, request.images, kept or {}))
        if message.role == "tool":
            shown.extend(message.pictures)
    if shown:
        encoded.append({"role": "user", "content": _parts("", shown, request.images)})
    return encoded


def encode_tools(tools: Sequence[ToolSpec]) -> list[Body]:
    return [
        {
            "type": "function",
            "function": {"name": t.name, "description": t.description, "parameters": t.parameters},
        }
        for t in tools
    ]


def encode_form(request: Request) -> Body:
    """llama.cpp takes a grammar as it is, vLLM among others of its ``structured_outputs``."""
    form, field = request.form, request.takes_grammar
    if form.grammar and field:
        return {field: form.grammar if field == "grammar" else {"grammar": form.grammar}}
    if form.schema:
        named = {"name": "call", "schema": form.schema}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    return {}


def utf8(text: str) -> str:
    """What a terminal could not decode must not make a request impossible."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _encode(message: Message, images: Mapping[Picture, Base64Image], kept: Mapping[str, Any]) -> Body:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": utf8(message.text)}
    if message.role == "assistant" and message.calls:
        calls = [_encode_call(call, kept.get("calls", {}).get(call.id, {})) for call in message.calls]
        asked = {"role": "assistant", "content": utf8(message.text) or None, "tool_calls": calls}
        return {**kept.get("message", {}), **asked}
    if message.pictures:
        return {"role": message.role, "content": _parts(utf8(message.text), message.pictures, images)}
    return {"role": message.role, "content": utf8(message.text)}


def _encode_call(call: ToolCall, extra: Mapping[str, Any]) -> Body:
    function = {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)}
    return {**extra, "id": call.id, "type": "function", "function": function}


def _parts(text: str, pictures: Sequence[Picture], images: Mapping[Picture, Base64Image]) -> list[Body]:
    """Pictures before the text: models attend better so (Anthropic's advice for vision)."""
    parts: list[Body] = [{"type": "image_url", "image_url": {"url": images[p].url}} for p in pictures]
    return [*parts, {"type": "text", "text": text}] if text else parts
