"""A model that thinks for long: who waits to hear it is told so, once, and it is no part of the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio

from pipeline import events
from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec

ANSWER = "It is blue, since the air scatters what is blue the most."


class Thinker:
    """Thinks twice for too long, and then answers."""

    spec, remote_host, image_limits = "thinker", "", None
    capabilities = Capabilities()

    def __init__(self) -> None:
        self.asked: list[Sequence[Message]] = []

    async def warm(self) -> None:
        """It is."""

    async def aclose(self) -> None:
        """Nothing is open."""

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        self.asked.append(messages)
        yield self._deltas()

    async def _deltas(self) -> AsyncIterator[Delta]:
        for _ in range(2):
            await anyio.sleep(4)
            yield Delta(waits=True)
        yield Delta(ANSWER)
        yield Delta(finish="stop", tokens_in=30, tokens_out=90, tokens_cached=20, tokens_thinking=80)


def test_who_waits_is_told_once_and_the_answer_is_the_answer(scene: Any) -> None:
    play = scene({})
    play.llm = Thinker()
    play.person.says(1.0, 2.0, "Why is the sky blue?").says(18.0, 19.0, "And at night?")
    play.play()
    first = [event.text.strip() for event in play.of(events.Speaking) if event.turn == 0]
    assert (first[0], " ".join(first[1:])) == ("One moment.", ANSWER)
    assert next(event.heard for event in play.of(events.Spoke)) == ANSWER
    assert [message.text for message in play.llm.asked[1]][-3:] == [
        "Why is the sky blue?",
        ANSWER,
        "And at night?",
    ]
    done = play.of(events.TurnDone)[0]
    assert (done.tokens_in, done.tokens_cached, done.tokens_out, done.tokens_thinking) == (30, 20, 90, 80)
