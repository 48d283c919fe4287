"""A picture from an address on the web: fetched once, within limits, and never from this network's inside.

A name is looked up here and each of its addresses judged; the connection is then made to the address that was
judged, and not to the name, so that no second look-up can give another. A page may send on, a few times, and
each time all of this holds anew. Nothing is kept of it, no cookie, no key, no proxy, no referrer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import anyio

from config.errors import PictureError, RefusedError
from config.runtime.hosts import shown_address
from config.runtime.lazy_httpx import import_httpx, is_untrusted
from vision.images.files import is_web_page
from vision.images.names import shown_name
from vision.sources.pdf import MAX_BYTES

if TYPE_CHECKING:
    import httpx

REDIRECTS = 4
CONNECT_S = 4.0
IDLE_S = 4.0
TOTAL_S = 30.0
SLOWEST = 10_000
"""Bytes a second on average, after the first ``IDLE_S``: less is given up."""

TODO = "Save it and give its path."


@dataclass(frozen=True, slots=True)
class Fetched:
    data: bytes
    name: str
    """The last part of its path, or the host: as a person would call it."""


async def fetch(url: str, *, private: bool = False, offline: bool = False) -> Fetched:
    """The bytes at an ``http`` or ``https`` address. ``private``: also from this machine and its network.

    Raises ``RefusedError`` for other addresses and when ``offline``, ``PictureError`` when nothing comes.
    """
    if offline:
        raise RefusedError(f"{shown_address(url)} was not fetched: offline is set.", todo=TODO)
    try:
        with anyio.fail_after(TOTAL_S):
            return await _follow(url, private)
    except TimeoutError:
        raise PictureError(f"{shown_address(url)} took too long to come.", todo=TODO) from None


async def _follow(url: str, private: bool) -> Fetched:
    import_httpx()
    import httpx

    from vision.sources.ssrf_guard import FAILURES, SsrfGuard, Transport

    transport = Transport(SsrfGuard(private=private), connect_s=CONNECT_S, idle_s=IDLE_S)
    headers = {"Accept": "image/*, application/pdf;q=0.9, */*;q=0.5", "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(transport=transport, headers=headers, trust_env=False) as client:
        for _ in range(REDIRECTS + 1):
            require_web(url)
            client.cookies.clear()
            try:
                async with client.stream("GET", url, follow_redirects=False) as response:
                    if response.is_redirect:
                        url = _onward(response, url)
                        continue
                    return Fetched(await _body(response, url), _name(str(response.url)))
            except FAILURES as error:
                raise _unreachable(url, error) from None
    raise PictureError(f"{shown_address(url)} sends on and on to other addresses.", todo=TODO)


def _onward(response: httpx.Response, url: str) -> str:
    """Where an answer sends on to; nothing is asked there yet."""
    try:
        return urljoin(str(response.url), response.headers["location"])
    except (KeyError, ValueError):
        raise PictureError(
            f"{shown_address(url)} sends on to another address, and does not say which.", todo=TODO
        ) from None


async def _body(response: httpx.Response, url: str) -> bytes:
    if response.status_code != 200:
        what = "There is nothing" if response.status_code in (404, 410) else "No picture is given"
        raise PictureError(f"{what} at {shown_address(url)} (HTTP status {response.status_code}).", todo=TODO)
    if response.headers.get("content-encoding", "identity") != "identity":
        raise PictureError(f"{shown_address(url)} comes packed in a way that was not asked for.", todo=TODO)
    most = MAX_BYTES // 1_000_000
    data, began = bytearray(), time.monotonic()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > MAX_BYTES:
            raise PictureError(f"What is at {shown_address(url)} is larger than {most} megabytes.", todo=TODO)
        taken = time.monotonic() - began
        if taken > IDLE_S and len(data) < SLOWEST * taken:
            raise PictureError(f"{shown_address(url)} comes too slowly.", todo=TODO)
    if is_web_page(bytes(data[:1024])):
        raise PictureError(
            f"At {shown_address(url)} is a web page, not a picture.",
            todo="Give the address of the picture in it.",
        )
    return bytes(data)


def require_web(url: str) -> None:
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
            f"{shown_address(url)} was not opened: pictures come from http and https addresses only.",
            todo=TODO,
        )
    if not host or user or "\\" in url or any(c <= " " or c == "\x7f" for c in url):
        raise RefusedError(f"{shown_address(url)} is not a plain address, and was not opened.", todo=TODO)


def _unreachable(url: str, error: Exception) -> PictureError:
    host = _host(url)
    if is_untrusted(error):
        return PictureError(
            f"The certificate of {host} could not be verified; nothing was fetched.", todo=TODO
        )
    if "Timeout" in type(error).__name__:
        return PictureError(f"{host} does not answer in time.", todo=TODO)
    return PictureError(f"{host} could not be reached, or its answer cannot be used.", todo=TODO)


def _host(url: str) -> str:
    return shown_name(urlsplit(url).hostname or "", otherwise=shown_address(url))


def _name(url: str) -> str:
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return shown_name(last, otherwise=shown_name(parts.hostname or ""))
