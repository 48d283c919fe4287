"""What stands between a server and the ``mcp`` package, over either way to reach one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import anyio

from config.runtime.clock import in_thread
from config.settings.mcp import McpServer
from pipeline.tools.mcp.program import StandardError, run_program

if TYPE_CHECKING:
    from mcp.client import Transport
    from mcp.shared.message import SessionMessage


_HEEDED = frozenset({"notifications/tools/list_changed", "notifications/cancelled", "notifications/progress"})


class _ReadStream(Protocol):
    async def receive(self) -> SessionMessage | Exception: ...

    async def aclose(self) -> None: ...


def transport(server: McpServer, told: StandardError, closed: anyio.Event) -> Transport:
    """To ``server``; ``closed`` is set when it says no more. Entering raises ``ServerError``."""
    return _address(server, closed) if server.url else _program(server, told, closed)


@asynccontextmanager
async def _program(server: McpServer, told: StandardError, closed: anyio.Event) -> AsyncIterator[Any]:
    async with run_program(server, told) as (read, write):
        yield Watched(read, closed), write


@asynccontextmanager
async def _address(server: McpServer, closed: anyio.Event) -> AsyncIterator[Any]:
    from mcp.client.streamable_http import streamable_http_client

    from pipeline.tools.mcp.address import http_client

    client = await in_thread(http_client, server)
    async with client, streamable_http_client(server.url, http_client=client) as (read, write):
        yield Watched(read, closed), write


class Watched:
    """A server's messages, without its chatter and without what they say of the form of results.

    The package holds results against that form on the event loop, with patterns that the server chooses, and
    one that is made for it takes for ever. Nothing here relies on it.
    """

    def __init__(self, stream: _ReadStream, closed: anyio.Event) -> None:
        self._stream = stream
        self._closed = closed

    async def receive(self) -> SessionMessage | Exception:
        while True:
            try:
                message = await self._stream.receive()
            except (anyio.EndOfStream, anyio.ClosedResourceError):
                self._closed.set()
                raise
            if not _is_chatter(message):
                return _without_forms(message)

    async def aclose(self) -> None:
        self._closed.set()
        await self._stream.aclose()

    def close(self) -> None:
        self._closed.set()

    def __aiter__(self) -> Watched:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Watched:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _is_chatter(message: SessionMessage | Exception) -> bool:
    """What nobody here heeds: a server that sends a million of them costs nothing but their reading."""
    inner = getattr(message, "message", None)
    method = getattr(inner, "method", None)
    return method is not None and not hasattr(inner, "id") and method not in _HEEDED


def _without_forms(message: SessionMessage | Exception) -> SessionMessage | Exception:
    result = getattr(getattr(message, "message", None), "result", None)
    tools = result.get("tools") if isinstance(result, dict) else None
    for tool in tools if isinstance(tools, list) else ():
        if isinstance(tool, dict):
            tool.pop("outputSchema", None)
    return message
