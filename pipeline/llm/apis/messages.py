"""Messages, as Anthropic made it and llama.cpp, vLLM, LM Studio and Ollama speak it too."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.llm.apis.base import Body, Request
from pipeline.llm.apis.lighten import OPTIONAL, lighten
from pipeline.llm.apis.messages_request import CACHED, encode_messages, encode_system, encode_tools
from pipeline.llm.apis.reply import (
    MOST_PARTS,
    CallBegun,
    JsonReply,
    as_count,
    as_dict,
    as_int,
    as_list,
    as_text,
    decoded_arguments,
)
from pipeline.llm.base import Delta
from pipeline.llm.server import Server

VERSION = "2023-06-01"
_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "cache_control": ("cache_control",),
    "thinking": ("thinking",),
    "output_config": ("output_config", "effort"),
    **OPTIONAL,
}
_NO_THINKING = {"type": "disabled"}
_FINISH = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}
_PIECES = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "input_json_delta": "partial_json",
}
_UNBEGUN = {"text_delta": "text", "thinking_delta": "thinking"}
"""What a block is that nothing had begun."""
_READ_IN = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
"""They leave each other out."""


class Messages:
    """Implements ``pipeline.llm.apis.base.Api``. The newest models take no temperature, so none is sent."""

    name = "Messages"
    describes = True

    def url(self, base_url: str, body: Body) -> str:
        return f"{base_url}/messages"

    def headers(self, key: str) -> dict[str, str]:
        return {"anthropic-version": VERSION, **({"x-api-key": key} if key else {})}

    def body(self, request: Request) -> Body:
        """What comes again in the next request is cached: all of it, and by itself what each begins with."""
        cached = {**CACHED, "ttl": "1h"} if request.cache_for == "long" else CACHED
        body: Body = {
            "model": request.model,
            "max_tokens": request.most_tokens,
            "messages": encode_messages(request, self.name),
            "stream": True,
            "cache_control": cached,
        }
        if not request.thinks:
            body["thinking"] = _NO_THINKING
        elif request.effort:
            body["output_config"] = {"effort": request.effort}
        if system := encode_system(request.messages, cached):
            body["system"] = system
        if request.tools:
            body["tools"] = encode_tools(request.tools)
        return body

    def lighten(self, body: Body, refusal: str) -> bool:
        left_out = lighten(body, refusal, _OPTIONAL)
        if left_out and "cache_control" not in body:
            for block in body.get("system", ()):
                block.pop("cache_control", None)
        return left_out

    def unthinking(self, body: Body) -> Body | None:
        return None if body.get("thinking") == _NO_THINKING else {**body, "thinking": _NO_THINKING}

    def read_ahead(self, body: Body) -> Body:
        return {**self.unstreamed(body), "max_tokens": 0}

    def unstreamed(self, body: Body) -> Body:
        return {name: value for name, value in body.items() if name != "stream"}

    def reply(self, server: Server, *, tools: bool = False) -> MessagesReply:
        return MessagesReply(server, tools=tools)


@dataclass(slots=True)
class _Block:
    """Of the answer, while it comes. ``grown``: pieces of its fields, by name."""

    begun: Body
    grown: dict[str, list[str]] = field(default_factory=dict)
    call: CallBegun | None = None

    @property
    def kind(self) -> str:
        return as_text(self.begun.get("type"))

    @property
    def arguments(self) -> str:
        """In JSON; "" of a call without any."""
        begun = self.begun.get("input")
        whole = begun if isinstance(begun, str) else json.dumps(begun) if begun else ""
        return "".join(self.grown.get("partial_json", ())) or whole

    def whole(self) -> Body:
        """As it came, letter for letter: thinking is signed."""
        whole = {**self.begun}
        for name in self.grown.keys() - {"partial_json"}:
            whole[name] = as_text(self.begun.get(name)) + "".join(self.grown[name])
        if self.call:
            whole |= {"id": self.call.id, "name": self.call.name}
        if self.call or "partial_json" in self.grown:
            whole["input"] = decoded_arguments(self.arguments) or {}
        return whole


class MessagesReply(JsonReply):
    """See ``JsonReply``."""

    api = Messages.name

    def __init__(self, server: Server, *, tools: bool = False) -> None:
        super().__init__(server, tools=tools)
        self._blocks: list[_Block] = []
        self._at: dict[int | None, _Block] = {}
        self._counts: dict[str, int] = {}
        self._stopped = ""
        self._apart = False
        """Something else has come since the last text."""

    def is_answer(self, chunk: dict[str, Any]) -> bool:
        return isinstance(chunk.get("content"), list)

    def take(self, name: str, chunk: dict[str, Any]) -> None:
        kind = chunk.get("type")
        match kind if isinstance(kind, str) else name:
            case "content_block_delta":
                self._grow(as_int(chunk.get("index")), as_dict(chunk.get("delta")))
            case "content_block_start":
                self._begin(as_int(chunk.get("index")), as_dict(chunk.get("content_block")))
            case "message_start":
                self._count(as_dict(as_dict(chunk.get("message")).get("usage")))
            case "message_delta":
                self._count(as_dict(chunk.get("usage")))
                self._stop(as_dict(chunk.get("delta")))
            case "message_stop":
                self.done = True
            case "ping":
                self.events -= 1  # a sign of the connection's life, not of the model's
            case "error":
                raise self.server.stream_error(chunk, said=self.said)
            case _:
                if self.is_answer(chunk):
                    self._take_whole(chunk)

    def end(self) -> list[Delta]:
        last = self._blocks[-1] if self._blocks else None
        if self.finish == "length" and last and last.call and not last.arguments:
            # The model did not come to finish it. What has begun is no JSON, and is handed on as such.
            self._blocks.remove(last)
            self.calls.remove(last.call)
        for block in self._blocks:
            if block.call:
                block.call.arguments = block.arguments
        if self._stopped == "pause_turn" and not self.calls:
            raise self.server.paused(said=self.said)
        return super().end()

    def kept(self) -> Any:
        """All blocks, in order; without empty text, which would be refused."""
        blocks = [block.whole() for block in self._blocks if block.kind]
        return [b for b in blocks if b["type"] != "text" or as_text(b.get("text")).strip()] or None

    def _take_whole(self, message: Body) -> None:
        for index, block in enumerate(as_list(message.get("content"))):
            self._begin(index, as_dict(block))
        self._count(as_dict(message.get("usage")))
        self._stop(message)
        self.done = True

    def _begin(self, index: int | None, begun: Body) -> _Block:
        if len(self._blocks) >= MOST_PARTS:
            raise self.server.endless(said=self.said)
        block = _Block(begun)
        self._blocks.append(block)
        self._at[index] = self._at[None] = block
        if block.kind == "tool_use":
            id = as_text(begun.get("id")) or f"call_{uuid.uuid4().hex[:12]}"
            block.call = self.call(index, id, as_text(begun.get("name")))
        if block.kind == "text":
            self._speak(as_text(begun.get("text")))
        else:
            self._apart = True
            self.thought = self.thought or block.kind in ("thinking", "redacted_thinking")
        return block

    def _grow(self, index: int | None, delta: Body) -> None:
        kind = as_text(delta.get("type"))
        block = self._at.get(index) or self._begin(index, {"type": _UNBEGUN.get(kind, "")})
        if (name := _PIECES.get(kind)) is None:
            self._cite(block, delta.get("citation"))
            return
        text = as_text(delta.get(name))
        if text:
            block.grown.setdefault(name, []).append(text)
        if name == "text":
            self._speak(text)
        else:
            self._bound(text)

    def _cite(self, block: _Block, citation: object) -> None:
        if isinstance(citation, dict):
            self._bound(json.dumps(citation))
            block.begun["citations"] = [*as_list(block.begun.get("citations")), citation]

    def _speak(self, text: str) -> None:
        """What stands apart is not run together."""
        if text and self._apart:
            self.say("\n" if self.said else "")
            self._apart = False
        self.say(text)

    def _stop(self, delta: Body) -> None:
        reason = as_text(delta.get("stop_reason"))
        if not reason:
            return
        self._stopped, self.finish = reason, _FINISH.get(reason, "stop")
        if reason == "refusal" and not self.said:
            self._speak(as_text(as_dict(delta.get("stop_details")).get("explanation")))

    def _count(self, usage: Body) -> None:
        self._counts |= {name: count for name in usage if (count := as_count(usage[name])) is not None}
        read = [self._counts[name] for name in _READ_IN if name in self._counts]
        self.tokens_in = sum(read) if read else None
        self.tokens_cached = self._counts.get("cache_read_input_tokens")
        self.tokens_out = self._counts.get("output_tokens")
        thinking = as_count(as_dict(usage.get("output_tokens_details")).get("thinking_tokens"))
        self.tokens_thinking = self.tokens_thinking if thinking is None else thinking
