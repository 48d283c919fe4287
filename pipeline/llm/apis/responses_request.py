"""From messages and tools to the items of a Responses request. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.llm.apis.base import Base64Image, Body, Request
from pipeline.llm.apis.chat_request import utf8
from pipeline.llm.apis.tool_results import not_run, with_results
from pipeline.llm.base import Message, ToolCall, ToolSpec
from vision.images.picture import Picture


def encode_instructions(messages: Iterable[Message]) -> str:
    return "\n\n".join(utf8(m.text) for m in messages if m.role == "system" and m.text)


def encode_input(request: Request, api: str) -> list[Body]:
    items: list[Body] = []
    for message, results in with_results(request.messages):
        if message.role == "assistant":
            kept = message.opaque.of(api, request.model) if message.opaque else None
            said = kept if isinstance(kept, list) and message.calls else _assistant(message, len(items))
            items += [*said, *_outputs(said, results, request.images)]
        elif message.role == "user" and (parts := _parts(message, request.images)):
            items.append({"type": "message", "role": "user", "content": parts})
    return items


def encode_tools(tools: Sequence[ToolSpec]) -> list[Body]:
    """Not ``strict``, which this API would be by itself: then a model has to give what is optional, too."""
    return [
        {
            "type": "function",
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters,
            "strict": False,
        }
        for tool in tools
    ]


def show_behind(items: list[Body]) -> bool:
    """Pictures that a tool returned go into a user's message behind all the results, for a server that takes
    them nowhere else. False: there are none.
    """
    moved = False
    for place in range(len(items) - 1, -1, -1):
        output = items[place].get("output")
        if not isinstance(output, list):
            continue
        shown = [part for part in output if part["type"] == "input_image"]
        items[place]["output"] = "".join(part.get("text", "") for part in output)
        behind = next((n for n, item in enumerate(items) if n > place and "output" not in item), len(items))
        items.insert(behind, {"type": "message", "role": "user", "content": shown})
        moved = True
    return moved


def _assistant(message: Message, place: int) -> list[Body]:
    """``id``: the schema wants one, and llama.cpp takes no message of the assistant's in a shorter form."""
    said: list[Body] = []
    if message.text.strip():
        part = {"type": "output_text", "text": utf8(message.text), "annotations": []}
        said.append(
            {
                "type": "message",
                "role": "assistant",
                "id": f"msg_{place}",
                "status": "completed",
                "content": [part],
            }
        )
    return [*said, *map(_call, message.calls)]


def _call(call: ToolCall) -> Body:
    arguments = utf8(json.dumps(call.arguments, ensure_ascii=False))
    return {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": arguments}


def _outputs(
    said: Iterable[Body], results: Mapping[str, Message], images: Mapping[Picture, Base64Image]
) -> list[Body]:
    calls = [item["call_id"] for item in said if item.get("type") == "function_call"]
    return [_output(id, results.get(id) or not_run(id), images) for id in calls]


def _output(id: str, result: Message, images: Mapping[Picture, Base64Image]) -> Body:
    output: Any = _parts(result, images) if result.pictures else utf8(result.text)
    return {"type": "function_call_output", "call_id": id, "output": output}


def _parts(message: Message, images: Mapping[Picture, Base64Image]) -> list[Body]:
    """Pictures before the text."""
    parts: list[Body] = [
        {"type": "input_image", "image_url": images[picture].url, "detail": "auto"}
        for picture in message.pictures
    ]
    text = utf8(message.text)
    return [*parts, {"type": "input_text", "text": text}] if text else parts
