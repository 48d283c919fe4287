"""An answer is left at each of its events: the connection is closed there and then, on whichever wire."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from bench.conversation.wire_streams import APIS, MODEL, STREAMS, content_type, events
from pipeline.events import Speaking
from pipeline.llm.apis.base import Api
from pipeline.llm.base import Message, ToolSpec
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from pipeline.session.run import run_async
from tests.conversations.conftest import Person, Scene
from tests.pipeline.llm.apis.rules import check_request
from voice.stt.events import SpeechEvent


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


@pytest.mark.anyio
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
                with anyio.fail_after(10):
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


QUESTIONS = ("Tell me a story.", "Who was Bach?")


class Interrupter(Person):
    """Speaks again 1.3 s after the answer began to sound, however long the machine took for that."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene

    async def heard(self) -> AsyncIterator[SpeechEvent]:
        begun = anyio.current_time()
        for asked in QUESTIONS:
            now = anyio.current_time() - begun
            for at, item in Person().says(now, now + 0.3, asked).script:
                await anyio.sleep_until(begun + at)
                yield item
            while not self._scene.of(Speaking):  # noqa: ASYNC110
                await anyio.sleep(0.02)
            await anyio.sleep(1.3)


class OnTheWire(Scene):
    """With a model on a real socket, which still writes its first answer when it is interrupted."""

    def __init__(self, api: Api, wire: Any) -> None:
        super().__init__({})
        self.api, self._wire = api, wire
        self.bodies: list[Any] = []
        self.closed = anyio.Event()
        self.person = Interrupter(self)

    async def _play(self) -> None:
        async with self._wire.serve(self._respond) as served:
            named = Server("the server", served.base_url, MODEL)
            llm: Any = HttpLlm(named, self._wire.options_with(), spec="test", api=self.api)
            self.llm = llm
            await super()._play()
            await llm.aclose()

    async def _respond(self, request: Any, stream: Any) -> bytes:
        if request.body is None:
            return b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n"
        if not any(question in json.dumps(request.body) for question in QUESTIONS[len(self.bodies) :]):
            check_request(self.api, request.body)  # what the next question follows is read ahead
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        self.bodies.append(request.body)
        sent = events(self.api, "answer")
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {content_type(self.api)}\r\nConnection: close\r\n\r\n".encode()
        )
        if len(self.bodies) > 1:
            return head + b"".join(sent)
        said = next(n for n, event in enumerate(sent) if b"noon" in event)
        await stream.send(head + b"".join(sent[: said + 1]).replace(b" noon", b" noon" * 20))
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()
        self.closed.set()
        return b""


def test_in_a_conversation_history_has_what_was_heard_and_the_next_request_is_taken(
    wire: Any, work_takes_time: None
) -> None:
    scenes = [OnTheWire(api, wire) for api in APIS]

    async def together() -> None:
        async with anyio.create_task_group() as group:
            for scene in scenes:
                group.start_soon(scene._play)

    run_async(together, fast=True)
    for scene in scenes:
        assert scene.closed.is_set()
        first, second = scene.bodies
        check_request(scene.api, first)
        check_request(scene.api, second)
        heard = scene.history.exchanges[0].heard
        assert heard.startswith("It is noon")
        assert heard.count("noon") < 20
        told = json.dumps(second)
        assert heard in told
        assert f"{heard} noon" not in told
        assert "Who was Bach?" in told
