"""From messages and tools to those of a request to Ollama; and the context that it needs. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.llm.apis.base import Base64Image, Body, Request
from pipeline.llm.apis.chat_request import utf8
from pipeline.llm.apis.tool_results import in_order
from pipeline.llm.base import Message, ToolCall
from vision.images.picture import Picture

SMALLEST_CONTEXT = 4096
BYTES_A_TOKEN = 3
"""English has four or five, German and code some three; a letter of three bytes is mostly a token."""
TOKENS_A_PICTURE = 1000


def context_for(body: Body, max_tokens: int, most: int) -> int:
    """So many tokens for the messages, the tools and the answer, in steps of twice as many: with another
    context the model is loaded anew, which takes seconds, so a conversation that grows meets few of them.
    """
    pictures = sum(len(message.get("images", ())) for message in body["messages"])
    texts = [{**message, "images": None} for message in body["messages"]], body.get("tools")
    written = len(json.dumps(texts, ensure_ascii=False).encode("utf-8", "replace"))
    needed = written // BYTES_A_TOKEN + pictures * TOKENS_A_PICTURE + max_tokens
    context = SMALLEST_CONTEXT
    while context < needed:
        context *= 2
    return min(context, most)


def encode_messages(request: Request, api: str) -> list[Body]:
    """Pictures that a tool returned follow in a user's message: templates show them nowhere else."""
    encoded: list[Body] = []
    shown: list[Picture] = []
    names: dict[str, str] = {}
    for message in in_order(request.messages):
        if shown and message.role != "tool":
            encoded.append(_shown(shown, request.images))
            shown = []
        names |= {call.id: call.name for call in message.calls}
        if message.text or message.pictures or message.calls or message.role == "tool":
            kept = message.opaque.of(api, request.model) if message.opaque else None
            encoded.append(_encode(message, request.images, names, kept or {}))
        if message.role == "tool":
            shown.extend(message.pictures)
    return [*encoded, _shown(shown, request.images)] if shown else encoded


def _encode(
    message: Message,
    images: Mapping[Picture, Base64Image],
    names: Mapping[str, str],
    kept: Mapping[str, Any],
) -> Body:
    encoded: Body = {"role": message.role, "content": utf8(message.text)}
    if message.role == "tool":
        id = message.tool_call_id
        return {**encoded, "tool_name": names.get(id, ""), "tool_call_id": id}
    if message.calls:
        encoded = {**kept.get("message", {}), **encoded}
        encoded["tool_calls"] = _encode_calls(message.calls, kept.get("calls", ()))
    if message.pictures:
        encoded["images"] = [images[picture].data for picture in message.pictures]
    return encoded


def _encode_calls(calls: Sequence[ToolCall], extras: Sequence[Mapping[str, Any]]) -> list[Body]:
    """``extras``: what came with each of them, where all are known."""
    with_them = extras if len(extras) == len(calls) else [{}] * len(calls)
    return [
        {**extra, "id": call.id, "function": {"index": index, "name": call.name, "arguments": call.arguments}}
        for index, (call, extra) in enumerate(zip(calls, with_them, strict=True))
    ]


def _shown(pictures: Sequence[Picture], images: Mapping[Picture, Base64Image]) -> Body:
    return {"role": "user", "content": "", "images": [images[picture].data for picture in pictures]}
