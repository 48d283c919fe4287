"""Ollama, in its own API: the one that it borrows cuts the beginning of a conversation off without a word."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from pipeline.llm.apis.base import Body, Request, bearer
from pipeline.llm.apis.chat_request import encode_tools
from pipeline.llm.apis.events import JsonLines
from pipeline.llm.apis.lighten import TOOLS, lighten
from pipeline.llm.apis.ollama_request import context_for, encode_messages
from pipeline.llm.apis.reply import JsonReply, as_count, as_dict, as_int, as_list, as_text
from pipeline.llm.error_body import too_long, unknown_field
from pipeline.llm.server import Server

MOST_CONTEXT = 32_768
"""Tokens of a context, where nobody says what the model has: some gigabytes of memory."""
_OPTIONAL = {
    "truncate": ("truncate",),
    "shift": ("shift",),
    "keep_alive": ("keep_alive",),
    "format": ("format",),
}
_READ = frozenset({"role", "content", "thinking", "tool_calls", "images", "tool_name", "tool_call_id"})


@dataclass(frozen=True, slots=True)
class Ollama:
    """Implements ``pipeline.llm.apis.base.Api``.

    ``most_context``: as much of a model's context as there is to be memory for; a longer conversation is
    refused and not cut.
    """

    most_context: int = MOST_CONTEXT
    name = "Ollama"
    describes = False

    def url(self, base_url: str, body: Body) -> str:
        return f"{base_url.rstrip('/').removesuffix('/v1')}/api/chat"

    def headers(self, key: str) -> dict[str, str]:
        return bearer(key)

    def body(self, request: Request) -> Body:
        body: Body = {
            "model": request.model,
            "messages": encode_messages(request, self.name),
            "stream": True,
            "truncate": False,
            "shift": False,
        }
        if request.tools:
            body["tools"] = encode_tools(request.tools)
        if request.form.schema:
            body["format"] = request.form.schema
        if (think := _think(request)) is not None:
            body["think"] = think
        if request.cache_for == "long":
            body["keep_alive"] = "1h"
        most = min(self.most_context, request.context or self.most_context)
        body["options"] = {
            "num_ctx": context_for(body, request.most_tokens, most),
            "num_predict": request.most_tokens,
            "temperature": request.temperature,
        }
        return body

    def lighten(self, body: Body, refusal: str) -> bool:
        """Where the estimate was too small, the context is doubled. What Ollama does not know it passes over,
        but what stands in front of it may refuse it.
        """
        if too_long(refusal):
            context: int = body["options"]["num_ctx"]
            body["options"]["num_ctx"] = min(context * 2, self.most_context)
            return context < self.most_context
        if unknown_field(refusal) and lighten(body, refusal, _OPTIONAL):
            return True
        return lighten(body, refusal, {"tools": TOOLS, "think": ("think",)})

    def unthinking(self, body: Body) -> Body | None:
        return None if body.get("think") is False else {**body, "think": False}

    def read_ahead(self, body: Body) -> Body:
        """Which loads the model, too. In the same context: with another it would be loaded anew."""
        return {**body, "stream": False, "options": {**body["options"], "num_predict": 1}}

    def unstreamed(self, body: Body) -> Body:
        return {**body, "stream": False}

    def reply(self, server: Server, *, tools: bool = False) -> OllamaReply:
        return OllamaReply(server, tools=tools)


def _think(request: Request) -> bool | str | None:
    """None: its own way. Levels are for gpt-oss alone; others refuse them."""
    if not request.thinks:
        return False
    levels = "gpt-oss" in request.model
    return (request.effort or None) if levels else (request.effort == "high" or None)


class OllamaReply(JsonReply):
    """See ``JsonReply``."""

    api = Ollama.name

    def __init__(self, server: Server, *, tools: bool = False) -> None:
        super().__init__(server, tools=tools, lines=JsonLines())
        self._thoughts: list[str] = []
        self._more: dict[str, Any] = {}

    def is_answer(self, chunk: dict[str, Any]) -> bool:
        return "message" in chunk

    def bodies(self, body: str) -> list[str]:
        """A server in front may send the stream as if it were none."""
        lines = [line for line in body.splitlines() if line.strip()]
        return lines if all(line.startswith("{") and line.endswith("}") for line in lines) else [body]

    def take(self, name: str, chunk: dict[str, Any]) -> None:
        message = as_dict(chunk.get("message"))
        for more in message.keys() - _READ:
            if message[more]:
                self._bound(json.dumps(message[more]))
                self._more[more] = message[more]
        if thinking := as_text(message.get("thinking")):
            self.think(thinking)
            self._thoughts.append(thinking)
        self.say(as_text(message.get("content")))
        for call in as_list(message.get("tool_calls")):
            self._call(as_dict(call))
        if chunk.get("done") is True:
            self.finish = "length" if chunk.get("done_reason") == "length" else "stop"
            self.tokens_in = as_count(chunk.get("prompt_eval_count"))
            self.tokens_out = as_count(chunk.get("eval_count"))
            self.done = True

    def kept(self) -> Any:
        thinking = "".join(self._thoughts)
        message = {**self._more, **({"thinking": thinking} if thinking else {})}
        extras = [call.extra or {} for call in self.calls]
        kept: dict[str, Any] = {"message": message} if message else {}
        if any(extras):
            kept["calls"] = extras
        return kept or None

    def _call(self, call: dict[str, Any]) -> None:
        """Each is whole, and one of its own: places and ids are not to be relied on."""
        function = as_dict(call.get("function"))
        id = as_text(call.get("id")) or f"call_{uuid.uuid4().hex[:12]}"
        begun = self.call(as_int(function.get("index")), id, as_text(function.get("name")))
        arguments = function.get("arguments") or {}
        self.add_arguments(begun, arguments if isinstance(arguments, str) else json.dumps(arguments))
        more = {key: call[key] for key in call.keys() - {"id", "type", "function"} if call[key]}
        self._bound(json.dumps(more))
        begun.extra = more or None
