"""Every known way in which a server departs from its documents, over a real socket and by its number."""

from __future__ import annotations

from typing import Any

import pytest

from config.errors import LlmError
from pipeline.llm.base import Delta, Message, ToolSpec
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from tests.pipeline.llm.deviations.corpus import DEVIATIONS, Deviation
from tests.pipeline.llm.deviations.neighbours import NEIGHBOURS
from tests.tables import for_each

TOOLS = (ToolSpec("clock", "tells the time"), ToolSpec("timer", "sets a timer"))


@pytest.mark.anyio
@pytest.mark.parametrize("deviation", [*DEVIATIONS, *NEIGHBOURS], ids=str)
async def test_what_comes_of(deviation: Deviation, wire: Any) -> None:
    left = list(deviation.sent)

    async def respond(request: Any, stream: Any) -> bytes:
        return left.pop(0) if len(left) > 1 else left[0]

    said, calls, error = "", [], LlmError("")
    asked = [*deviation.history, Message("user", "Hello.")]
    async with wire.serve(respond) as served:
        server = Server("the server", served.base_url, "m")
        llm = HttpLlm(server, wire.options_with(), spec="test", api=deviation.api)
        try:
            async with llm.reply(asked, TOOLS if deviation.tools else ()) as deltas:
                async for delta in deltas:
                    said += delta.text
                    calls += [delta.call] if delta.call else []
        except LlmError as failed:
            error = failed
        finally:
            await llm.aclose()
    assert (said, error.failed or "") == (deviation.said, error.failed if deviation.error else "")
    assert deviation.error in error.failed
    assert deviation.todo in error.todo
    assert [(call.name, call.arguments, call.malformed) for call in calls] == [
        (name, arguments, "") for name, arguments in deviation.calls
    ]
    assert len({call.id for call in calls}) == len(calls)
    assert len(served.requests) == deviation.requests
    assert deviation.asked(served.requests[-1].body)


def read(deviation: Deviation, *pieces: bytes) -> Any:
    """What is told, is called, and how it ends; ids that are made here differ."""
    reply = deviation.api.reply(Server("the server", "http://127.0.0.1:1/v1", "m"), tools=deviation.tools)
    deltas: list[Delta] = []
    try:
        for piece in pieces:
            deltas += reply.push(piece)
        deltas += reply.end()
        end = deltas[-1].finish
    except LlmError as error:
        end = error.failed
    calls = [(delta.call.name, delta.call.arguments) for delta in deltas if delta.call]
    return "".join(delta.text for delta in deltas), calls, end


@for_each("deviation", [*DEVIATIONS, *NEIGHBOURS])
def test_it_is_the_same_byte_by_byte(deviation: Deviation) -> None:
    for answer in deviation.sent:
        head, _, body = answer.partition(b"\r\n\r\n")
        if b"Content-Length" not in head:
            assert read(deviation, *(body[n : n + 1] for n in range(len(body)))) == read(deviation, body)
