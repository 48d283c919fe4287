"""Items of a Responses answer: messages, calls, thinking; read, and written as they go back. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from config.runtime.json_values import read_json
from pipeline.llm.apis.base import Body
from pipeline.llm.apis.reply import CallBegun, as_dict, as_int, as_list, as_text, decoded_arguments


@dataclass(slots=True)
class Item:
    """Of the output, while it comes. ``ids``: all that it was called; ``place``: where the server says that
    it stands; None: it does not.
    """

    kind: str
    ids: set[str]
    place: int | None
    said: list[str] = field(default_factory=list)
    call: CallBegun | None = None
    whole: Body = field(default_factory=dict)
    """As it was when it was done; empty before."""


def named_in(chunk: Body) -> tuple[set[str], int | None]:
    id = as_text(chunk.get("item_id"))
    return ({id} if id else set()), as_int(chunk.get("output_index"))


def ids_of(item: Body) -> set[str]:
    """llama.cpp calls an item by the id of the call."""
    return {id for id in (as_text(item.get("id")), as_text(item.get("call_id"))) if id}


def arguments_of(value: object) -> str:
    return json.dumps(value) if isinstance(value, dict) else as_text(value)


def text_of(item: Body) -> str:
    parts = map(as_dict, as_list(item.get("content")))
    return "".join(as_text(part.get("text")) or as_text(part.get("refusal")) for part in parts)


def restored(item: Item) -> Body:
    """As the server wants it back. Arguments that are no JSON would be refused in every later request, and
    so would thinking without its content, which is not stored.
    """
    if item.call:
        named = {"type": "function_call", "call_id": item.call.id, "name": item.call.name}
        return {**item.whole, **named, "arguments": _repaired(item.call.arguments)}
    if item.kind == "reasoning" and not (item.whole.get("encrypted_content") or item.whole.get("content")):
        return {}
    return item.whole


def _repaired(arguments: str) -> str:
    try:
        if isinstance(read_json(arguments), dict):
            return arguments
    except ValueError:
        pass
    return json.dumps(decoded_arguments(arguments) or {})
