"""Every call has its result: else servers refuse all that follows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.llm.base import Message

NOT_RUN = "Interrupted: this was not run."
"""What a model is told of a call that nobody answered: the person spoke before it could be made."""


def not_run(call_id: str) -> Message:
    return Message("tool", NOT_RUN, tool_call_id=call_id)


def with_results(messages: Sequence[Message]) -> list[tuple[Message, Mapping[str, Message]]]:
    """Every message but the tools', with the results that stand right behind it, by the id of their call."""
    paired: list[tuple[Message, dict[str, Message]]] = []
    for message in messages:
        if message.role != "tool":
            paired.append((message, {}))
        elif paired:
            paired[-1][1][message.tool_call_id] = message
    return [*paired]


def in_order(messages: Sequence[Message]) -> list[Message]:
    """The ``messages``, each call's result behind it, in order; one of no call is left out."""
    told: list[Message] = []
    for message, results in with_results(messages):
        told += [message, *(results.get(call.id) or not_run(call.id) for call in message.calls)]
    return told
