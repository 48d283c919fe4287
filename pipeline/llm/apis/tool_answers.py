"""Every call has its answer, right behind it and in order: else servers refuse all that follows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pipeline.llm.base import Message

NOT_RUN = "not run"
"""What a model is told of a call that nobody answered: the person spoke before it could be made."""


def with_answers(messages: Sequence[Message]) -> list[Message]:
    """The ``messages``, each call followed by one answer. What answers no call is left out."""
    told: list[Message] = []
    for place, message in enumerate(messages):
        if message.role == "tool":
            continue
        told.append(message)
        if message.calls:
            following = takewhile(lambda m: m.role == "tool", messages[place + 1 :])
            answers = {answer.tool_call_id: answer for answer in following}
            told += [
                answers.get(call.id) or Message("tool", NOT_RUN, tool_call_id=call.id)
                for call in message.calls
            ]
    return told
