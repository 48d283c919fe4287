"""From the events of a chat-completions stream to deltas. Pure: no I/O, no clock."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from pipeline.llm.base import Delta, ToolCall
from pipeline.llm.openai.reasoning import Reasoning
from pipeline.llm.openai.server import Server

_FINISH = {
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
}


@dataclass(slots=True)
class _Call:
    index: int | None
    id: str
    name: str = ""
    arguments: str = ""
    extra: Any = None


class StreamedReply:
    """``push`` each event's data, then ``end`` once. Both raise ``LlmError``.

    Tool calls come in fragments and are given whole, at the end; the last delta has ``finish`` and tokens.
    """

    def __init__(self, server: Server) -> None:
        self.finish = ""
        """Why the model stopped; "" while it has not."""
        self.done = False
        """The server has said that nothing more will come."""
        self.said = False
        self.extras: dict[str, Any] = {}
        """By id of a call: what the server wants back with it (Gemini's thought signatures)."""
        self._server = server
        self._reasoning = Reasoning()
        self._thought = False
        self._events = 0
        self._calls: list[_Call] = []
        self._tokens: tuple[int | None, int | None] = (None, None)

    def push(self, data: str) -> list[Delta]:
        if data.strip() == "[DONE]":
            self.done = True
            return []
        chunk = self._decode(data)
        self._events += 1
        if usage := _dict(chunk.get("usage")):
            self._tokens = _int(usage.get("prompt_tokens")), _int(usage.get("completion_tokens"))
        choices = chunk.get("choices")
        choice = _dict(choices[0]) if isinstance(choices, list) and choices else {}
        if (reason := choice.get("finish_reason")) and isinstance(reason, str):
            if reason == "error":
                raise self._server.stream_error(choice.get("error") or "", said=self.said)
            self.finish = _FINISH.get(reason, "stop")
        # A server that does not stream sends one whole ``message`` instead.
        return self._take(_dict(choice.get("delta")) or _dict(choice.get("message")))

    def push_whole(self, body: str) -> list[Delta]:
        """The body of a server that did not stream: one JSON object, or nothing of a model's at all."""
        start = body.lstrip()[:1]
        if start == "<":
            raise self._server.malformed_response("a web page")
        if not start or start not in "{[" or "choices" not in self._decode(body):
            raise self._server.malformed_response("something else")
        self.done = True
        return self.push(body)

    def end(self) -> list[Delta]:
        """Call when ``done``, or when the connection has ended."""
        if not self._events and not self.done:
            raise self._server.malformed_response("nothing that could be read")
        if not self.finish and not self.done:
            raise self._server.cut_off(said=self.said)
        deltas = self._say(self._reasoning.flush())
        deltas += [Delta(call=self._whole(call)) for call in self._calls]
        finish = "tool_calls" if self._calls else self.finish or "stop"
        if not self.said and not self._calls:
            thought = self._thought or self._reasoning.thought
            raise self._server.empty(finish=finish, thought=thought)
        tokens_in, tokens_out = self._tokens
        return [*deltas, Delta(finish=finish, tokens_in=tokens_in, tokens_out=tokens_out)]

    def _decode(self, data: str) -> dict[str, Any]:
        try:
            chunk = json.loads(data)
        except (ValueError, RecursionError):
            chunk = None
        if isinstance(chunk, list) and chunk:
            chunk = chunk[0]  # Gemini wraps an error so.
        if not isinstance(chunk, dict):
            raise self._server.malformed_response("something garbled", said=self.said)
        if error := chunk.get("error"):
            raise self._server.stream_error(error, said=self.said)
        return chunk

    def _take(self, delta: dict[str, Any]) -> list[Delta]:
        if delta.get("reasoning_content") or delta.get("reasoning"):
            self._thought = True
        calls = delta.get("tool_calls")
        for fragment in calls if isinstance(calls, list) else []:
            self._collect(_dict(fragment))
        return self._say(self._reasoning.push(_text(delta.get("content")) + _text(delta.get("refusal"))))

    def _say(self, text: str) -> list[Delta]:
        self.said = self.said or bool(text.strip())
        return [Delta(text)] if text else []

    def _collect(self, fragment: dict[str, Any]) -> None:
        function = _dict(fragment.get("function"))
        index, name, id = _int(fragment.get("index")), _text(function.get("name")), _text(fragment.get("id"))
        call = self._find(index, id, name)
        call.name += name
        arguments = function.get("arguments")
        call.arguments += json.dumps(arguments) if isinstance(arguments, dict) else _text(arguments)
        call.extra = fragment.get("extra_content") or call.extra

    def _find(self, index: int | None, id: str, name: str) -> _Call:
        """The call that a fragment belongs to. Gemini sends whole calls, all with index 0 or none at all."""
        for call in reversed(self._calls):
            same_place = index == call.index if index is not None else not name
            if same_place and not (id and name and id != call.id):
                return call
        call = _Call(index, id or f"call_{uuid.uuid4().hex[:12]}")
        self._calls.append(call)
        return call

    def _whole(self, call: _Call) -> ToolCall:
        if call.extra:
            self.extras[call.id] = call.extra
        try:
            arguments = json.loads(call.arguments or "{}")
        except (ValueError, RecursionError):
            arguments = None
        if isinstance(arguments, dict):
            return ToolCall(call.id, call.name, arguments)
        return ToolCall(call.id, call.name, {}, malformed=call.arguments)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    """Text as such or, as Mistral sends it, in parts of which only those of type ``text`` are spoken."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in map(_dict, value) if part.get("type") == "text")
    return value if isinstance(value, str) else ""
