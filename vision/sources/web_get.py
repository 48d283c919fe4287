"""What stands at an address that somebody named: fetched once, within limits, and never from the inside.

A name is looked up here and each of its addresses judged; the connection is then made to the address that was
judged, and not to the name, so that no second look-up can give another. A page may send on, a few times, and
each time all of this holds anew. Nothing is kept of it, no cookie, no key, no proxy, no referrer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import anyio

from config.errors import AloudError, RefusedError
from config.runtime.clock import busy
from config.runtime.hosts import shown_address
from config.runtime.lazy_httpx import import_httpx, is_untrusted
from vision.images.names import shown_name

if TYPE_CHECKING:
    import httpx

REDIRECTS = 4
CONNECT_S = 4.0
SLOWEST = 10_000
"""Bytes a second on average, after the first ``Wanted.idle_s``: less is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for, how it is called, and how much patience there is."""

    thing: str
    """In the singular, for sentences: "picture"."""
    accept: str
    """The header: kinds that are understood."""
    error: type[AloudError]
    """Raised where nothing comes."""
    most: int
    """Bytes."""
    total_s: float
    idle_s: float
    todo: str = ""
    private: bool = False
    """Also from this machine and its network."""
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Got:
    data: bytes
    url: str
    """Where it stood in the end."""
    kind: str
    """What its server calls it, as ``text/html; charset=utf-8``; it may be anything."""


async def get(url: str, wanted: Wanted) -> Got:
    """The bytes at an ``http`` or ``https`` address.

    Raises ``RefusedError`` for other addresses and when offline, ``wanted.error`` when nothing comes.
    """
    if wanted.offline:
        raise RefusedError(f"{shown_address(url)} was not fetched: offline is set.", todo=wanted.todo)
    try:
        with busy(), anyio.fail_after(wanted.total_s):
            return await _follow(url, wanted)
    except TimeoutError:
        raise wanted.error(f"{shown_address(url)} took too long to come.", todo=wanted.todo) from None


async def _follow(url: str, wanted: Wanted) -> Got:
    import_httpx()
    import httpx

    from vision.sources.ssrf_guard import FAILURES, SsrfGuard, Transport

    transport = Transport(SsrfGuard(private=wanted.private), connect_s=CONNECT_S, idle_s=wanted.idle_s)
    headers = {"Accept": wanted.accept, "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(transport=transport, headers=headers, trust_env=False) as client:
        for _ in range(REDIRECTS + 1):
            require_web(url, wanted.thing, wanted.todo)
            client.cookies.clear()
            try:
                async with client.stream("GET", url, follow_redirects=False) as response:
                    if response.is_redirect:
                        url = _onward(response, url, wanted)
                        continue
                    data = await _body(response, url, wanted)
                    return Got(data, str(response.url), response.headers.get("content-type", ""))
            except FAILURES as error:
                raise _unreachable(url, error, wanted) from None
    raise wanted.error(f"{shown_address(url)} sends on and on to other addresses.", todo=wanted.todo)


def _onward(response: httpx.Response, url: str, wanted: Wanted) -> str:
    """Where an answer sends on to; nothing is asked there yet."""
    try:
        return urljoin(str(response.url), response.headers["location"])
    except (KeyError, ValueError):
        raise wanted.error(
            f"{shown_address(url)} sends on to another address, and does not say which.", todo=wanted.todo
        ) from None


async def _body(response: httpx.Response, url: str, wanted: Wanted) -> bytes:
    shown, todo = shown_address(url), wanted.todo
    if response.status_code != 200:
        nothing = response.status_code in (404, 410)
        what = "There is nothing" if nothing else f"No {wanted.thing} is given"
        raise wanted.error(f"{what} at {shown} (HTTP status {response.status_code}).", todo=todo)
    if response.headers.get("content-encoding", "identity") != "identity":
        raise wanted.error(f"{shown} comes packed in a way that was not asked for.", todo=todo)
    data, began = bytearray(), time.monotonic()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > wanted.most:
            most = wanted.most // 1_000_000
            raise wanted.error(f"What is at {shown} is larger than {most} megabytes.", todo=todo)
        taken = time.monotonic() - began
        if taken > wanted.idle_s and len(data) < SLOWEST * taken:
            raise wanted.error(f"{shown} comes too slowly.", todo=todo)
    return bytes(data)


def require_web(url: str, thing: str, todo: str = "") -> None:
    """Raises ``RefusedError`` unless it is a plain ``http`` or ``https`` address with a host and no name or
    password in it.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
        user = parts.username or parts.password
    except ValueError:
        host, user, parts = None, None, urlsplit(url.partition(":")[0] + ":")
    if parts.scheme not in ("http", "https"):
        raise RefusedError(
            f"{shown_address(url)} was not opened: {thing}s come from http and https addresses only.",
            todo=todo,
        )
    if not host or user or "\\" in url or any(c <= " " or c == "\x7f" for c in url):
        raise RefusedError(f"{shown_address(url)} is not a plain address, and was not opened.", todo=todo)


def _unreachable(url: str, error: Exception, wanted: Wanted) -> AloudError:
    host = shown_name(urlsplit(url).hostname or "", otherwise=shown_address(url))
    if is_untrusted(error):
        why = f"The certificate of {host} could not be verified; nothing was fetched."
    elif "Timeout" in type(error).__name__:
        why = f"{host} does not answer in time."
    else:
        why = f"{host} could not be reached, or its answer cannot be used."
    return wanted.error(why, todo=wanted.todo)
