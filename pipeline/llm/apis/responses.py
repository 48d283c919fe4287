"""Responses, as OpenAI made it and llama.cpp, vLLM, LM Studio, Ollama and OpenRouter speak it too."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipeline.llm.apis.base import Body, Request, bearer
from pipeline.llm.apis.events import Event
from pipeline.llm.apis.lighten import OPTIONAL, lighten
from pipeline.llm.apis.reply import MOST_PARTS, JsonReply, as_count, as_dict, as_int, as_list, as_text
from pipeline.llm.apis.response_items import Item, arguments_of, ids_of, named_in, restored, text_of
from pipeline.llm.apis.responses_request import (
    encode_input,
    encode_instructions,
    encode_tools,
    show_behind,
)
from pipeline.llm.base import Delta
from pipeline.llm.server import Server

_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "include": ("encrypted_content", "encrypted content", "'include'", '"include"', "`include`", "include["),
    "reasoning": ("reasoning.effort", "reasoning", "value: 'none'"),
    "prompt_cache_key": ("prompt_cache_key",),
    **OPTIONAL,
}
"""``store`` is not among them: without it the server would keep what was said."""
_LEAST = re.compile("'(minimal|low)'")
"""What a model may be asked that thinks whatever it is asked."""
_MOST_IDS = 8
"""Of one item: gateways call it by another one in every event."""
_TEXT_ONLY = "output of tool call should be"
"""llama.cpp, until it took pictures there."""
_FINISH = {"content_filter": "content_filter", "steered": "stop"}
"""Of what is incomplete; anything else: it was too long."""


class Responses:
    """Implements ``pipeline.llm.apis.base.Api``."""

    name = "Responses"
    describes = False

    def url(self, base_url: str, body: Body) -> str:
        return f"{base_url}/responses"

    def headers(self, key: str) -> dict[str, str]:
        return bearer(key)

    def body(self, request: Request) -> Body:
        """Nothing is stored: what the model thought comes encrypted, and goes back with its calls."""
        body: Body = {
            "model": request.model,
            "input": encode_input(request, self.name),
            "stream": True,
            "store": False,
            "include": ["reasoning.encrypted_content"],
            "temperature": request.temperature,
            "max_output_tokens": request.most_tokens,
        }
        if effort := request.effort if request.thinks else "none":
            body["reasoning"] = {"effort": effort}
        if request.cache_key:
            body["prompt_cache_key"] = request.cache_key
        if instructions := encode_instructions(request.messages):
            body["instructions"] = instructions
        if request.tools:
            body["tools"] = encode_tools(request.tools)
        return body

    def lighten(self, body: Body, refusal: str) -> bool:
        if _TEXT_ONLY in refusal.lower():
            return show_behind(body["input"])
        if "'none'" in refusal and "reasoning" in body and (least := _LEAST.search(refusal)):
            body["reasoning"] = {"effort": least[1]}
            return True
        return lighten(body, refusal, _OPTIONAL)

    def unthinking(self, body: Body) -> Body | None:
        told = {"effort": "none"}
        return None if body.get("reasoning") == told else {**body, "reasoning": told}

    def read_ahead(self, body: Body) -> Body:
        """One token is written where none can be asked for."""
        return {**self.unstreamed(body), "max_output_tokens": 1}

    def unstreamed(self, body: Body) -> Body:
        return {name: value for name, value in body.items() if name != "stream"}

    def reply(self, server: Server, *, tools: bool = False) -> ResponsesReply:
        return ResponsesReply(server, tools=tools)


class ResponsesReply(JsonReply):
    """See ``JsonReply``. An item that is done has the last word over the pieces in which it came."""

    api = Responses.name

    def __init__(self, server: Server, *, tools: bool = False) -> None:
        super().__init__(server, tools=tools)
        self._items: list[Item] = []
        self._speaking: Item | None = None

    def _event(self, event: Event) -> None:
        if event.data.strip() == "[DONE]":  # of gateways
            self.done = True
        else:
            super()._event(event)

    def is_answer(self, chunk: dict[str, Any]) -> bool:
        return isinstance(chunk.get("output"), list)

    def take(self, name: str, chunk: dict[str, Any]) -> None:
        kind = chunk.get("type")
        match kind if isinstance(kind, str) else name:
            case "response.output_text.delta" | "response.refusal.delta":
                self._say_of(self._spoken(chunk), as_text(chunk.get("delta")))
            case "response.output_text.done" | "response.refusal.done":
                self._say_unsaid(self._spoken(chunk), chunk)
            case "response.function_call_arguments.delta":
                self._add(self._item("function_call", *named_in(chunk)), chunk.get("delta"))
            case "response.function_call_arguments.done":
                self._replace(self._item("function_call", *named_in(chunk)), chunk.get("arguments"))
            case "response.reasoning_text.delta" | "response.reasoning_summary_text.delta":
                self.think(as_text(chunk.get("delta")))
            case "response.output_item.added":
                self._begin(as_dict(chunk.get("item")), as_int(chunk.get("output_index")))
            case "response.output_item.done":
                self._finish(as_dict(chunk.get("item")), as_int(chunk.get("output_index")))
            case "response.completed" | "response.incomplete" | "response.failed" as last:
                self._end(as_dict(chunk.get("response")), last.removeprefix("response."))
            case "response.done":  # of gateways
                whole = as_dict(chunk.get("response"))
                self._end(whole, as_text(whole.get("status")))
            case "error":
                raise self.server.stream_error(chunk, said=self.said)
            case "keepalive" | "ping":
                self.events -= 1  # a sign of the connection's life, not of the model's
            case _:
                if self.is_answer(chunk):
                    self._end(chunk, as_text(chunk.get("status")))

    def end(self) -> list[Delta]:
        if self.finish in ("length", "content_filter"):
            # A call that the model did not come to finish is none: it may have wanted to say more.
            self._items = [item for item in self._items if item.whole or not item.call]
            self.calls = [item.call for item in self._items if item.call]
        return super().end()

    def kept(self) -> Any:
        """All of the output, in order."""
        items = [restored(item) for item in self._items]
        return [item for item in items if item] or None

    def _end(self, response: Body, status: str) -> None:
        self._catch_up(list(map(as_dict, as_list(response.get("output")))))
        if usage := as_dict(response.get("usage")):
            self.tokens_in = as_count(usage.get("input_tokens"))
            self.tokens_out = as_count(usage.get("output_tokens"))
            self.tokens_cached = as_count(as_dict(usage.get("input_tokens_details")).get("cached_tokens"))
            details = as_dict(usage.get("output_tokens_details"))
            self.tokens_thinking = as_count(details.get("reasoning_tokens"))
        if status == "failed":
            raise self.server.stream_error(response.get("error") or "", said=self.said)
        reason = as_text(as_dict(response.get("incomplete_details")).get("reason"))
        self.finish = _FINISH.get(reason, "length") if status == "incomplete" else "stop"
        self.done = True

    def _catch_up(self, output: list[Body]) -> None:
        """The whole output comes once more at the end, from some servers only there."""
        seen: Counter[str] = Counter()
        for sent in output:
            kind = as_text(sent.get("type"))
            alike = [item for item in self._items if item.kind == kind]
            by_id = next((item for item in alike if item.ids & ids_of(sent)), None)
            in_turn = alike[seen[kind]] if seen[kind] < len(alike) else None
            self._complete(by_id or in_turn or self._new(kind, ids_of(sent), None), sent)
            seen[kind] += 1

    def _begin(self, sent: Body, place: int | None) -> None:
        kind, ids = as_text(sent.get("type")), ids_of(sent)
        item = self._known(kind, ids, place)
        if item is None or item.whole:
            item = self._new(kind, ids, place)
        self.thought = self.thought or kind == "reasoning"
        self._name(item, sent)
        self._add(item, sent.get("arguments"))

    def _finish(self, sent: Body, place: int | None) -> None:
        self._complete(self._item(as_text(sent.get("type")), ids_of(sent), place), sent)

    def _complete(self, item: Item, sent: Body) -> None:
        if item.whole:
            return
        item.whole = sent
        self._name(item, sent)
        self._replace(item, sent.get("arguments"))
        self.thought = self.thought or item.kind == "reasoning"
        said, whole = "".join(item.said), text_of(sent)
        if item.kind == "message" and whole.startswith(said):
            self._say_of(item, whole[len(said) :])

    def _say_unsaid(self, item: Item, part: Body) -> None:
        """Of a server that sends no pieces."""
        if not item.said:
            self._say_of(item, as_text(part.get("text")) or as_text(part.get("refusal")))

    def _spoken(self, chunk: Body) -> Item:
        if self._speaking and as_text(chunk.get("item_id")) in self._speaking.ids:
            return self._speaking
        return self._item("message", *named_in(chunk))

    def _item(self, kind: str, ids: set[str], place: int | None) -> Item:
        """The one that an event is about; a new one where nothing had begun it."""
        item = self._known(kind, ids, place) or self._open(kind, ids, place) or self._new(kind, ids, place)
        if len(item.ids) < _MOST_IDS:
            item.ids |= ids
        return item

    def _known(self, kind: str, ids: set[str], place: int | None) -> Item | None:
        alike = [item for item in reversed(self._items) if item.kind == kind]
        by_id = next((item for item in alike if item.ids & ids), None)
        return by_id or next((item for item in alike if place is not None and item.place == place), None)

    def _open(self, kind: str, ids: set[str], place: int | None) -> Item | None:
        """The last one that is not done, where one of the two has no id, and one no place."""
        last = next((item for item in reversed(self._items) if item.kind == kind and not item.whole), None)
        unnamed = last and not (ids and last.ids) and None in (place, last.place)
        return last if unnamed else None

    def _new(self, kind: str, ids: set[str], place: int | None) -> Item:
        if len(self._items) >= MOST_PARTS:
            raise self.server.endless(said=self.said)
        item = Item(kind, set(ids), place)
        if kind == "function_call":
            item.call = self.call(place, f"call_{uuid.uuid4().hex[:12]}")
        self._items.append(item)
        return item

    def _name(self, item: Item, sent: Body) -> None:
        if item.call:
            item.call.id = as_text(sent.get("call_id")) or as_text(sent.get("id")) or item.call.id
            item.call.name = as_text(sent.get("name")) or item.call.name

    def _add(self, item: Item, arguments: object) -> None:
        if item.call:
            self.add_arguments(item.call, arguments_of(arguments))

    def _replace(self, item: Item, arguments: object) -> None:
        if item.call and (whole := arguments_of(arguments)):
            item.call.arguments = whole

    def _say_of(self, item: Item, text: str) -> None:
        """A message, such as a comment before the answer, ends its line where another one follows."""
        if not text:
            return
        if self._speaking is not item:
            self.say("\n" if self._speaking else "")
            self._speaking = item
        item.said.append(text)
        self.say(text)
