"""Sound answers in each API, of which the hostile ones are made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SAID = ("Grüße aus Köln – ", "es ist 😀 gut.")
CALL_ID, CALLED, ARGUMENTS = "call_1", "list_timers", "{}"
"""A tool that Aloud has and that changes nothing."""

Event = dict[str, Any]
SSE, NDJSON, JSON = "text/event-stream", "application/x-ndjson", "application/json"


@dataclass(frozen=True)
class Sound:
    """``said`` and ``called``: the events of two answers. ``last``: what stands behind all of them."""

    api: str
    said: tuple[Event, ...]
    called: tuple[Event, ...]
    last: bytes = b""
    lines: bool = False
    """An object a line, and no server-sent events."""
    base: str = "/v1"
    ending: str = ""
    """Of the address that ``--llm`` takes, so that this API is spoken there."""

    @property
    def kind(self) -> str:
        return NDJSON if self.lines else SSE

    def framed(self, data: bytes, name: str = "") -> bytes:
        if self.lines:
            return data + b"\n"
        return (b"event: %s\n" % name.encode() if name else b"") + b"data: " + data + b"\n\n"

    def written(self, event: Any, *, plain: bool = False) -> bytes:
        """``plain``: letters as they are, not as escapes."""
        name = event.get("type", "") if isinstance(event, dict) else ""
        named = name if isinstance(name, str) and name.isascii() and name.isprintable() else ""
        return self.framed(json.dumps(event, ensure_ascii=not plain).encode("utf-8", "surrogatepass"), named)

    def stream(self, events: Iterable[Any], *, plain: bool = False) -> bytes:
        return b"".join(self.written(event, plain=plain) for event in events) + self.last

    def saying(self, text: str) -> tuple[Event, ...]:
        """The sound answer with another text."""
        return tuple(_replaced(event, text) for event in self.said)

    def piece(self, text: str) -> bytes:
        """One event that says ``text``."""
        pieces = [event for event in self.said if SAID[0] in json.dumps(event, ensure_ascii=False)]
        return self.written(_replaced(pieces[0], text))


def _replaced(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(inner, text) for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, text) for inner in value]
    return "" if value == SAID[1] else text if value in (SAID[0], "".join(SAID)) else value


def _chat(delta: Event, finish: str | None = None, **more: Any) -> Event:
    return {"id": "c1", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


_CHAT_USAGE = {"prompt_tokens": 26, "completion_tokens": 7, "total_tokens": 33}
_CHAT_CALL = {"index": 0, "id": CALL_ID, "type": "function"}
CHAT = Sound(
    "chat",
    (
        _chat({"role": "assistant", "content": SAID[0]}),
        _chat({"content": SAID[1]}),
        _chat({}, "stop", usage=_CHAT_USAGE),
    ),
    (
        _chat({"reasoning_content": "hm"}),
        _chat({"tool_calls": [{**_CHAT_CALL, "function": {"name": CALLED, "arguments": "{"}}]}),
        _chat({"tool_calls": [{"index": 0, "function": {"arguments": "}"}}]}),
        _chat({}, "tool_calls", usage=_CHAT_USAGE),
    ),
    b"data: [DONE]\n\n",
)

_RESPONSE = {"id": "resp_1", "object": "response", "model": "m", "output": [], "status": "in_progress"}
_DONE = {**_RESPONSE, "status": "completed", "usage": {"input_tokens": 26, "output_tokens": 7}}
_MESSAGE: Event = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
_WHOLE = {**_MESSAGE, "content": [{"type": "output_text", "text": "".join(SAID), "annotations": []}]}
_AT: Event = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
_FUNCTION: Event = {"type": "function_call", "id": "fc_1", "call_id": CALL_ID, "name": CALLED}
_FUNCTION_AT: Event = {"item_id": "fc_1", "output_index": 1}
_REASONING: Event = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA"}
RESPONSES = Sound(
    "responses",
    (
        {"type": "response.created", "response": _RESPONSE},
        {"type": "response.output_item.added", "output_index": 0, "item": {**_MESSAGE, "content": []}},
        {"type": "response.output_text.delta", **_AT, "delta": SAID[0]},
        {"type": "response.output_text.delta", **_AT, "delta": SAID[1]},
        {"type": "response.output_item.done", "output_index": 0, "item": _WHOLE},
        {"type": "response.completed", "response": {**_DONE, "output": [_WHOLE]}},
    ),
    (
        {"type": "response.created", "response": _RESPONSE},
        {"type": "response.output_item.added", "output_index": 0, "item": _REASONING},
        {"type": "response.output_item.done", "output_index": 0, "item": _REASONING},
        {"type": "response.output_item.added", "output_index": 1, "item": {**_FUNCTION, "arguments": ""}},
        {"type": "response.function_call_arguments.delta", **_FUNCTION_AT, "delta": ARGUMENTS},
        {"type": "response.function_call_arguments.done", **_FUNCTION_AT, "arguments": ARGUMENTS},
        {
            "type": "response.output_item.done",
            "output_index": 1,
            "item": {**_FUNCTION, "arguments": ARGUMENTS},
        },
        {"type": "response.completed", "response": _DONE},
    ),
    ending="/responses",
)

_BEGUN = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "usage": {"input_tokens": 26}}


def _delta(place: int, kind: str, name: str, piece: str) -> Event:
    return {"type": "content_block_delta", "index": place, "delta": {"type": kind, name: piece}}


def _block(place: int, begun: Event) -> Event:
    return {"type": "content_block_start", "index": place, "content_block": begun}


def _stopped(reason: str) -> tuple[Event, ...]:
    return (
        {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 7}},
        {"type": "message_stop"},
    )


MESSAGES = Sound(
    "messages",
    (
        {"type": "message_start", "message": _BEGUN},
        _block(0, {"type": "text", "text": ""}),
        {"type": "ping"},
        *[_delta(0, "text_delta", "text", piece) for piece in SAID],
        {"type": "content_block_stop", "index": 0},
        *_stopped("end_turn"),
    ),
    (
        {"type": "message_start", "message": _BEGUN},
        _block(0, {"type": "thinking", "thinking": "", "signature": ""}),
        _delta(0, "thinking_delta", "thinking", "hm"),
        _delta(0, "signature_delta", "signature", "EqQBCg=="),
        {"type": "content_block_stop", "index": 0},
        _block(1, {"type": "tool_use", "id": CALL_ID, "name": CALLED, "input": {}}),
        _delta(1, "input_json_delta", "partial_json", "{"),
        _delta(1, "input_json_delta", "partial_json", "}"),
        {"type": "content_block_stop", "index": 1},
        *_stopped("tool_use"),
    ),
    ending="/messages",
)


def _candidate(*parts: Event, **more: Any) -> Event:
    return {"candidates": [{"content": {"parts": list(parts), "role": "model"}, "index": 0, **more}]}


_COUNTED = {"usageMetadata": {"promptTokenCount": 26, "candidatesTokenCount": 7}}
GEMINI = Sound(
    "gemini",
    (
        _candidate({"text": SAID[0]}),
        {**_candidate({"text": SAID[1]}), **_COUNTED},
        {**_candidate(finishReason="STOP"), **_COUNTED},
    ),
    (
        _candidate({"text": "hm", "thought": True}),
        _candidate({"functionCall": {"name": CALLED, "args": {}}, "thoughtSignature": "c2lnbmVk"}),
        {**_candidate(finishReason="STOP"), **_COUNTED},
    ),
    base="/v1beta",
)


def _line(content: str = "", **message: Any) -> Event:
    return {"model": "m", "message": {"role": "assistant", "content": content, **message}, "done": False}


_LAST = {**_line(), "done": True, "done_reason": "stop", "prompt_eval_count": 26, "eval_count": 7}
OLLAMA = Sound(
    "ollama",
    (*map(_line, SAID), _LAST),
    (
        _line(thinking="hm"),
        _line(tool_calls=[{"id": CALL_ID, "function": {"index": 0, "name": CALLED, "arguments": {}}}]),
        _LAST,
    ),
    lines=True,
    ending="/api/chat",
)

SOUND: Mapping[str, Sound] = {each.api: each for each in (CHAT, RESPONSES, MESSAGES, GEMINI, OLLAMA)}
