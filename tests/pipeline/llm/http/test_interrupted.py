"""An answer is left at each of its events: the connection is closed there and then, on whichever wire."""

from __future__ import annotations

from typing import Any

import anyio
import anyio.lowlevel
import pytest

from bench.conversation.wire_streams import APIS, MODEL, STREAMS, content_type, events
from pipeline.llm.apis.base import Api
from pipeline.llm.base import Message, ToolSpec
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server

pytestmark = pytest.mark.anyio


class Waiting:
    """Sends some events of an answer, and no byte more; then it is told when the connection ends."""

    def __init__(self, api: Api) -> None:
        self._head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {content_type(api)}\r\nConnection: close\r\n\r\n".encode()
        )
        self.sends: list[bytes] | None = []
        """None: not even the headers."""
        self.asked, self.left = anyio.Event(), anyio.Event()

    async def __call__(self, request: Any, stream: Any) -> bytes:
        if self.sends is not None:
            await stream.send(b"".join([self._head, *self.sends]))
        self.asked.set()
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()
        self.left.set()
        return b""


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
async def test_the_connection_is_closed_without_waiting_for_another_byte(api: Api, wire: Any) -> None:
    server = Waiting(api)
    async with wire.serve(server) as served:
        named = Server("the server", served.base_url, MODEL)
        llm: Any = HttpLlm(named, wire.options_with(), spec="test", api=api)
        for kind in STREAMS[api.name]:
            sent = events(api, kind)[:-1]
            for count in range(-1, len(sent) + 1):
                server.sends = sent[:count] if count >= 0 else None
                server.asked, server.left = anyio.Event(), anyio.Event()
                async with anyio.create_task_group() as group:
                    group.start_soon(listen, llm)
                    await server.asked.wait()
                    for _ in range(10):  # until all that was sent has been read
                        await anyio.lowlevel.checkpoint()
                    group.cancel_scope.cancel()
                with anyio.fail_after(2):
                    await server.left.wait()
        assert not llm._connection.client._transport._pool.connections
        await llm.aclose()
    assert (
        served.connections == len(served.requests) == sum(len(events(api, k)) + 1 for k in STREAMS[api.name])
    )


async def listen(llm: HttpLlm) -> None:
    async with llm.reply([Message("user", "Hello.")], [ToolSpec("clock", "tells the time")]) as deltas:
        async for _ in deltas:
            pass
