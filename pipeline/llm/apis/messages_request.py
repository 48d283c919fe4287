"""From messages and tools to those of a Messages request. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.llm.apis.base import Base64Image, Body, Request
from pipeline.llm.apis.chat_request import utf8
from pipeline.llm.apis.sendable import sendable
from pipeline.llm.apis.tool_results import NOT_RUN, not_run, with_results
from pipeline.llm.base import Message, ToolCall, ToolSpec
from vision.images.picture import Picture

CACHED: Body = {"type": "ephemeral"}
_NOTHING = [{"type": "text", "text": "[nothing was said]"}]
"""Where the conversation would not begin and end with the user, as many models want it."""
_NO_ID = re.compile(r"[^A-Za-z0-9_-]")


def encode_system(messages: Iterable[Message], cached: Body = CACHED) -> list[Body]:
    """What is the same in every conversation ends here (tools stand before it), and is cached up to here."""
    system = [
        _text(message.text) for message in messages if message.role == "system" and message.text.strip()
    ]
    return [*system[:-1], {**system[-1], "cache_control": cached}] if system else []


def encode_messages(request: Request, api: str) -> list[Body]:
    """User and assistant in turn, none of them empty; a turn's results stand first in the user's next."""
    encoded: list[Body] = []
    for message, results in with_results(request.messages):
        if message.role == "assistant":
            kept = message.opaque.of(api, request.model) if message.opaque else None
            said = kept if isinstance(kept, list) and message.calls else _assistant(message)
            _add(encoded, "assistant", said)
            _add(encoded, "user", _results(said, results, request.images))
        elif message.role == "user":
            _add(encoded, "user", _parts(message, request.images))
    if not encoded or encoded[0]["role"] != "user":
        encoded.insert(0, {"role": "user", "content": [*_NOTHING]})
    if encoded[-1]["role"] != "user":
        _add(encoded, "user", _NOTHING)
    return encoded


def encode_tools(tools: Sequence[ToolSpec]) -> list[Body]:
    return [{"name": t.name, "description": t.description, "input_schema": t.parameters} for t in tools]


def _add(encoded: list[Body], role: str, content: Sequence[Body]) -> None:
    if encoded and encoded[-1]["role"] == role:
        encoded[-1]["content"] += content
    elif content:
        encoded.append({"role": role, "content": [*content]})


def _assistant(message: Message) -> list[Body]:
    text = [_text(message.text)] if message.text.strip() else []
    return [*text, *map(_call, message.calls)]


def _call(call: ToolCall) -> Body:
    arguments = sendable(call.arguments) or {}
    return {"type": "tool_use", "id": _id(call.id), "name": call.name, "input": arguments}


def _results(
    said: Iterable[Body], results: Mapping[str, Message], images: Mapping[Picture, Base64Image]
) -> list[Body]:
    by_id = {_id(id): result for id, result in results.items()}
    calls = [block["id"] for block in said if block.get("type") == "tool_use"]
    return [_result(id, by_id.get(_id(id)) or not_run(id), images) for id in calls]


def _result(id: str, result: Message, images: Mapping[Picture, Base64Image]) -> Body:
    encoded: Body = {"type": "tool_result", "tool_use_id": id}
    if content := _parts(result, images):
        encoded["content"] = content
    if result.text == NOT_RUN:
        encoded["is_error"] = True
    return encoded


def _parts(message: Message, images: Mapping[Picture, Base64Image]) -> list[Body]:
    """Pictures before the text, as Anthropic advises."""
    shown = [_image(images[picture]) for picture in message.pictures]
    return [*shown, _text(message.text)] if message.text.strip() else shown


def _image(image: Base64Image) -> Body:
    return {"type": "image", "source": {"type": "base64", "media_type": image.mime, "data": image.data}}


def _text(text: str) -> Body:
    return {"type": "text", "text": utf8(text)}


def _id(id: str) -> str:
    """Another API's may have signs in it that are refused here."""
    return _NO_ID.sub("_", id) or "_"
