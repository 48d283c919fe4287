"""A call that a model writes into its answer is taken out of it; whatever else it writes is told. Pure."""

from __future__ import annotations

import json
import uuid
from typing import Any

from config.runtime.clean import EMPTY, CleanText, joined
from config.runtime.json_values import DEEPEST_ARGUMENTS, is_deeper
from pipeline.llm.apis.reply import decoded_arguments
from pipeline.llm.apis.sendable import sendable
from pipeline.llm.base import ToolCall

OPENING, CLOSING = "<tool_call>", "</tool_call>"
"""As Hermes, Qwen, SmolLM and others were trained to write it."""
RESULT, RESULT_END = "<tool_response>", "</tool_response>"
"""And to be given what came of it."""
LONGEST_CALL = 20_000
"""Letters."""
LONGEST_GAP = 20
"""Letters of white space before the mark, and between it and the call."""
_CODE = "```"


class CallReader:
    """``push`` what the model writes, get what is to be told; ``end`` once it has ended.

    A call begins a line with ``<tool_call>`` and an object. The mark in mid-sentence, in code, or before
    anything else is text. ``calls`` are there as soon as they are whole; what follows is nobody's.
    """

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []
        self._line = ""
        """Its beginning, as far as it may matter."""
        self._may_call = True
        """Nothing but white space stands on this line."""
        self._in_code = False
        self._held = EMPTY
        """May become a mark, and is not told yet."""
        self._json = _JsonText()

    def push(self, text: CleanText) -> CleanText:
        told = []
        for letter in text:
            if self.calls:
                break
            told.append(self._take(letter))
        return joined(told)

    def end(self) -> CleanText:
        """The rest of the text. A call that has no end is given as one that could not be read."""
        if self._json.text and not self.calls:
            self.calls = [_unreadable(self._json.text)]
        held, self._held = self._held, EMPTY
        return EMPTY if self.calls else held

    def _take(self, letter: CleanText) -> CleanText:
        if self._json.text:
            return self._take_call(letter)
        if not self._may_call:
            return self._tell(letter)
        self._held += letter
        begun = self._held.lstrip(" \t")
        if OPENING.startswith(begun) and len(self._held) <= LONGEST_GAP + len(OPENING):
            return EMPTY
        if begun.startswith(OPENING):
            first = begun[len(OPENING) :].lstrip()
            if not first and len(begun) < len(OPENING) + LONGEST_GAP:
                return EMPTY
            if first and first in "{[":
                self._held = EMPTY
                return self._take_call(first)
        held, self._held = self._held, EMPTY
        return joined(self._tell(letter) for letter in held)

    def _take_call(self, letter: CleanText) -> CleanText:
        self._json.push(letter)
        if self._json.is_whole:
            self.calls = read_calls(self._json.text)
        elif self._json.is_broken:
            self.calls = [_unreadable(self._json.text)]
        return EMPTY

    def _tell(self, letter: CleanText) -> CleanText:
        if letter == "\n":
            self._in_code ^= self._line.startswith(_CODE)
            self._line, self._may_call = "", not self._in_code
        else:
            self._line = (self._line + letter).lstrip()[: len(_CODE)]
            self._may_call = self._may_call and letter in " \t"
        return letter


class _JsonText:
    """Of an object or a list, a letter at a time, where it ends."""

    def __init__(self) -> None:
        self.text = ""
        self._depth = 0
        self._in_string = self._escaped = False

    @property
    def is_whole(self) -> bool:
        return bool(self.text) and self._depth == 0

    @property
    def is_broken(self) -> bool:
        """The model thinks that it is done, or will never be."""
        closed = not self._in_string and self.text.endswith(CLOSING)
        return closed or len(self.text) > LONGEST_CALL

    def push(self, letter: str) -> None:
        self.text += letter
        if self._escaped:
            self._escaped = False
        elif self._in_string:
            self._escaped, self._in_string = letter == "\\", letter != '"'
        elif letter == '"':
            self._in_string = True
        elif letter in "{[":
            self._depth += 1
        elif letter in "}]":
            self._depth -= 1


def read_calls(text: str) -> list[ToolCall]:
    """At least one: what is no call was meant as one."""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return [_unreadable(text)]
    calls = value if isinstance(value, list) else [value]
    return [_call(call, text) for call in calls] or [_unreadable(text)]


def _call(value: Any, text: str) -> ToolCall:
    """Llama calls the arguments ``parameters``, and some write them as a string."""
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return _unreadable(text)
    arguments = value.get("arguments", value.get("parameters", {}))
    if isinstance(arguments, str):
        arguments = decoded_arguments(arguments)
    if not isinstance(arguments, dict) or is_deeper(arguments, DEEPEST_ARGUMENTS):
        return _unreadable(text, sendable(value["name"]))
    return ToolCall(_id(), sendable(value["name"]), sendable(arguments))


def _unreadable(text: str, name: str = "") -> ToolCall:
    return ToolCall(_id(), name, {}, malformed=text)


def _id() -> str:
    return f"call_{uuid.uuid4().hex[:12]}"
