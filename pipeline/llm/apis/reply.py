"""What replies have in common: events are read, text is cleaned, calls are whole at the end."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from config.errors import LlmError
from config.runtime.clean import EMPTY, Cleaner, CleanText
from config.runtime.json_values import DEEPEST_ARGUMENTS, is_deeper, read_json
from pipeline.llm.apis.events import Event, JsonLines, LongLineError, SseEvents
from pipeline.llm.apis.sendable import sendable
from pipeline.llm.apis.thinking_tags import ThinkingTags
from pipeline.llm.base import Delta, Opaque, ToolCall
from pipeline.llm.error_body import error_message
from pipeline.llm.server import Server

MOST_CALLS = 64
MOST_TOKENS = 10**9
MOST_PARTS = 1000
"""Of one answer, where it comes in parts."""
MOST_TEXT = 400_000
"""Characters of one answer, of its thinking and of its calls' arguments, each: a book's tenth part."""

MOST_COME = 2 * MOST_TEXT
"""With the thinking that a server left in the text."""
_CALL = re.compile(r"<tool_call>\s{0,20}\{")
_CALL_BEGUN = re.compile("|".join("<tool_call>"[:n] for n in range(1, 11)) + r"|<tool_call>\s{0,20}")
"""As Hermes and Qwen were trained to write one, and what may become it."""
_STREAM = re.compile("\ufeff?(data|event)?:")
"""How a stream begins that its server does not call one."""


@dataclass(slots=True)
class CallBegun:
    """A call while its fragments come. ``index``: where the server says that it stands; None: it does not."""

    index: int | None
    id: str
    name: str = ""
    arguments: str = ""
    extra: Any = None
    """What the server wants back with it."""

    def whole(self) -> ToolCall:
        arguments = sendable(decoded_arguments(self.arguments))
        if arguments is None:
            return ToolCall(self.id, self.name, {}, malformed=self.arguments)
        return ToolCall(self.id, self.name, arguments)


def decoded_arguments(text: str) -> dict[str, Any] | None:
    """None where it is no object, or nested too deeply. One that was sent twice (vLLM), or whose first brace
    was, is one, and so is one that was written in JSON twice over.
    """
    for candidate in (text or "{}", text[1:] if text.startswith("{{") else ""):
        try:
            value, end = _DECODER.raw_decode(candidate.strip())
        except (ValueError, RecursionError):
            continue
        if is_deeper(value, DEEPEST_ARGUMENTS):
            return None
        rest, once = candidate.strip()[end:].strip(), candidate.strip()[:end]
        if isinstance(value, str) and value.startswith("{") and not rest:
            return decoded_arguments(value)
        if isinstance(value, dict) and not rest.replace(once, "").strip():
            return value
    return None


_DECODER = json.JSONDecoder()


class JsonReply:
    """Implements ``pipeline.llm.apis.base.Reply`` but for ``take``, which reads one event of an API.

    Tool calls are given whole, at the end; the last delta has ``finish``, the tokens and what is ``opaque``.
    """

    api = ""
    lingers_s = 0.25

    def __init__(
        self, server: Server, *, tools: bool = False, lines: SseEvents | JsonLines | None = None
    ) -> None:
        self.finish = ""
        self.done = False
        self.said = False
        self.events = 0
        self.thought = False
        """The model has been thinking, whatever it said."""
        self.calls: list[CallBegun] = []
        self.tokens_in: int | None = None
        self.tokens_out: int | None = None
        self.tokens_cached: int | None = None
        """Of ``tokens_in``: those that the server had read before."""
        self.tokens_thinking: int | None = None
        """Of ``tokens_out``: those that nobody was told."""
        self.id = ""
        self.reads = False
        self.length = 0
        self._come = 0
        """Characters of text, thinking and white space in it included."""
        self.server = server
        self._tools = tools
        self._lines = lines or SseEvents()
        self._tags = ThinkingTags()
        self._cleaner = Cleaner()
        self._held = EMPTY
        """The end of what was said: a call may begin with it."""
        self._out: list[Delta] = []
        self._failed: LlmError | None = None

    @property
    def thinking(self) -> bool:
        thought = self.thought or self._tags.thought
        return thought and not (self.said or self.calls or self.finish)

    def push(self, data: bytes) -> list[Delta]:
        try:
            return self._read(self._lines.push(data))
        except LongLineError:
            raise self.server.malformed_response("a line without an end", said=self.said) from None

    def push_whole(self, body: str) -> list[Delta]:
        start = body.lstrip()[:1]
        if start == "<":
            raise self.server.malformed_response("a web page")
        if _STREAM.match(body):
            return self.push(body.encode())
        bodies = self.bodies(body) if start and start in "{[" else []
        first = self.decode(bodies[0]) if bodies else {}
        if not self.is_answer(first):
            if error_message(first):
                raise self.server.stream_error(first, said=False)
            raise self.server.malformed_response("something else")
        deltas = self._read([Event("", whole) for whole in bodies])
        self.done = True
        return deltas

    def end(self) -> list[Delta]:
        deltas = [] if self.done else self._read(list(takewhile(_is_whole, self._lines.flush())))
        if self._failed:
            raise self._failed
        if not self.events and not self.done and self._lines.strange:
            raise self.server.malformed_response("nothing that could be read")
        if not self.finish and not self.done:
            raise self.server.cut_off(said=self.said)
        self._out = deltas
        self._give(self._held + self._tags.push(self._cleaner.flush()) + self._tags.flush())
        calls = [Delta(call=call.whole()) for call in self.calls]
        finish = "tool_calls" if calls else self.finish or "stop"
        if finish == "tool_calls" and not calls:
            raise self.server.no_call(said=self.said)
        if not self.said and not calls:
            thought = self.thought or self._tags.thought
            raise self.server.empty(finish=finish, thought=thought, tools=self._tools)
        last = Delta(
            finish=finish,
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            tokens_cached=self.tokens_cached,
            tokens_thinking=self.tokens_thinking,
            opaque=self._opaque() if calls else None,
        )
        return [*deltas, *calls, last]

    # For each API ------------------------------------------------------------------------------------

    def take(self, name: str, chunk: dict[str, Any]) -> None:
        """One event. ``name``: of its ``event:`` line, "" where there was none."""
        raise NotImplementedError

    def is_answer(self, chunk: dict[str, Any]) -> bool:
        """Whether a body that did not stream is a model's answer."""
        raise NotImplementedError

    def bodies(self, body: str) -> list[str]:
        """Of a body that did not stream: the answers in it, where an API may send several."""
        return [body]

    def kept(self) -> Any:
        """What the server wants back, unread, with this message; None: nothing."""
        return None

    def say(self, text: str) -> None:
        """What the model says; thinking that a server left in the text is taken out."""
        if text:
            self._come += len(text)
            if self._come > MOST_COME:
                raise self.server.endless(said=self.said)
            said = self._tags.push(self._cleaner.push(text))
            self._give(self._without_call(said) if self._tools else said)

    def think(self, text: str) -> None:
        """What the model thinks is not said."""
        self.thought = True
        self._bound(text)

    def call(self, index: int | None, id: str, name: str = "") -> CallBegun:
        """A new one."""
        if len(self.calls) >= MOST_CALLS:
            raise self.server.too_many_calls(said=self.said)
        begun = CallBegun(index, id, name)
        self.calls.append(begun)
        return begun

    def add_arguments(self, call: CallBegun, text: str) -> None:
        self._bound(text)
        call.arguments += text

    def decode(self, data: str) -> dict[str, Any]:
        """Raises ``LlmError`` for what is no object, and for one that tells of an error."""
        try:
            chunk = read_json(data)
        except ValueError:
            chunk = None
        if isinstance(chunk, list) and chunk:
            chunk = chunk[0]  # Gemini wraps an error so, and an answer that did not stream.
        if not isinstance(chunk, dict):
            raise self.server.malformed_response("something garbled", said=self.said)
        if error := chunk.get("error"):
            raise self.server.stream_error(error, said=self.said)
        return chunk

    def _event(self, event: Event) -> None:
        chunk = self.decode(event.data)
        self.events += 1
        if event.name == "error" or chunk.get("object") == "error":
            raise self.server.stream_error(chunk, said=self.said)
        self.take(event.name, chunk)

    # -------------------------------------------------------------------------------------------------

    def _read(self, events: list[Event]) -> list[Delta]:
        out = self._out = []
        for event in events:
            if self.done:
                break
            try:
                self._event(event)
            except LlmError as error:
                if not out:
                    raise
                self._failed, self.done = error, True  # once what came before it has been said
        return out

    def _give(self, text: CleanText) -> None:
        """Blanks before the first word are nothing said: whoever waits for that word waits on."""
        self._bound(text)
        text = text if self.said else text.lstrip()
        if text:
            self.said = True
            self._out.append(Delta(text))

    def _without_call(self, text: CleanText) -> CleanText:
        """Of a call that the server should have read nothing is said. Raises ``LostCallError``."""
        text = self._held + text
        begun = text.rfind("<")
        self._held = text[begun:] if begun >= 0 and _CALL_BEGUN.fullmatch(text, begun) else EMPTY
        if call := _CALL.search(text):
            self._give(text[: call.start()])
            raise self.server.unread_call(said=self.said)
        return text.removesuffix(self._held) if self._held else text

    def _bound(self, text: str) -> None:
        self.length += len(text)
        if self.length > MOST_TEXT:
            raise self.server.endless(said=self.said)

    def _opaque(self) -> Opaque | None:
        kept = sendable(self.kept())
        return None if kept is None else Opaque(self.api, self.server.model, kept)


def _is_whole(event: Event) -> bool:
    """Whether the connection did not end in the middle of it."""
    if event.data.startswith(("{", "[")) and event.data.strip() != "[DONE]":
        try:
            json.loads(event.data)
        except RecursionError:
            return True
        except ValueError:
            return False
    return True


def as_dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def as_int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_count(value: object) -> int | None:
    """Of tokens; None where nobody can have counted so many."""
    count = as_int(value)
    return count if count is not None and 0 <= count <= MOST_TOKENS else None


def as_text(value: object) -> str:
    """Text as such or, as Mistral sends it, in parts of which only those of type ``text`` are spoken."""
    if isinstance(value, list):
        texts = (part.get("text") for part in map(as_dict, value) if part.get("type") == "text")
        return "".join(text for text in texts if isinstance(text, str))
    return value if isinstance(value, str) else ""
