"""Streams of each API as its documents have them: an answer, thinking, words with a call, and two calls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.llm.apis.base import Api
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.apis.gemini import Gemini
from pipeline.llm.apis.messages import Messages
from pipeline.llm.apis.ollama import Ollama
from pipeline.llm.apis.responses import Responses

Event = dict[str, Any]
MODEL = "m"
APIS: tuple[Api, ...] = (ChatCompletions(), Responses(), Messages(), Gemini(MODEL), Ollama())
TEXT, THOUGHT = ("It is", " noon", "."), ("Let me", " see.")
CALLS = (("call_1", "clock", {}), ("call_2", "timer", {"minutes": 5}))


def content_type(api: Api) -> str:
    return "application/x-ndjson" if api.name == Ollama.name else "text/event-stream"


def encoded(api: Api, event: Event) -> bytes:
    """As it goes over the line."""
    data = json.dumps(event, ensure_ascii=False).encode()
    if api.name == Ollama.name:
        return data + b"\n"
    name = f"event: {event['type']}\n".encode() if "type" in event else b""
    return name + b"data: " + data + b"\n\n"


def events(api: Api, kind: str) -> list[bytes]:
    """One of ``STREAMS``, event for event."""
    last = [b"data: [DONE]\n\n"] if api.name == ChatCompletions.name else []
    return [encoded(api, event) for event in STREAMS[api.name][kind]] + last


def _chunk(delta: Event, finish: str | None = None, **more: Any) -> Event:
    named = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
    return {**named, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


def _chat(*deltas: Event, finish: str = "stop") -> list[Event]:
    usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
    begun = _chunk({"role": "assistant", "content": ""})
    return [begun, *map(_chunk, deltas), _chunk({}, finish), _chunk({}, choices=[], usage=usage)]


def _chat_call(place: int) -> list[Event]:
    id, name, arguments = CALLS[place]
    pieces = [{"arguments": piece} for piece in _halves(json.dumps(arguments))]
    begun = {"index": place, "id": id, "type": "function", "function": {"name": name, "arguments": ""}}
    return [{"tool_calls": [call]} for call in (begun, *({"index": place, "function": p} for p in pieces))]


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


_SAID = [{"content": text} for text in TEXT]
_CHAT = {
    "answer": _chat(*_SAID),
    "thinking": _chat(*({"reasoning_content": text} for text in THOUGHT), *_SAID),
    "call": _chat(*_SAID, *_chat_call(0), finish="tool_calls"),
    "calls": _chat(*_chat_call(0), *_chat_call(1), finish="tool_calls"),
}


def _message_item() -> Event:
    part = {"type": "output_text", "text": "".join(TEXT), "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}


def _reasoning_item() -> Event:
    summary = [{"type": "summary_text", "text": "".join(THOUGHT)}]
    return {"type": "reasoning", "id": "rs_1", "summary": summary, "encrypted_content": "gAAAA"}


def _call_item(place: int) -> Event:
    id, name, arguments = CALLS[place]
    named = {"type": "function_call", "id": f"fc_{place}", "call_id": id, "name": name}
    return {**named, "arguments": json.dumps(arguments), "status": "completed"}


def _item(item: Event, place: int) -> list[Event]:
    at: Event = {"item_id": item["id"], "output_index": place}
    begun, pieces = {**item, "status": "in_progress"}, []
    if item["type"] == "message":
        begun["content"], (part,) = [], item["content"]
        at_part = {**at, "content_index": 0}
        pieces = [
            {"type": "response.content_part.added", **at_part, "part": {**part, "text": ""}},
            *(
                {"type": "response.output_text.delta", **at_part, "delta": text, "logprobs": []}
                for text in TEXT
            ),
            {"type": "response.output_text.done", **at_part, "text": part["text"], "logprobs": []},
            {"type": "response.content_part.done", **at_part, "part": part},
        ]
    elif item["type"] == "function_call":
        begun["arguments"], kind = "", "response.function_call_arguments"
        pieces = [{"type": f"{kind}.delta", **at, "delta": piece} for piece in _halves(item["arguments"])]
        pieces.append({"type": f"{kind}.done", **at, "name": item["name"], "arguments": item["arguments"]})
    else:
        begun, (part,), kind = {**item, "summary": []}, item["summary"], "response.reasoning_summary"
        at_part = {**at, "summary_index": 0}
        pieces = [
            {"type": f"{kind}_part.added", **at_part, "part": {**part, "text": ""}},
            *({"type": f"{kind}_text.delta", **at_part, "delta": text} for text in THOUGHT),
            {"type": f"{kind}_text.done", **at_part, "text": part["text"]},
            {"type": f"{kind}_part.done", **at_part, "part": part},
        ]
    added = {"type": "response.output_item.added", "output_index": place, "item": begun}
    return [added, *pieces, {"type": "response.output_item.done", "output_index": place, "item": item}]


def _responses(*items: Event) -> list[Event]:
    response = {"id": "resp_1", "object": "response", "created_at": 1.0, "model": MODEL, "output": []}
    response |= {"parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "status": "in_progress"}
    usage = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12}
    usage |= {
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    whole = {**response, "status": "completed", "output": [*items], "usage": usage}
    found = [
        {"type": "response.created", "response": response},
        {"type": "response.in_progress", "response": response},
        *(event for place, item in enumerate(items) for event in _item(item, place)),
        {"type": "response.completed", "response": whole},
    ]
    return [{**event, "sequence_number": n} for n, event in enumerate(found)]


_RESPONSES = {
    "answer": _responses(_message_item()),
    "thinking": _responses(_reasoning_item(), _message_item()),
    "call": _responses(_reasoning_item(), _message_item(), _call_item(0)),
    "calls": _responses(_reasoning_item(), _call_item(0), _call_item(1)),
}


def _text_block() -> list[Event]:
    return _block({"type": "text", "text": ""}, *({"type": "text_delta", "text": text} for text in TEXT))


def _thinking_block() -> list[Event]:
    thoughts = ({"type": "thinking_delta", "thinking": text} for text in THOUGHT)
    begun = {"type": "thinking", "thinking": "", "signature": ""}
    return _block(begun, *thoughts, {"type": "signature_delta", "signature": "EqQBCg=="})


def _call_block(place: int) -> list[Event]:
    id, name, arguments = CALLS[place]
    pieces = ("", *_halves(json.dumps(arguments))) if arguments else ("",)
    begun = {"type": "tool_use", "id": id, "name": name, "input": {}}
    return _block(begun, *({"type": "input_json_delta", "partial_json": piece} for piece in pieces))


def _block(begun: Event, *deltas: Event) -> list[Event]:
    changes = [{"type": "content_block_delta", "delta": delta} for delta in deltas]
    return [{"type": "content_block_start", "content_block": begun}, *changes, {"type": "content_block_stop"}]


def _messages(*blocks: list[Event], reason: str = "end_turn") -> list[Event]:
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": MODEL}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 9, "output_tokens": 1}}
    delta = {"stop_reason": reason, "stop_sequence": None}
    return [
        {"type": "message_start", "message": message},
        {"type": "ping"},
        *({**event, "index": index} for index, block in enumerate(blocks) for event in block),
        {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 3}},
        {"type": "message_stop"},
    ]


_MESSAGES = {
    "answer": _messages(_text_block()),
    "thinking": _messages(_thinking_block(), _text_block()),
    "call": _messages(_thinking_block(), _text_block(), _call_block(0), reason="tool_use"),
    "calls": _messages(_thinking_block(), _call_block(0), _call_block(1), reason="tool_use"),
}


def _gemini(*parts: Event) -> list[Event]:
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 3, "totalTokenCount": 12}
    contents = [{"parts": [part], "role": "model"} for part in (*parts, {"text": ""})]
    candidates: list[Event] = [{"content": content, "index": 0} for content in contents]
    candidates[-1]["finishReason"] = "STOP"
    more = {"usageMetadata": usage, "modelVersion": MODEL, "responseId": "r"}
    return [{"candidates": [candidate], **more} for candidate in candidates]


def _gemini_call(place: int) -> Event:
    _, name, arguments = CALLS[place]
    call: Event = {"functionCall": {"name": name, "args": arguments}}
    return call if place else {**call, "thoughtSignature": "c2lnbmVk"}


_PARTS = [{"text": text} for text in TEXT]
_GEMINI = {
    "answer": _gemini(*_PARTS),
    "thinking": _gemini(*({"text": text, "thought": True} for text in THOUGHT), *_PARTS),
    "call": _gemini(*_PARTS, _gemini_call(0)),
    "calls": _gemini(_gemini_call(0), _gemini_call(1)),
}


def _ollama(*messages: Event) -> list[Event]:
    named = {"model": MODEL, "created_at": "2026-11-28T10:00:00.123456789Z"}
    lines = [{**named, "message": {"role": "assistant", "content": "", **m}, "done": False} for m in messages]
    counts = {"total_duration": 5, "load_duration": 1, "prompt_eval_count": 9, "eval_count": 3}
    last = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
    return [*lines, {**named, **last, **counts}]


def _ollama_call(place: int) -> Event:
    id, name, arguments = CALLS[place]
    return {"tool_calls": [{"id": id, "function": {"index": place, "name": name, "arguments": arguments}}]}


_OLLAMA = {
    "answer": _ollama(*_SAID),
    "thinking": _ollama(*({"thinking": text} for text in THOUGHT), *_SAID),
    "call": _ollama(*_SAID, _ollama_call(0)),
    "calls": _ollama(_ollama_call(0), _ollama_call(1)),
}
STREAMS: Mapping[str, Mapping[str, Sequence[Event]]] = {
    ChatCompletions.name: _CHAT,
    Responses.name: _RESPONSES,
    Messages.name: _MESSAGES,
    Gemini.name: _GEMINI,
    Ollama.name: _OLLAMA,
}
"""By the name of the API, by what the model does."""
