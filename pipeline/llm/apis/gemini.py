"""Gemini, in its own API: there thinking, signatures and the pictures of tools have their place."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import quote

from config.runtime.json_values import read_json
from pipeline.llm.apis.base import Body, Request
from pipeline.llm.apis.gemini_request import (
    encode_contents,
    encode_system,
    encode_tools,
    instruct_first,
    show_after,
    sign,
)
from pipeline.llm.apis.lighten import TOOLS, lighten
from pipeline.llm.apis.partial_arguments import PartialArguments
from pipeline.llm.apis.reply import CallBegun, JsonReply, as_count, as_dict, as_list, as_text
from pipeline.llm.base import ToolCall
from pipeline.llm.server import Server

_FINISH = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "CONTINUATION": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
    "LANGUAGE": "content_filter",
    "BLOCKLIST": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "SPII": "content_filter",
    "ESCALATION": "content_filter",
    "MODEL_ARMOR": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "IMAGE_RECITATION": "content_filter",
    # The model wanted to call, and what it wrote was no call:
    "MALFORMED_FUNCTION_CALL": "tool_calls",
    "UNEXPECTED_TOOL_CALL": "tool_calls",
}
"""Every other reason is a failure."""
_MOST_PARTS = 100_000
"""Of one answer, which has one or two a token."""
_UNFINISHED = ("", "FINISH_REASON_UNSPECIFIED")
_PIECES = frozenset({"args", "partialArgs", "willContinue"})
"""Of a call: it goes back whole."""
_OPTIONAL = {"temperature": ("temperature",), "thinkingConfig": ("thinking",)}
_NO_THINKING = {"thinkingBudget": 0}
_BUDGETS = {"low": 512, "high": 2048}
"""Tokens."""


class _Whole(Body):
    """A body whose answer is to come at once: it is asked for elsewhere."""


@dataclass(frozen=True, slots=True)
class Gemini:
    """Implements ``pipeline.llm.apis.base.Api``, of one model: Gemini wants its name in the address, and a
    body that carried it there would be one thing before and another after it was sent.
    """

    model: str
    name = "Gemini"
    describes = True

    def url(self, base_url: str, body: Body) -> str:
        path = self.model if "/" in self.model else f"models/{self.model}"
        how = "generateContent" if isinstance(body, _Whole) else "streamGenerateContent?alt=sse"
        return f"{base_url}/{quote(path)}:{how}"

    def headers(self, key: str) -> dict[str, str]:
        return {"x-goog-api-key": key} if key else {}

    def body(self, request: Request) -> Body:
        limits: Body = {"temperature": request.temperature, "maxOutputTokens": request.most_tokens}
        if thinking := self._thinking(request):
            limits["thinkingConfig"] = thinking
        body: Body = {"contents": encode_contents(request, self.name), "generationConfig": limits}
        if system := encode_system(request):
            body["systemInstruction"] = system
        if request.tools:
            body["tools"] = encode_tools(request.tools)
        return body

    def _thinking(self, request: Request) -> Body:
        """Gemini 3 has levels, those before it a budget of tokens. Thoughts are asked for where there are
        any: else nobody could tell one that thinks from one that is not there.
        """
        levels = "gemini-3" in self.model
        if not request.thinks:
            return dict(_NO_THINKING)
        told: Body = {"includeThoughts": True} if request.thinking_tokens else {}
        if request.effort and levels:
            told["thinkingLevel"] = request.effort.upper()
        elif request.effort:
            told["thinkingBudget"] = _BUDGETS[request.effort]
        return told

    def unthinking(self, body: Body) -> Body | None:
        limits = body["generationConfig"]
        if limits.get("thinkingConfig") == _NO_THINKING:
            return None
        return {**body, "generationConfig": {**limits, "thinkingConfig": dict(_NO_THINKING)}}

    def lighten(self, body: Body, refusal: str) -> bool:
        """Older models take no pictures in answers to calls, Gemma no instructions of their own; and Gemini 3
        wants a signature even on calls that are not its own.
        """
        said = refusal.lower()
        if "function_response.parts" in said:
            return show_after(body["contents"])
        if "thought_signature" in said:
            return sign(body["contents"])
        if "developer instruction" in said and "systemInstruction" in body:
            instruct_first(body["contents"], body.pop("systemInstruction")["parts"])
            return True
        return lighten(body, refusal, {"tools": TOOLS}) or lighten(
            body["generationConfig"], refusal, _OPTIONAL
        )

    def read_ahead(self, body: Body) -> None:
        """It keeps what it has read by itself, and nothing is read without an answer."""

    def unstreamed(self, body: Body) -> Body:
        """What it wrote and was no call, it writes anew."""
        return _Whole(body)

    def reply(self, server: Server, *, tools: bool = False) -> GeminiReply:
        return GeminiReply(server, tools=tools)


@dataclass(slots=True)
class _Streamed(CallBegun):
    """A call whose arguments come piece by piece."""

    part: dict[str, Any] = field(default_factory=dict)
    """What goes back, and gets the arguments when they are whole."""
    pieces: PartialArguments = field(default_factory=PartialArguments)
    ended: bool = False

    def whole(self) -> ToolCall:
        """One that was not ended, or that nobody can read, is not to be run."""
        readable = self.ended and not self.pieces.broken
        written = json.dumps(self.pieces.value)
        self.arguments = written if readable else written[:-1]
        self.part["functionCall"]["args"] = self.pieces.value if readable else {}
        return CallBegun.whole(self)


class GeminiReply(JsonReply):
    """See ``JsonReply``. There is no last event: an answer has ended when it has given its reason, which some
    models do with every event, and the connection ends.
    """

    api = Gemini.name
    lingers_s = 2.0

    def __init__(self, server: Server, *, tools: bool = False) -> None:
        super().__init__(server, tools=tools)
        self._parts: list[dict[str, Any]] = []
        """What the model sent, thoughts and signatures and all."""
        self._streamed: _Streamed | None = None

    def is_answer(self, chunk: dict[str, Any]) -> bool:
        return "candidates" in chunk or "promptFeedback" in chunk

    def bodies(self, body: str) -> list[str]:
        """Without ``alt=sse`` it is a list of them."""
        try:
            answers = read_json(body)
        except ValueError:
            return [body]
        return [json.dumps(answer) for answer in answers] if isinstance(answers, list) else [body]

    def take(self, name: str, chunk: dict[str, Any]) -> None:
        if usage := as_dict(chunk.get("usageMetadata")):
            self._count(usage)
        candidates = as_list(chunk.get("candidates"))
        candidate = as_dict(candidates[0]) if candidates else {}
        for part in as_list(as_dict(candidate.get("content")).get("parts")):
            self._take(as_dict(part))
        reason = as_text(candidate.get("finishReason"))
        if not candidates and as_dict(chunk.get("promptFeedback")).get("blockReason"):
            self.finish = "content_filter"
        elif reason not in _UNFINISHED:
            self._finish(reason, as_text(candidate.get("finishMessage")))

    def kept(self) -> Any:
        return {"parts": _joined(self._parts)}

    def _count(self, usage: dict[str, Any]) -> None:
        """The counts are of the whole answer so far: the last ones hold."""
        out = [as_count(usage.get(name)) for name in ("candidatesTokenCount", "thoughtsTokenCount")]
        self.tokens_in = as_count(usage.get("promptTokenCount"))
        self.tokens_out = sum(count or 0 for count in out) if out != [None, None] else None
        self.tokens_cached = as_count(usage.get("cachedContentTokenCount"))
        self.tokens_thinking = out[1]
        self.thought = self.thought or bool(out[1])

    def _finish(self, reason: str, message: str) -> None:
        if reason not in _FINISH:
            raise self.server.stream_error(message or reason, said=self.said)
        self.finish = _FINISH[reason]

    def _take(self, part: dict[str, Any]) -> None:
        if signature := part.get("thoughtSignature"):
            self._bound(as_text(signature))
        if "functionCall" in part:
            self._call(part, as_dict(part["functionCall"]))
            return
        self._parts.append(part)
        if len(self._parts) > _MOST_PARTS:
            raise self.server.endless(said=self.said)
        text = part.get("text")
        if not isinstance(text, str):
            self._bound(json.dumps(part))
        elif part.get("thought"):
            self.think(text)
        else:
            self.say(text)

    def _call(self, part: dict[str, Any], call: dict[str, Any]) -> None:
        """One with a name begins; one without goes on with the last, and an empty one ends it."""
        if name := as_text(call.get("name")):
            begun = self.call(None, as_text(call.get("id")) or f"call_{uuid.uuid4().hex[:12]}", name)
            part = {**part, "functionCall": {key: call[key] for key in call.keys() - _PIECES}}
            self._parts.append(part)
            if "partialArgs" not in call and not call.get("willContinue"):
                self._streamed = None
                self._give_arguments(begun, part, call.get("args") or {})
                return
            self._streamed = self.calls[-1] = _Streamed(None, begun.id, name, part=part)
        if self._streamed:
            self._go_on(self._streamed, part, call)

    def _go_on(self, streamed: _Streamed, part: dict[str, Any], call: dict[str, Any]) -> None:
        if signature := part.get("thoughtSignature"):
            streamed.part["thoughtSignature"] = signature
        for piece in as_list(call.get("partialArgs")):
            self._bound(json.dumps(piece))
            streamed.pieces.add(as_dict(piece))
        if not call.get("willContinue"):
            streamed.ended = True
            self._streamed = None

    def _give_arguments(self, call: CallBegun, part: dict[str, Any], arguments: Any) -> None:
        self.add_arguments(call, json.dumps(arguments))
        part["functionCall"]["args"] = arguments if isinstance(arguments, dict) else {}


def _joined(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Texts that follow each other are one, as long as none of them is signed."""
    joined: list[dict[str, Any]] = []
    for key, group in groupby(parts, _mergeable):
        together = list(group)
        if key is None:
            joined += together
        else:
            joined.append({**together[0], "text": "".join(part["text"] for part in together)})
    return joined


def _mergeable(part: dict[str, Any]) -> bool | None:
    """Whether it is a thought; None: it stays by itself."""
    plain = part.keys() <= {"text", "thought"} and isinstance(part.get("text"), str)
    return bool(part.get("thought")) if plain else None
