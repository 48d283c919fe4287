"""What of a conversation fits into a model's context: the oldest turns are left out, before it is sent.

Else the server refuses, or cuts the beginning off without a word, and the instructions stand there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil

from pipeline.llm.base import Message, ToolSpec
from pipeline.llm.bridges.call_reader import RESULT
from pipeline.llm.server import TooLongError
from vision.images.picture import Picture

_LETTER, _TWO_BYTES, _THREE_BYTES, _FOUR_BYTES = 0.25, 0.5, 1.0, 2.0
"""Tokens a character, by its bytes: English has four letters to a token; Russian, Greek and Arabic two; a
Chinese or Japanese one is mostly a token, an emoji two or three. What the server counts corrects it.
"""
_A_MESSAGE = 5
"""Tokens of who speaks, and where it ends."""
_A_PICTURE, _PIXELS_A_TOKEN = 1000, 750
"""At most; Anthropic's 750 pixels a token, about those of others that cut a picture into patches of 28."""
_SMALLEST_COUNT = 200
"""Tokens: of fewer the template is too much."""
_STEPS = 4
"""What is left out goes in quarters of the context: so most turns begin as the last did, and a server that
keeps what it has read does not read it again."""
_LESS = 0.8
"""Of what a server has refused so much is tried next, where it does not say what it takes."""
_SMALLEST_CONTEXT = 512
_TWO = re.compile("[\u0080-\u07ff]")
_FOUR = re.compile("[\U00010000-\U0010ffff]")


class ContextWindow:
    """Of a model, shared by its conversations: its context as far as it is known, and how it counts."""

    def __init__(self) -> None:
        self._factor = 1.0
        """Tokens that the server counts, to one of ours."""
        self._limit: int | None = None
        """Learnt from what it has refused."""
        self._told: int | None = None
        """Of it, what the server itself has said."""

    def fitted(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], context: int | None, answer: int
    ) -> Sequence[Message]:
        """As much of them as fits beside an ``answer`` of so many tokens; ``context`` None: nobody said."""
        known = [limit for limit in (context, self._limit) if limit]
        if not known:
            return messages
        room = _room(min(known), answer)
        over = self._tokens(messages, tools) - room
        return _without(messages, _in_steps(over, room / _STEPS), self._of) if over > 0 else messages

    def longest_answer(self, context: int | None, most: int) -> int:
        """In tokens, at ``most``. A server that counts it as part of the context may refuse a long one."""
        told = [limit for limit in (context, self._told) if limit]
        return _beside(min(told), most) if told else most

    def shorter(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], refusal: TooLongError, answer: int
    ) -> Sequence[Message] | None:
        """Of what was just refused; None: there is nothing in it that could be left out."""
        tokens = self._tokens(messages, tools)
        if refusal.tokens or (refusal.context and tokens < refusal.context):
            self._learn((refusal.tokens or refusal.context or tokens) / tokens)
            tokens = self._tokens(messages, tools)
        self._told = refusal.context or self._told
        limit = refusal.context or max(_SMALLEST_CONTEXT, int(tokens * _LESS))
        self._limit = min(self._limit or limit, limit)
        room = _room(self._limit, answer)
        left = _without(messages, _in_steps(max(1.0, tokens - room), room / _STEPS), self._of)
        return left if len(left) < len(messages) else None

    def counted(self, messages: Sequence[Message], tools: Sequence[ToolSpec], tokens: int) -> None:
        """The server has counted ``tokens``. Pictures are another matter for each model."""
        if tokens >= _SMALLEST_COUNT and not any(message.pictures for message in messages):
            self._learn((1 + tokens / self._tokens(messages, tools)) / 2)

    def _learn(self, times: float) -> None:
        self._factor = min(4.0, max(0.5, self._factor * times))

    def _tokens(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> float:
        return sum(map(self._of, messages)) + self._factor * sum(map(_tool, tools))

    def _of(self, message: Message) -> float:
        return self._factor * tokens_of(message)


def _room(context: int, answer: int) -> float:
    """For what is asked: most servers count the answer among the context."""
    return context - _beside(context, answer)


def _beside(context: int, answer: int) -> int:
    """So much of an answer is reckoned with."""
    return min(answer, context // 2)


def _without(messages: Sequence[Message], tokens: float, of: Callable[[Message], float]) -> list[Message]:
    """Turns that have at least so many ``tokens`` are left out, the oldest first. The last one stays in any
    case, and so do the instructions; and what was sent with a turn for those that follow it.
    """
    turns = turns_of(messages)
    gone: list[Message] = []
    number = 0
    while tokens > 0 and number < len(turns) - 1:
        tokens -= sum(of(replace(m, text=m.text[len(m.note) :], pictures=())) for m in turns[number])
        gone += turns[number]
        number += 1
    left_out = {*map(id, gone)}
    left = [message for message in messages if id(message) not in left_out]
    first = turns[number][0] if gone else None
    return [_behind(gone, message) if message is first else message for message in left]


def _behind(gone: Sequence[Message], first: Message) -> Message:
    """``first`` with their note, and with their pictures: it may be asked about both."""
    pictures = tuple(picture for message in gone for picture in message.pictures)
    note = next((message.note for message in gone if message.note), "")
    if not note and not pictures:
        return first
    text = f"{note} {first.text}" if note else first.text
    return replace(first, text=text, pictures=pictures + first.pictures, note=note or first.note)


def turns_of(messages: Sequence[Message]) -> list[list[Message]]:
    """Each begins with what a person said, and has the calls that were made for it with their results."""
    turns: list[list[Message]] = []
    for message in messages:
        if message.role == "system":
            continue
        begins = message.role == "user" and not message.text.startswith(RESULT)
        if begins or not turns:
            turns.append([])
        turns[-1].append(message)
    return turns


def tokens_of(message: Message) -> float:
    calls = sum(_text(call.name) + _text(_json(call.arguments)) for call in message.calls)
    return _A_MESSAGE + _text(message.text) + calls + sum(map(_picture, message.pictures))


def _text(text: str) -> float:
    if text.isascii():
        return len(text) * _LETTER
    two, four = len(_TWO.findall(text)), len(_FOUR.findall(text))
    ascii = len(text.encode("ascii", "ignore"))
    three = len(text) - ascii - two - four
    return ascii * _LETTER + two * _TWO_BYTES + three * _THREE_BYTES + four * _FOUR_BYTES


def _picture(picture: Picture) -> float:
    width, height = picture.image.size
    return min(_A_PICTURE, 85 + width * height / _PIXELS_A_TOKEN)


def _tool(tool: ToolSpec) -> float:
    return 10 + _text(tool.name) + _text(tool.description) + _text(_json(tool.parameters))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _in_steps(tokens: float, step: float) -> float:
    return ceil(tokens / step) * step
