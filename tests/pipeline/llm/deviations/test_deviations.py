"""Every known way in which a server departs from its documents, over a real socket and by its number."""

from __future__ import annotations

from typing import Any

import pytest

from config.errors import LlmError
from pipeline.llm.base import Message, ToolSpec
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from tests.pipeline.llm.deviations.corpus import DEVIATIONS, Deviation
from tests.pipeline.llm.deviations.neighbours import NEIGHBOURS

pytestmark = pytest.mark.anyio
TOOLS = (ToolSpec("clock", "tells the time"), ToolSpec("timer", "sets a timer"))


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
