"""Each call's result, found for the API that wants every call answered at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.llm.base import Message

NOT_RUN = Message("tool", "Interrupted: this was not run.")
"""For a call without a result: OpenAI, Anthropic and Gemini refuse every later request that has one."""


def with_results(messages: Sequence[Message]) -> list[tuple[Message, Mapping[str, Message]]]:
    """Every message but the tools', with the results that stand right behind it, by the id of their call."""
    paired: list[tuple[Message, dict[str, Message]]] = []
    for message in messages:
        if message.role != "tool":
            paired.append((message, {}))
        elif paired:
            paired[-1][1][message.tool_call_id] = message
    return [*paired]
