"""Addresses: what is fetched, what is never asked, and what a server may not do to us. Real servers."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from typing import ClassVar

import anyio
import httpcore
import pytest
from PIL import Image

from config.errors import PictureError, RefusedError
from tests.serving import Answering, serving
from tests.tables import for_each
from vision.sources import ssrf_guard as guarded
from vision.sources import url as address
from vision.sources.url import fetch, require_web


def red() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    return out.getvalue()


class Site(Answering):
    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def get(self) -> None:
        type(self).asked.append((self.path, dict(self.headers)))
        way, _, rest = self.path.lstrip("/").partition("?")
        if way == "raw":
            self.wfile.write(b"HTTP/1.1 " + bytes.fromhex(rest))
            self.close_connection = True
            return None
        if way == "to":
            return self.answer(302, b"", Location=rest, **{"Set-Cookie": "a=b"})
        if way == "loop":
            return self.answer(302, b"", Location="/loop")
        if way == "endless":
            return self._endless()
        if way == "drip":
            return self._drip()
        bodies = {"red.png": red(), "page": b"<!DOCTYPE html><html>hello"}
        packed = {"Content-Encoding": "gzip"} if way == "packed" else {}
        return self.answer(200 if way in (*bodies, "packed") else 404, bodies.get(way, b"x"), **packed)

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(bytes(1_000_000))
        except OSError:
            return

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    with serving(Site) as url:
        yield url


def get(url: str, *, private: bool = True, offline: bool = False) -> address.Fetched:
    async def run() -> address.Fetched:
        return await fetch(url, private=private, offline=offline)

    return anyio.run(run)


def test_a_picture_is_fetched_and_nothing_told_of_the_person(site: str) -> None:
    fetched = get(f"{site}/to?/red.png")
    assert (fetched.data, fetched.name) == (red(), "red.png")
    assert [path for path, _ in Site.asked] == ["/to?/red.png", "/red.png"]
    for _, headers in Site.asked:
        assert not {"Cookie", "Referer", "Authorization"} & set(headers)


def test_nothing_inside_is_asked_unless_allowed(site: str) -> None:
    port = site.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0",
                 "[::]", "localhost.", "１２７.0.0.1"):  # fmt: skip
        with pytest.raises((RefusedError, PictureError)):
            get(f"http://{host}:{port}/red.png", private=False)
    assert Site.asked == []


def test_offline_asks_nobody(site: str) -> None:
    with pytest.raises(RefusedError, match="offline is set"):
        get(f"{site}/red.png", offline=True)
    assert Site.asked == []


def test_a_page_outside_cannot_send_us_inside(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the first page is outside as far as we can tell; the one it sends to is looked up anew."""
    monkeypatch.setattr(guarded, "is_public", lambda ip: ip == "127.0.0.1")
    port = site.rpartition(":")[2]
    for inside in (
        f"http://127.0.0.2:{port}/red.png",
        f"http://[::1]:{port}/",
        "http://169.254.169.254/latest",
    ):
        with pytest.raises(RefusedError, match="on this machine or its network"):
            get(f"{site}/to?{inside}", private=False)
    assert {path.partition("?")[0] for path, _ in Site.asked} == {"/to"}
    for other in ("file:///etc/passwd", "ftp://example.org/x", "gopher://x/"):
        with pytest.raises(RefusedError, match="http and https addresses only"):
            get(f"{site}/to?{other}", private=False)


def test_a_name_that_answers_differently_the_second_time_gains_nothing(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: looked up once, and the connection goes to what was judged."""
    looked_up: list[str] = []
    connected: list[str] = []

    async def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        ip = "93.184.216.34" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    async def connect(self: object, host: str, *_: object) -> None:
        connected.append(host)
        raise httpcore.ConnectError("not in a test")

    monkeypatch.setattr(anyio, "getaddrinfo", look_up)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    with pytest.raises(PictureError, match="could not be reached"):
        get("http://rebinding.example/red.png", private=False)
    assert connected == ["93.184.216.34"]
    assert looked_up == ["rebinding.example"]


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("nothing", "There is nothing at .*HTTP status 404"),
        ("loop", "sends on and on"),
        ("page", "is a web page"),
        ("packed", "not asked for"),
        ("endless", "larger than 3 megabytes"),
        ("drip", "too slowly"),
    ],
)
def test_a_server_that_misbehaves(site: str, way: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "MAX_BYTES", 3_000_000)
    monkeypatch.setattr(address, "IDLE_S", 0.3)
    with pytest.raises(PictureError, match=words):
        get(f"{site}/{way}?key=secret-key")


@for_each(
    ("answer", "words"),
    [
        ("302 Found", "does not say which"), ("304 Not Modified", "does not say which"),
        ("308 Moved\r\nLocation: http://[", "does not say which"),
        ("301 Moved\r\nLocation: ", "on and on"), ("303 Other\r\nLocation: #here", "on and on"),
        ("302 Found\r\nLocation: http://a:99999999/", "not a plain address"),
        ("302 Found\r\nLocation: /x\r\nLocation: /y", "not a plain address"),
        ("302 Found\r\nLocation: http://ann:secret-key@example.org/", "not a plain address"),
        ("302 Found\r\nLocation: file:///etc/passwd", "http and https addresses only"),
        ("302 Found\r\nLocation: data:image/png;base64,AA", "cannot be used"),
        (f"302 Found\r\nLocation: http://{'a' * 300}/", "aaa…aaa.* could not be reached"),
        ("302 Found\r\nLocation: http://a..b/", "could not be reached"),
        ("302 Found\r\nLocation: http://\u202eevil.example/", "could not be reached"),
        ("302 Found\r\nLocation: /" + "a" * 90_000, "could not be reached"),
        ("300 Choices", "does not say which"), ("204 No Content", "HTTP status 204"),
        ("206 Part\r\nContent-Length: 0", "HTTP status 206"), ("999 ?", "HTTP status 999"),
        ("abc", "cannot be used"), ("200 OK\r\nContent-Length: -5", "cannot be used"),
        ("200 OK\r\nContent-Length: 500", "cannot be used"),
        ("200 OK\r\nX: " + "a" * 500_000, "cannot be used"),
        ("200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz", "cannot be used"),
        ("200 OK\r\n\r\n\ufeff<!-- a.png -->\n<html>", "is a web page"),
        ("200 OK\r\n\r\n<?xml version='1.0'?><!DOCTYPE html>", "is a web page"),
    ],
)  # fmt: skip
def test_what_no_honest_server_answers_is_a_sentence(site: str, answer: str, words: str) -> None:
    raw = f"{answer}\r\n\r\n".encode().hex()
    with pytest.raises((PictureError, RefusedError), match=words) as caught:
        get(f"{site}/raw?{raw}")
    assert "secret-key" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


def test_leave_to_ask_inside_is_for_what_a_person_names(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They allowed their own network; a page outside may not make use of that."""
    assert get(f"{site}/to?{site}/red.png").data == red()
    monkeypatch.setattr(guarded, "is_public", lambda ip: ip == "127.0.0.1")
    with pytest.raises(RefusedError, match="A page outside sends on to ::1"):
        get(f"{site}/to?{site.replace('127.0.0.1', '[::1]')}")


def test_an_address_in_a_sentence_tells_no_secret(site: str) -> None:
    with pytest.raises(PictureError) as caught:
        get(f"{site}/nothing?token=secret-key#secret-key")
    assert "secret-key" not in str(caught.value)
    with pytest.raises(RefusedError) as refused:
        get("http://ann:secret-key@example.org/x.png")
    assert "secret-key" not in str(refused.value)


def test_nobody_there_and_a_certificate_that_is_none(site: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        free = listener.getsockname()[1]
    with pytest.raises(PictureError, match="could not be reached"):
        get(f"http://127.0.0.1:{free}/x")
    with pytest.raises(PictureError, match=r"could not be reached|certificate"):
        get(site.replace("http:", "https:"))


@for_each(
    "url",
    [
        "file:///etc/passwd", "FILE:/etc/passwd", "javascript:alert(1)", "data:text/html,x", "about:blank",
        "//example.org/x", "http:///x", "http://", "http://[", "http://a:b@example.org/",
        "http://example.org\\@127.0.0.1/", "http://exa mple.org/", "http://example.org/\r\nHost: x",
        "http://example.org:99999/",
    ],
)  # fmt: skip
def test_tricks_in_an_address_are_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        require_web(url)
