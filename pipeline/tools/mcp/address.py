"""A server at an address: spoken with over streamable HTTP, of whose answers none is without a bound."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator
from typing import TYPE_CHECKING, Any

from config.errors import EngineError
from config.runtime.lazy_httpx import make_client
from config.settings.mcp import McpServer
from pipeline.tools.mcp.errors import ServerError
from pipeline.tools.mcp.framing import LONGEST, Lines, Overlong
from pipeline.tools.mcp.program import filled_in

if TYPE_CHECKING:
    import httpx2

_CONNECT_S = 5.0


def http_client(server: McpServer) -> httpx2.AsyncClient:
    """Its headers go to its own origin alone: nothing is fetched elsewhere.

    Raises ``ServerError`` for a variable that is not set, ``EngineError`` for the environment's proxy or
    certificates.
    """
    import httpx2

    headers = {"Accept-Encoding": "identity", **filled_in(server.headers)}
    if odd := [name for name, value in headers.items() if not (value.isprintable() and value.isascii())]:
        raise ServerError(f"what stands for {odd[0]} in the environment is no header of HTTP")

    def make() -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers=headers,
            timeout=httpx2.Timeout(None, connect=_CONNECT_S, pool=_CONNECT_S),  # each call has its own bound
            limits=httpx2.Limits(max_connections=32),
            trust_env=server.is_elsewhere,
            verify=server.url.startswith("https://"),
            follow_redirects=False,
            event_hooks={"response": [_bound]},
        )

    return make_client(make, EngineError) if server.is_elsewhere else make()


async def _bound(response: httpx2.Response) -> None:
    """Raises ``ServerError`` where it wants another key, ``httpx2.DecodingError`` for what is compressed: a
    thousandfold, maybe.
    """
    import httpx2

    if response.status_code in (401, 403):
        raise ServerError(
            f"it wants a key in its headers, or another one (it answered {response.status_code})"
        )
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise httpx2.DecodingError(
            "It answered compressed, which was not asked for", request=response.request
        )
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    streams = response.headers.get("content-type", "").lower().startswith("text/event-stream")
    kind = _events if streams else _body
    response.stream = _bounded_stream(response.stream, kind(response.stream, _number(response.request)))


def _bounded_stream(whole: httpx2.AsyncByteStream, part: AsyncIterator[bytes]) -> httpx2.AsyncByteStream:
    import httpx2

    class BoundedStream(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for chunk in part:
                yield chunk

        async def aclose(self) -> None:
            await whole.aclose()

    return BoundedStream()


async def _body(stream: AsyncIterable[bytes], number: bytes) -> AsyncIterator[bytes]:
    """All of it, or what is said in its place."""
    parts, size = list[bytes](), 0
    async for chunk in stream:
        parts.append(chunk)
        size += len(chunk)
        if size > LONGEST:
            yield Overlong(b"".join(parts), b"").shortened(number)
            return
    yield b"".join(parts)


async def _events(stream: AsyncIterable[bytes], number: bytes) -> AsyncIterator[bytes]:
    """Line by line; of an event that is too long, what is said in its place, and nothing after it."""
    lines = Lines()
    async for chunk in stream:
        for line in lines.feed(chunk):
            if not isinstance(line, Overlong):
                yield line + b"\n"
        if long := lines.overflow:
            head = long.head.removeprefix(b"data:")
            yield b"data: " + Overlong(head, long.tail).shortened(number) + b"\n\n"
            return


def _number(request: httpx2.Request) -> bytes:
    """Of the question that a request asks, as JSON; empty where it asks none."""
    try:
        asked: Any = json.loads(request.content)
    except (ValueError, RuntimeError):
        return b""
    return json.dumps(asked["id"]).encode() if isinstance(asked, dict) and "id" in asked else b""
