"""One kept-alive HTTP client for one model server; whatever goes wrong on the way is a ``LlmError``."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import anyio

from config.errors import LlmError
from config.runtime.clock import busy
from config.runtime.lazy_httpx import has_hung_up, is_untrusted, make_client
from config.settings.model import LlmSettings
from pipeline.llm.listing import entries, fetch
from pipeline.llm.server import Server

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

AFTER_END_S = 0.25
"""How long the token counts, and the connection's proper end, may take after the last word."""
LONGEST_RETRY_AFTER_S = 3600.0
LONGEST_BODY = 1_000_000
"""Bytes of an answer that does not stream, and of an error."""


class Connection:
    """Every wait for the network is ``busy``, and nothing else is: see ``config.runtime.clock``.

    Raises ``LlmError`` for a server elsewhere where the environment's proxy or certificates cannot be used.
    """

    def __init__(self, server: Server, llm_settings: LlmSettings, headers: Mapping[str, str]) -> None:
        import httpx

        self._server = server
        self._llm_settings = llm_settings

        def make() -> httpx.AsyncClient:
            return httpx.AsyncClient(
                # What is compressed a thousandfold takes memory and time that nobody has bounded.
                headers={"Accept-Encoding": "identity", **headers},
                timeout=httpx.Timeout(llm_settings.timeout_s, connect=llm_settings.connect_s),
                limits=httpx.Limits(max_connections=8, keepalive_expiry=90),
                # What is for this machine must not go through a proxy; and an answer is never fetched
                # elsewhere.
                trust_env=not server.is_local,
                verify=not server.base_url.startswith("http://"),
                follow_redirects=False,
            )

        self.client = make() if server.is_local else make_client(make, LlmError)

    async def models(self) -> tuple[str, ...]:
        """What the server lists; () when it lists nothing in time. Never raises."""
        listing: Any = None
        with busy(), anyio.move_on_after(self._llm_settings.connect_s * 2):
            listing = await fetch(self.client, "GET", f"{self._server.base_url}/models")
        return tuple(entry["id"] for entry in entries(listing))

    async def post(self, url: str, body: dict[str, Any]) -> httpx.Response:
        """A response of any status, its body still to come. One try."""
        import httpx

        try:
            began = anyio.current_time()
            with busy(), anyio.fail_after(self._llm_settings.timeout_s):
                request = self._request(url, body)
                response = await self.client.send(request, stream=True)
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                await let_go(response)
                raise self._server.malformed_response("something compressed")
            took_s = anyio.current_time() - began
            _log.info("%s answered %d after %.2f s", self._server.host, response.status_code, took_s)
            return response
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout) as error:
            if is_untrusted(error):
                raise self._server.untrusted() from None
            raise self._server.unreachable() from None
        except (TimeoutError, httpx.TimeoutException):
            raise self._server.timeout(self._llm_settings.timeout_s, said=False) from None
        except httpx.InvalidURL:  # of a place to which it would send us on
            raise self._server.malformed_response("an address that is none") from None
        except httpx.RemoteProtocolError as error:
            if has_hung_up(error):
                raise self._server.cut_off(said=False) from None
            raise self._server.malformed_response("something that is not HTTP") from None
        except httpx.HTTPError:
            raise self._server.cut_off(said=False) from None

    def _request(self, url: str, body: dict[str, Any]) -> httpx.Request:
        """Raises ``LlmError`` for what cannot be written as one."""
        import httpx

        try:
            return self.client.build_request("POST", url, json=body)
        except (ValueError, RecursionError, httpx.InvalidURL):
            raise self._server.unwritable() from None

    async def next(
        self, chunks: AsyncIterator[bytes], *, said: bool, within_s: float | None = None
    ) -> bytes | None:
        """None at the end of the stream. ``within_s``: the answer is there, so that nothing which fails
        matters, and no more is waited than so long.
        """
        import httpx

        try:
            with busy():
                if within_s is None:
                    return await anext(chunks, None)
                with anyio.move_on_after(within_s):
                    return await anext(chunks, None)
                return None
        except httpx.HTTPError as error:
            if within_s is not None:
                return None
            if isinstance(error, httpx.TimeoutException):
                raise self._server.timeout(self._llm_settings.timeout_s, said=said) from None
            if isinstance(error, httpx.RemoteProtocolError) and not has_hung_up(error):
                raise self._server.malformed_response("something that is not HTTP", said=said) from None
            raise self._server.cut_off(said=said) from None

    async def read(self, response: httpx.Response) -> str:
        """A whole body that is not a stream; of an error that has no end, its beginning."""
        import httpx

        data = bytearray()
        try:
            with busy(), anyio.fail_after(self._llm_settings.timeout_s):
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > LONGEST_BODY and response.status_code == 200:
                        raise self._server.endless(said=False)
                    if len(data) > LONGEST_BODY:
                        break
        except (TimeoutError, httpx.TimeoutException):
            raise self._server.timeout(self._llm_settings.timeout_s, said=False) from None
        except httpx.HTTPError:
            raise self._server.cut_off(said=False) from None
        return data.decode("utf-8", "replace")

    async def aclose(self) -> None:
        with anyio.move_on_after(1, shield=True):
            await self.client.aclose()


class Opened:
    """A response, or the one that was asked for in its stead, while its body is read."""

    def __init__(self, response: httpx.Response) -> None:
        self.begin(response)

    def begin(self, response: httpx.Response) -> None:
        self.response = response
        self.chunks = response.aiter_bytes()

    async def let_go(self) -> None:
        await let_go(self.response, self.chunks)


async def let_go(response: httpx.Response, chunks: AsyncIterator[bytes] | None = None) -> None:
    """Closes the connection if the body has not been read to its end: the server stops generating.

    httpx's generators are nested and close each other only when they are collected. So the socket is closed
    first and the outermost run to its end, which it then meets at once: all of them are left in order.
    """
    import httpx

    with anyio.move_on_after(1, shield=True):
        if not response.is_closed and chunks is not None:
            await response.extensions["network_stream"].aclose()
            with suppress(httpx.HTTPError, httpx.StreamError):  # the second: it was read as a whole
                async for _ in chunks:
                    pass
        await response.aclose()


def retry_after_s(response: httpx.Response) -> float:
    """Seconds; 0 when it is absent or in words of its own; infinite where it is over an hour, or no time that
    could be waited for.
    """
    told = response.headers.get("retry-after", "")
    try:
        asked_s = float(told)
    except ValueError:
        asked_s = _seconds_until(told)
    return asked_s if 0 <= asked_s <= LONGEST_RETRY_AFTER_S else math.inf


def _seconds_until(date: str) -> float:
    """0 for what is no date."""
    try:
        return parsedate_to_datetime(date).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return 0.0
