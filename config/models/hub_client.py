"""Asking the hub, which may be anybody, over HTTP: each wait, each length and each way on has its bound.

Redirects are followed by hand: over http and https alone, never from https to http, never from the internet
into this machine or its network, and without the token anywhere but at the hub (``HubAddress.headers``).
Nothing that comes is unpacked. A timeout counts silence, and a byte now and then is none: so a watch closes
the connection of who takes longer than is good. Blocking.
"""

from __future__ import annotations

import contextlib
import logging
import math
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from config.errors import ModelError
from config.models.hub_address import HubAddress, Origin, origin_of_url
from config.runtime.hosts import is_public
from config.runtime.lazy_httpx import (
    certificates,
    has_hung_up,
    import_httpx,
    is_untrusted,
    make_client,
    through,
)

if TYPE_CHECKING:
    import httpx

CONNECT_S = 2.5
"""Seconds until a hub that does not answer counts as out of reach."""
REDIRECTS = 5
LONGEST_ADDRESS = 8192
"""Characters: those of storage are signed, and take some thousand."""
_SENDS_ON = frozenset({301, 302, 303, 307, 308})
_log = logging.getLogger(__name__)


class NotReachedError(Exception):
    """Nobody answers. ``str()``: why, as the end of a sentence, or empty."""


class BrokenError(Exception):
    """The connection ended or fell silent. ``str()``: how, as the end of a sentence."""


class WrongAnswerError(Exception):
    """What came cannot be used. ``str()``: why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    _response: httpx.Response
    _watch: _Watch

    def chunks(self, within_s: float, at_least: int) -> Iterator[bytes]:
        """The body. ``at_least`` bytes come each ``within_s``, or the connection is closed.

        Raises ``BrokenError``, ``WrongAnswerError``.
        """
        if self.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
            raise WrongAnswerError("it comes packed in a way that was not asked for")
        came = 0
        with _told(self._watch), self._watch.within(within_s):
            for chunk in self._response.iter_raw():
                yield chunk
                came += len(chunk)
                if came >= at_least:
                    came = 0
                    self._watch.renew(within_s)

    def read(self, most: int, within_s: float) -> bytes:
        """All of it, no more than so many bytes and seconds. Raises as ``chunks``."""
        read = bytearray()
        for chunk in self.chunks(within_s, most + 1):
            read += chunk
            if len(read) > most:
                raise WrongAnswerError(f"it is longer than {most // 1_000_000} MB")
        return bytes(read)


class HubClient:
    """``timeout``: seconds of silence, and until an answer has begun."""

    def __init__(self, client: httpx.Client, address: HubAddress, timeout: float) -> None:
        self.address = address
        self._client = client
        self._timeout = timeout
        self._watch = _Watch()

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[Answer]:
        """An answer of any status that does not send on; its body is still to come.

        Raises ``NotReachedError``, ``BrokenError``, ``WrongAnswerError``, ``ModelError`` for a bad token.
        """
        origin = _plain(url)
        for _ in range(REDIRECTS + 1):
            response = self._ask(url, origin, headers or {})
            try:
                if response.status_code not in _SENDS_ON:
                    yield Answer(response.status_code, response.headers, response, self._watch)
                    return
                url, origin = _next(response, url, origin)
            finally:
                with _told(self._watch):
                    response.close()
        raise WrongAnswerError("it sends on and on to other addresses")

    def _ask(self, url: str, origin: Origin, headers: Mapping[str, str]) -> httpx.Response:
        self._client.cookies.clear()
        self._watch.outward = origin != self.address.origin and not through(url)
        own, more = {**headers, **self.address.headers(origin)}, {"trace": self._watch.trace}
        with _told(self._watch), self._watch.within(self._timeout):
            request = self._client.build_request("GET", url, headers=own, extensions=more)
            return self._client.send(request, auth=_as_it_is, follow_redirects=False, stream=True)


@contextmanager
def open_client(address: HubAddress, timeout: float) -> Iterator[HubClient]:
    """For one fetch. Raises ``ModelError`` where the environment's proxy or certificates cannot be used."""
    import_httpx()
    import httpx

    headers = {"Accept-Encoding": "identity", "User-Agent": "aloud"}
    timeouts = httpx.Timeout(timeout, connect=min(timeout, CONNECT_S))

    def make() -> httpx.Client:
        return httpx.Client(headers=headers, timeout=timeouts, verify=certificates())

    with make_client(make, ModelError) as client:
        yield HubClient(client, address, timeout)


def _as_it_is(request: httpx.Request) -> httpx.Request:
    """Nothing of an address or of a file (netrc) is added to what was asked."""
    return request


def _plain(url: str) -> Origin:
    origin = origin_of_url(url) if len(url) <= LONGEST_ADDRESS else None
    if origin is None:
        raise WrongAnswerError("it sends on to what is no address of the web")
    return origin


def _next(response: httpx.Response, url: str, origin: Origin) -> tuple[str, Origin]:
    """Where it sends on to. Raises ``WrongAnswerError`` for where nobody should go."""
    try:
        onward = urljoin(url, response.headers["location"])
    except KeyError:
        raise WrongAnswerError("it sends on and does not say where to") from None
    except ValueError:
        raise WrongAnswerError("it sends on to what is no address of the web") from None
    to = _plain(onward)
    if origin.scheme == "https" and to.scheme != "https":
        raise WrongAnswerError(f"it sends on to {to} without encryption")
    if "@" in onward.split("/", 3)[2]:
        raise WrongAnswerError(f"it sends on to {to} with a name or a password")
    return onward, to


class _Watch:
    """Over the connections of one client: closes them when time is up, and keeps them out of this network.

    ``outward``: the next connection is not the hub's own.
    """

    def __init__(self) -> None:
        self.outward = False
        self.is_up = False
        self.leads_inside = False
        self._hub_is_inside: bool | None = None
        self._streams: list[Any] = []
        self._until = 0.0
        self._timer = threading.Timer(0, lambda: None)

    def trace(self, name: str, told: Mapping[str, Any]) -> None:
        """As httpcore's ``trace`` calls it."""
        stream = told.get("return_value")
        if stream is None or not (name.endswith(".complete") and hasattr(stream, "get_extra_info")):
            return
        self._streams = [*self._streams[-3:], stream]
        if name.endswith("connect_tcp.complete"):
            self._judge(str(stream.get_extra_info("server_addr")[0]))

    def _judge(self, peer: str) -> None:
        """Of a connection that stands, and over which nothing was said yet."""
        if not self.outward:
            self._hub_is_inside = not is_public(peer)
        elif self._hub_is_inside is False and not is_public(peer):
            self.leads_inside = True
            self._close()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self.is_up = self.leads_inside = False
        self.renew(seconds)
        self._wait(seconds)
        try:
            yield
        finally:
            self._until = math.inf
            self._timer.cancel()

    def renew(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        """The time may have been renewed since it was waited for."""
        left = self._until - time.monotonic()
        if 0 < left < math.inf:
            self._wait(left)
        elif left <= 0:
            self.is_up = True
            self._close()

    def _close(self) -> None:
        for stream in self._streams:
            with contextlib.suppress(OSError, ValueError, AttributeError):
                socket.socket.shutdown(stream.get_extra_info("socket"), socket.SHUT_RDWR)


@contextmanager
def _told(watch: _Watch) -> Iterator[None]:
    """What goes wrong on the way, as one of the three."""
    import httpx

    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        raise WrongAnswerError("it sends on to what is no address of the web") from None
    except (httpx.HTTPError, OSError, ValueError) as error:
        _log.info("the hub's answer broke off: %s", type(error).__name__)
        raise _as_told(error, watch) from None


def _as_told(error: Exception, watch: _Watch) -> Exception:
    import httpx

    if watch.leads_inside:
        return WrongAnswerError("it sends on into this machine or its network")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return NotReachedError(_why(error))
    if watch.is_up:
        return BrokenError("it sends next to nothing")
    if isinstance(error, httpx.TimeoutException):
        return BrokenError("it fell silent")
    if isinstance(error, httpx.ProtocolError) and not has_hung_up(error):
        return BrokenError("what it sends is not HTTP")
    return BrokenError("it closed the connection")


def _why(error: Exception) -> str:
    if is_untrusted(error):
        return ": its certificate could not be verified, so nothing was sent"
    if "SSL" in str(error) or "TLS" in str(error):
        return ": it does not speak TLS as it should"
    return ""
