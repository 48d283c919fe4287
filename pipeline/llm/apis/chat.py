"""Chat Completions, as OpenAI made it and llama.cpp, vLLM, LM Studio, OpenRouter and most others speak it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from pipeline.llm.apis.base import Body, Request, bearer
from pipeline.llm.apis.chat_request import encode_form, encode_messages, encode_tools
from pipeline.llm.apis.events import Event
from pipeline.llm.apis.lighten import OPTIONAL, lighten
from pipeline.llm.apis.reply import CallBegun, JsonReply, as_count, as_dict, as_int, as_list, as_text
from pipeline.llm.server import Server

_FINISH = {
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
    "tool_calls": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
}
_THINKING = ("reasoning_content", "reasoning")
"""Under either name, and sent back under the one it came under (vLLM reads only its own)."""
NO_THINKING = {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}}
"""OpenAI's, vLLM's and llama.cpp's way of saying it; and that of the templates of Qwen, GLM and others."""
_OPTIONAL = {
    **OPTIONAL,
    "reasoning_effort": ("reasoning_effort", "reasoning effort"),
    "chat_template_kwargs": ("chat_template_kwargs",),
    "grammar": ("grammar",),
    "structured_outputs": ("structured_outputs", "grammar"),
    "response_format": ("response_format", "json_schema"),
    "reasoning_control": ("reasoning_control",),
    "prompt_cache_key": ("prompt_cache_key",),
    "return_progress": ("return_progress",),
}
_OF_STREAMS = ("stream", "stream_options", "return_progress")
_READ = frozenset({"role", "content", "refusal", "tool_calls", "function_call", "audio", "annotations"})
"""Of a message; whatever else it has is kept for the server, unread."""


@dataclass(frozen=True, slots=True)
class ChatCompletions:
    """Implements ``pipeline.llm.apis.base.Api``.

    ``progress``: the server, llama.cpp, tells how far it has read. It looks whether anybody is still there
    only where it has something to tell: else a question that was taken back is read to its end.
    """

    progress: bool = False
    name = "Chat Completions"
    describes = False

    def url(self, base_url: str, body: Body) -> str:
        return f"{base_url}/chat/completions"

    def headers(self, key: str) -> dict[str, str]:
        return bearer(key)

    def body(self, request: Request) -> Body:
        body: Body = {
            "model": request.model,
            "messages": encode_messages(request, self.name),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": request.temperature,
            "max_tokens": request.most_tokens,
        }
        if not request.thinks:
            body |= NO_THINKING
        elif request.effort:
            body["reasoning_effort"] = request.effort
        if request.reasoning_control:
            body["reasoning_control"] = True
        if request.cache_key:
            body["prompt_cache_key"] = request.cache_key
        if request.tools:
            body["tools"] = encode_tools(request.tools)
        if self.progress:
            body["return_progress"] = True
        return body | encode_form(request)

    def lighten(self, body: Body, refusal: str) -> bool:
        """Newer OpenAI models take ``max_completion_tokens`` only, and no temperature; older servers know no
        ``stream_options``.
        """
        if "max_tokens" in body and "max_completion_tokens" in refusal.lower():
            body["max_completion_tokens"] = body.pop("max_tokens")
            return True
        return lighten(body, refusal, _OPTIONAL)

    def unthinking(self, body: Body) -> Body | None:
        return None if NO_THINKING.items() <= body.items() else {**body, **NO_THINKING}

    def read_ahead(self, body: Body) -> Body:
        """One token is written where none can be asked for. As a stream, where the server then sees that
        nobody waits for it any more.
        """
        ahead = body if self.progress else self.unstreamed(body)
        return {**{name: ahead[name] for name in ahead if name != "max_completion_tokens"}, "max_tokens": 1}

    def unstreamed(self, body: Body) -> Body:
        return {name: value for name, value in body.items() if name not in _OF_STREAMS}

    def reply(self, server: Server, *, tools: bool = False) -> ChatReply:
        return ChatReply(server, tools=tools)


class ChatReply(JsonReply):
    """See ``JsonReply``."""

    api = ChatCompletions.name

    def __init__(self, server: Server, *, tools: bool = False) -> None:
        super().__init__(server, tools=tools)
        self._kept: dict[str, Any] = {}

    def _event(self, event: Event) -> None:
        if event.data.strip() == "[DONE]":
            self.done = True
        else:
            super()._event(event)

    def is_answer(self, chunk: dict[str, Any]) -> bool:
        return "choices" in chunk

    def take(self, name: str, chunk: dict[str, Any]) -> None:
        if not self.id:
            self.id = as_text(chunk.get("id"))
        if "prompt_progress" in chunk:
            self.reads = True
        if usage := as_dict(chunk.get("usage")):
            self._count(usage)
        choices = as_list(chunk.get("choices"))
        choice = as_dict(choices[0]) if choices else {}
        if (reason := choice.get("finish_reason")) and isinstance(reason, str):
            if reason == "error":
                raise self.server.stream_error(choice.get("error") or "", said=self.said)
            self.finish = _FINISH.get(reason, "stop")
        self._take(as_dict(choice.get("delta")) or self._unsaid(as_dict(choice.get("message"))))

    def kept(self) -> Any:
        extras = {call.id: call.extra for call in self.calls if call.extra}
        kept = {name: value for name, value in (("message", self._kept), ("calls", extras)) if value}
        return kept or None

    def _count(self, usage: dict[str, Any]) -> None:
        self.tokens_in = as_count(usage.get("prompt_tokens"))
        self.tokens_out = as_count(usage.get("completion_tokens"))
        self.tokens_cached = as_count(as_dict(usage.get("prompt_tokens_details")).get("cached_tokens"))
        details = as_dict(usage.get("completion_tokens_details"))
        self.tokens_thinking = as_count(details.get("reasoning_tokens"))

    def _unsaid(self, message: dict[str, Any]) -> dict[str, Any]:
        """A server that does not stream sends one whole ``message``; some that do, behind all its pieces."""
        come = {"content": self.said, "refusal": self.said, "tool_calls": bool(self.calls)}
        return {name: value for name, value in message.items() if not come.get(name, name in self._kept)}

    def _take(self, delta: dict[str, Any]) -> None:
        for name in delta.keys() - _READ:
            self._keep(name, delta[name])
        for fragment in as_list(delta.get("tool_calls")):
            if fragment:
                self._collect(as_dict(fragment))
        self.say(as_text(delta.get("content")))
        self.say(as_text(delta.get("refusal")))

    def _keep(self, name: str, value: Any) -> None:
        """Text and lists grow, anything else is as it came last."""
        if not value:
            return
        text = value if isinstance(value, str) else json.dumps(value)
        if name in _THINKING:
            self.think(text)
        else:
            self._bound(text)
        before: Any = self._kept.get(name)
        if isinstance(before, list) and isinstance(value, list):
            before.extend(value)  # as they come: each time anew, a hundred thousand would take half a minute
        else:
            grows = isinstance(before, str) and isinstance(value, str)
            self._kept[name] = before + value if grows else value

    def _collect(self, fragment: dict[str, Any]) -> None:
        function = as_dict(fragment.get("function"))
        index, id = _place(fragment.get("index")), as_text(fragment.get("id"))
        name = as_text(function.get("name"))
        call = self._find(index, id, name)
        call.name += "" if name == call.name else name  # some send it with every piece
        arguments = function.get("arguments")
        self.add_arguments(call, json.dumps(arguments) if isinstance(arguments, dict) else as_text(arguments))
        more = {key: fragment[key] for key in fragment.keys() - {"index", "id", "type", "function"}}
        call.extra = {**(call.extra or {}), **{key: value for key, value in more.items() if value}} or None

    def _find(self, index: int | None, id: str, name: str) -> CallBegun:
        """The call that a fragment belongs to. Gemini sends whole calls, all with index 0 or none at all."""
        for call in reversed(self.calls):
            same_place = index == call.index if index is not None else not name
            if same_place and not (id and name and id != call.id):
                return call
        return self.call(index, id or f"call_{uuid.uuid4().hex[:12]}")


def _place(index: object) -> int | None:
    return int(index) if isinstance(index, str) and index.isdecimal() else as_int(index)
