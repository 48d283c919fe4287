"""Connections cut and reset, HTTP that is none, and what is packed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import partial

from bench.hostile.llm_cases.base import Case, bomb, head, once
from bench.hostile.llm_cases.streams import JSON, Sound


def _cuts(sound: Sound) -> Iterator[Case]:
    for name, events in (("said", sound.said), ("called", sound.called)):
        body = sound.stream(events, plain=True)
        for at in range(0, len(body), max(1, len(body) // 30)):
            yield Case(sound.api, "cut", f"{name}-{at}", once(head(sound.kind) + body[:at]))
        for at in range(0, len(body), max(1, len(body) // 8)):
            data = head(sound.kind) + body[:at]
            yield Case(sound.api, "reset", f"{name}-{at}", once(data), pause_s=0.02, end="resets")
    yield Case(sound.api, "reset", "at-once", once(b""), end="resets")
    yield Case(sound.api, "reset", "in-head", once(b"HTTP/1.1 200 OK\r\nContent-"), end="resets")
    yield Case(sound.api, "cut", "in-head", once(b"HTTP/1.1 200 OK\r\nContent-"))


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _http(sound: Sound) -> Iterator[Case]:
    body, plain = sound.stream(sound.said), head(sound.kind)
    chunked, json_head = head(sound.kind, Transfer_Encoding="chunked"), head(JSON)

    def length(told: str) -> bytes:
        return head(sound.kind, Content_Length=told)

    for what, data in (
        ("chunk-negative", chunked + b"-5\r\nabc\r\n"),
        ("chunk-huge", chunked + b"FFFFFFFFFFFFFFFF\r\nabc"),
        ("chunk-no-number", chunked + b"zz\r\nabc\r\n"),
        ("chunk-no-end", chunked + _chunk(body)),
        ("chunk-short", chunked + b"ff\r\nabc"),
        ("chunk-long-name", chunked + b"5;" + b"a" * 100_000 + b"\r\nabcde\r\n"),
        ("chunk-trailers", chunked + _chunk(body) + b"0\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"),
        (
            "chunk-and-length",
            head(sound.kind, Transfer_Encoding="chunked", Content_Length="5") + _chunk(body),
        ),
        ("length-short", length("10") + body),
        ("length-long", length("999999") + body),
        ("length-negative", length("-1") + body),
        ("length-twice", head(sound.kind + "\r\nContent-Length: 1\r\nContent-Length: 2") + body),
        ("length-words", length("many") + body),
        ("length-digits", length("9" * 5000) + body),
        ("head-long", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 5_000_000),
        ("head-tls", b"\x16\x03\x01\x02\x00noise\r\n\r\n"),
        ("head-ssh", b"SSH-2.0-OpenSSH_9\r\n"),
        ("head-http2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("head-none", b""),
        ("head-nul", b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n" + body),
        ("head-latin", b"HTTP/1.1 200 OK\r\nX: \xff\xfe\r\nContent-Type: \xe4/\xf6\r\n\r\n" + body),
        ("head-100s", b"HTTP/1.1 100 Continue\r\n\r\n" * 5000 + plain + body),
        ("head-101", b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
        ("head-cookies", head(sound.kind, Set_Cookie="a=b; " * 5000) + body),
        ("head-reason", b"HTTP/1.1 500 \x1b[31mRED\r\nContent-Length: 0\r\n\r\n"),
        ("no-type", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body),
        ("wrong-type", head("text/html") + body),
        ("as-json", json_head + body),
        ("page-for-stream", head("text/html") + b"<html><h1>Captive portal</h1></html>"),
        ("json-object", json_head + b'{"ok": true}'),
        ("json-list", json_head + b"[1]"),
        ("json-nothing", json_head),
        ("json-number", json_head + b"9" * 5000),
        ("json-text", json_head + b'"well"'),
        ("json-deep", json_head + b"[" * 100_000),
        ("json-no-end", json_head + b'{"choices": ['),
    ):
        yield Case(sound.api, "http", what, once(data))
    held = Case(sound.api, "slow", "head-held", once(b"HTTP/1.1 200 OK\r\n"), end="holds")
    yield held
    yield Case(sound.api, "slow", "nothing-at-all", once(b""), end="holds")
    yield Case(sound.api, "slow", "body-held", once(plain), end="holds")
    yield Case(sound.api, "slow", "middle-held", once(plain + sound.written(sound.said[0])), end="holds")
    yield Case(sound.api, "slow", "end-held", once(plain + body), end="holds", well=True)


def _packed(sound: Sound) -> Iterator[Case]:
    body = sound.stream(sound.said)
    for what, data in (
        ("gzip", gzip.compress(body)),
        ("gzip-cut", gzip.compress(body * 50)[:200]),
        ("gzip-noise", b"not packed at all"),
        ("br", b"\x00\x01"),
        ("zstd", b"\x00\x01"),
        ("deflate", b"zzzz"),
        ("martian", body),
        (", ".join(["gzip"] * 500), gzip.compress(body)),
    ):
        yield Case(sound.api, "packed", what[:20], once(head(sound.kind, Content_Encoding=what) + data))
    for what, kind, status, word in (
        ("bomb-line", sound.kind, "200 OK", b"a" * (1 << 20)),
        ("bomb-signs", sound.kind, "200 OK", b": here\n\n" * 100_000),
        ("bomb-words", sound.kind, "200 OK", sound.piece("well ") * 5000),
        ("bomb-json", JSON, "200 OK", b"[" * (1 << 20)),
        ("bomb-error", JSON, "500 X", b"a" * (1 << 20)),
    ):
        begin = head(kind, status, Content_Encoding="gzip")
        yield Case(sound.api, "packed", what, partial(_bomb_behind, begin, word))


def _bomb_behind(begin: bytes, word: bytes) -> Iterator[bytes]:
    yield begin
    yield from bomb(word)


KINDS = (
    _cuts,
    _http,
    _packed,
)
