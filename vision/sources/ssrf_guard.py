"""HTTP over connections that go only where they may: a name is looked up, judged, and that is connected to.

It imports httpx: import it where an address is really fetched (``vision.sources.url``).
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Any

import anyio
import httpcore
import httpx

from config.errors import PictureError, RefusedError
from config.runtime.hosts import is_public
from config.runtime.lazy_httpx import make_client
from vision.images.names import shown_name

FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
    UnicodeError,
)
"""What may go wrong on the way, by whichever layer notices it."""


class SsrfGuard(httpcore.AsyncNetworkBackend):
    """Connects to the very addresses that were judged, so that a second look-up cannot give others."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._outside = False
        """Somebody outside was asked, who may send on; but never to the inside."""
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError(f"no address of {host}")
        for address in await addresses(host, port, private=self._private, sent_from_outside=self._outside):
            self._outside = self._outside or is_public(address)
            try:
                return await self._plain.connect_tcp(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("only over the network")

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


async def addresses(host: str, port: int, *, private: bool, sent_from_outside: bool = False) -> list[str]:
    """Where a name leads. Raises ``RefusedError`` when any of it is inside, unless ``private``, which counts
    for what a person names and not for where an address outside sends on to.
    """
    try:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpcore.ConnectError(f"no host {host}") from None
    ips = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(map(is_public, ips)) and (sent_from_outside or not private):
        raise _inside(shown_name(host), sent_from_outside)
    return ips


def _inside(host: str, sent_from_outside: bool) -> RefusedError:
    if sent_from_outside:
        return RefusedError(
            f"A page outside sends on to {host}, which is on this machine or its network; it was not asked."
        )
    return RefusedError(
        f"{host} is on this machine or its network, and was not asked.",
        todo="If you mean it: --allow-private-addresses",
    )


class Transport(httpx.AsyncBaseTransport):
    """Raises ``PictureError`` where the environment's certificates cannot be used."""

    def __init__(self, backend: SsrfGuard, *, connect_s: float, idle_s: float) -> None:
        context = make_client(ssl.create_default_context, PictureError, proxies=False)
        self._pool = httpcore.AsyncConnectionPool(ssl_context=context, network_backend=backend)
        self._timeout = {"connect": connect_s, "read": idle_s, "write": idle_s, "pool": idle_s}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(
            request.method, target, headers=request.headers.raw, extensions={"timeout": self._timeout}
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=GuardedStream(answer))

    async def aclose(self) -> None:
        await self._pool.aclose()


class GuardedStream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()
