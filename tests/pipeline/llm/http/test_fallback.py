"""A server that fails in any of these ways before its first word is answered for by another."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from anyio.abc import SocketStream

from config.errors import LlmError
from pipeline.llm.base import Llm, Message, ToolSpec
from pipeline.llm.candidate import Candidate
from pipeline.llm.fallback import Answer, FallbackLlm

pytestmark = pytest.mark.anyio

HEARD = "It is noon."


async def question(_: Llm) -> tuple[list[Message], list[ToolSpec]]:
    return [Message("user", "What time is it?")], []


def faults(wire: Any) -> dict[str, bytes | None]:
    """By name what a server sends; None: nothing, and it keeps the line open."""
    error = wire.event(error={"message": "overloaded", "type": "server_error"})
    return {
        "no headers": None,
        "key": wire.http(401, {"error": {"message": "no such key"}}),
        "quota": wire.http(429, {"error": {"code": "insufficient_quota", "message": "none left"}}),
        "busy": wire.http(429, {"error": {"message": "later"}}, retry_after="30"),
        "not there": wire.http(404, {"error": {"message": "no such model"}}),
        "no server": wire.http(200, "<html>Welcome!</html>", kind="text/html"),
        "cut off": wire.sse,
        "error in the stream": wire.sse + error,
        "too long": wire.http(400, {"error": {"message": "maximum context length exceeded"}}),
        "empty": wire.say(""),
        "filtered": wire.say(finish="content_filter"),
    }


ITS_OWN = {"too long", "empty", "filtered"}
"""Of the question, and not of the server."""


async def opened(llm: Llm) -> Candidate:
    async def opens() -> Llm:
        return llm

    candidate = Candidate(llm.spec, opens)
    assert await candidate.find() is None
    return candidate


async def test_whatever_fails_before_the_first_word(wire: Any) -> None:
    sends: bytes | None = None

    async def ill(_: Any, stream: SocketStream) -> bytes:
        if sends is None:
            await stream.receive()  # until it is left
        return sends or b""

    async def well(*_: Any) -> bytes:
        return bytes(wire.say(HEARD))

    async with wire.serve(ill) as bad, wire.serve(well) as good:
        for name, fault in faults(wire).items():
            sends = fault
            async with wire.llm_at(bad.base_url) as one, wire.llm_at(good.base_url) as other:
                pair = FallbackLlm(await opened(one), await opened(other), after_s=0.2)
                with anyio.fail_after(4):
                    async with pair.answering(question) as answer:
                        assert answer.by is other, name
                        assert wire.text_of([delta async for delta in answer.deltas]) == HEARD, name
                assert pair.circuit.open != (name in ITS_OWN), name
                assert not one._connection.client._transport._pool.connections or name != "no headers"
    assert bad.hung_up.is_set()


async def test_what_fails_after_it_is_told_and_the_next_question_goes_to_the_other(wire: Any) -> None:
    async def ill(*_: Any) -> bytes:
        return bytes(wire.sse + wire.event({"content": "It is "}))

    async def well(*_: Any) -> bytes:
        return bytes(wire.say(HEARD))

    async with (
        wire.serve(ill) as bad,
        wire.serve(well) as good,
        wire.llm_at(bad.base_url) as one,
        wire.llm_at(good.base_url) as other,
    ):
        pair = FallbackLlm(await opened(one), await opened(other))
        heard = []

        async def listen(answer: Answer) -> None:
            async for delta in answer.deltas:
                heard.append(delta.text)

        async with pair.answering(question) as answer:
            with pytest.raises(LlmError, match="in the middle of the answer"):
                await listen(answer)
        assert heard == ["It is "]
        assert not good.requests
        async with pair.answering(question) as answer:
            await listen(answer)
        assert "".join(heard) == f"It is {HEARD}"
        assert (answer.instead_of, answer.for_now) == (pair.first, True)
