"""A model server that misbehaves as scripted, on a real socket; and a llama.cpp that sees nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream

from config.settings.model import LlmSettings, VisionSettings
from pipeline.llm.base import Delta, Message
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from pipeline.llm.wire import LlmOptions


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


Respond = Callable[[Request, SocketStream], Awaitable[bytes]]
"""What is sent for a request; whatever it wrote to the stream itself has gone before."""


@dataclass
class Scripted:
    base_url: str
    port: int
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    hung_up: anyio.Event = field(default_factory=anyio.Event)

    @property
    def asked(self) -> list[Any]:
        """The bodies of the chats."""
        return [request.body for request in self.requests if request.path.endswith("/chat/completions")]


async def _read_request(stream: SocketStream, buffer: bytearray) -> Request:
    while b"\r\n\r\n" not in buffer:
        buffer += await stream.receive()
    head, _, rest = bytes(buffer).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", 0))
    while len(rest) < length:
        rest += await stream.receive()
    buffer[:] = rest[length:]
    method, path, _ = first.split()
    return Request(method, path, headers, json.loads(rest[:length]) if length else None)


@asynccontextmanager
async def serve(respond: Respond) -> AsyncIterator[Scripted]:
    async def talk(stream: SocketStream) -> None:
        scripted.connections += 1
        buffer = bytearray()
        async with stream:
            try:
                while True:
                    request = await _read_request(stream, buffer)
                    scripted.requests.append(request)
                    answer = await respond(request, stream)
                    await stream.send(answer)
                    if b"connection: close" in answer.lower() or b"content-length" not in answer.lower():
                        return
            except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
                scripted.hung_up.set()

    async with (
        await anyio.create_tcp_listener(local_host="127.0.0.1") as listener,
        anyio.create_task_group() as group,
    ):
        port = listener.extra(SocketAttribute.local_port)
        scripted = Scripted(f"http://127.0.0.1:{port}/v1", port)
        group.start_soon(listener.serve, talk)
        yield scripted
        group.cancel_scope.cancel()


def http(status: int, body: object, *, kind: str = "application/json", **headers: str) -> bytes:
    content = (
        body
        if isinstance(body, bytes)
        else body.encode()
        if isinstance(body, str)
        else json.dumps(body).encode()
    )
    lines = [f"HTTP/1.1 {status} x", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


SSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


def event(delta: object = None, *, finish: str | None = None, **more: Any) -> bytes:
    chunk = {"choices": [{"index": 0, "delta": delta or {}, "finish_reason": finish}], **more}
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


def say(*texts: str, finish: str | None = "stop", done: bool = True) -> bytes:
    events = b"".join(event({"content": text}) for text in texts)
    return SSE + events + (event(finish=finish) if finish else b"") + (b"data: [DONE]\n\n" if done else b"")


def options_with(**llm: Any) -> LlmOptions:
    return LlmOptions(LlmSettings(**{"temperature": 0.0, "timeout_s": 5.0, **llm}), VisionSettings())


@asynccontextmanager
async def llm_at(base_url: str, *, key: str = "", **llm_settings: Any) -> AsyncIterator[HttpLlm]:
    server = Server(
        "the model server at test", base_url, "llm-micro", key=key, key_env="TEST_KEY" if key else ""
    )
    llm = HttpLlm(server, options_with(**llm_settings), spec=f"{base_url}#llm-micro")
    try:
        yield llm
    finally:
        await llm.aclose()


async def ask(llm: HttpLlm, *messages: Message | str, **more: Any) -> list[Delta]:
    asked = [Message("user", message) if isinstance(message, str) else message for message in messages]
    async with llm.reply(asked, **more) as deltas:
        return [delta async for delta in deltas]


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


@dataclass(frozen=True)
class Tools:
    """What the tests here share: tests are no package, so they get it as a fixture."""

    serve: Callable[[Respond], AbstractAsyncContextManager[Scripted]] = serve
    llm_at: Callable[..., AbstractAsyncContextManager[HttpLlm]] = llm_at
    ask: Callable[..., Awaitable[list[Delta]]] = ask
    http: Callable[..., bytes] = http
    event: Callable[..., bytes] = event
    say: Callable[..., bytes] = say
    sse: bytes = SSE
    text_of: Callable[[list[Delta]], str] = text_of
    options_with: Callable[..., LlmOptions] = options_with


@pytest.fixture
def wire() -> Tools:
    return Tools()


@pytest.fixture(scope="session")
def blind_llama(models: Path, serve_llama: Callable[..., Any]) -> Iterator[str]:
    """The same model without its eyes."""
    server = serve_llama(models / "llm-micro", sees=False)
    yield f"{server.listening_address}/v1"
    del server
