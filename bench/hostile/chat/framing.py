"""Streams that are cut, reset, split in letters; chunks, lengths, codings and heads that are wrong."""

from __future__ import annotations

import gzip
import json

from bench.hostile.chat.wire import (
    CHUNKED,
    END,
    GOOD,
    JSON,
    OK,
    SSE,
    chunk,
    cut,
    repeats,
    sends,
    squeezed,
    sse,
    with_header,
    with_status,
)
from bench.hostile.conversing.faults import Play

_SPELLED = b"data: " + json.dumps(chunk("Grüße 😀 ok."), ensure_ascii=False).encode() + b"\n\n" + END
_LETTERS = range(_SPELLED.find(b"Gr") + 2, _SPELLED.find(b"ok"))
_SHORT = b"data: 1\n\n"


def cases() -> dict[str, Play]:
    return {**_cuts(), **_chunks(), **_codings(), **_heads(), **_charsets()}


def _cuts() -> dict[str, Play]:
    step = max(1, len(GOOD) // 40)
    found = {f"cut_{at}": sends(sent) for at, sent in cut(GOOD, range(0, len(GOOD), step)).items()}
    for at, sent in cut(GOOD, range(0, len(GOOD), len(GOOD) // 8)).items():
        found[f"rst_{at}"] = sends(sent, pause_s=0.05, resets=True)
    for at in _LETTERS:
        found[f"utf8split_{at}"] = sends(SSE + _SPELLED[:at], _SPELLED[at:], pause_s=0.05)
        found[f"utf8cut_{at}"] = sends(SSE + _SPELLED[:at])
    return found | {
        "bytewise": sends(SSE, *(bytes([byte]) for byte in _SPELLED), pause_s=0.002),
        "badutf8": sends(SSE + b'data: {"choices":[{"delta":{"content":"a\xff\xfe\xc3 b"}}]}\n\n' + END),
        "utf16": sends(SSE + json.dumps(chunk("hi")).encode("utf-16")),
        "bom": sends(SSE + b"\xef\xbb\xbf" + GOOD),
        "crlf": sends(SSE + GOOD.replace(b"\n", b"\r\n")),
        "cr": sends(SSE + GOOD.replace(b"\n", b"\r")),
        "multiline_data": sends(
            SSE + b'data: {"choices":[{"delta":\ndata: {"content":"hello there"}}]}\n\n' + END
        ),
    }


def _chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


def _chunks() -> dict[str, Play]:
    both = CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n")
    found = {
        "ch_neg": CHUNKED + b"-5\r\nabc\r\n",
        "ch_huge": CHUNKED + b"FFFFFFFFFFFFFFFF\r\nabc",
        "ch_nothex": CHUNKED + b"zz\r\nabc\r\n",
        "ch_noend": CHUNKED + _chunked(GOOD),
        "ch_short": CHUNKED + b"ff\r\nabc",
        "ch_both": both + _chunked(GOOD) + b"0\r\n\r\n",
        "ch_ext": CHUNKED + b"5;" + b"a" * 100_000 + b"\r\nabcde\r\n",
        "ch_trailer": CHUNKED + _chunked(GOOD) + b"0\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        "cl_short": with_header(SSE, b"Content-Length: 10") + GOOD,
        "cl_long": with_header(SSE, b"Content-Length: 999999") + GOOD,
        "cl_neg": with_header(SSE, b"Content-Length: -1") + GOOD,
        "cl_two": with_header(SSE, b"Content-Length: 1\r\nContent-Length: 2") + GOOD,
    }
    return {name: sends(sent) for name, sent in found.items()}


def _codings() -> dict[str, Play]:
    coded = {
        "gz_garbage": (b"gzip", b"not gzip at all"),
        "gz_trunc": (b"gzip", gzip.compress(GOOD * 50)[:200]),
        "gz_ok": (b"gzip", gzip.compress(GOOD)),
        "br_garbage": (b"br", b"\x00\x01"),
        "zstd_garbage": (b"zstd", b"\x00\x01"),
        "deflate_garbage": (b"deflate", b"zzzz"),
        "enc_many": (b", ".join([b"gzip"] * 500), gzip.compress(GOOD)),
        "enc_unknown": (b"martian", GOOD),
    }
    found = {
        name: sends(with_header(SSE, b"Content-Encoding: " + coding) + body)
        for name, (coding, body) in coded.items()
    }
    return found | {
        "gzbomb_line": squeezed(SSE, b"data: ", b"a" * (1 << 20), 4000),
        "gzbomb_events": squeezed(SSE, b"", sse(chunk("word ")) * 2000, 2000),
        "gzbomb_comments": squeezed(SSE, b"", b": keepalive\n\n" * 20_000, 8000),
        "gzbomb_json": squeezed(JSON, b"", b"[" * (1 << 20), 4000),
        "gzbomb_err": squeezed(with_status(JSON, b"500 X"), b"", b"a" * (1 << 20), 4000),
    }


def _heads() -> dict[str, Play]:
    found = {
        "hdr_long": OK + b"X: " + b"a" * 5_000_000,
        "hdr_garbage": b"\x16\x03\x01\x02\x00garbage\r\n\r\n",
        "hdr_ssh": b"SSH-2.0-OpenSSH_9\r\n",
        "hdr_http2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "hdr_0_9": b"hello",
        "hdr_none": b"",
        "hdr_nul": OK + b"X: a\0b\r\nContent-Type: text/event-stream\r\n\r\n" + GOOD,
        "hdr_100": b"HTTP/1.1 100 Continue\r\n\r\n" * 5000 + SSE + GOOD,
        "hdr_101": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
        "hdr_999": b"HTTP/1.1 999 X\r\n\r\n",
        "hdr_000": b"HTTP/1.1 000 X\r\n\r\n",
        "hdr_204": b"HTTP/1.1 204 No\r\n\r\n",
        "hdr_reason_esc": b"HTTP/1.1 500 \x1b[31mRED\r\nContent-Length: 0\r\n\r\n",
        "hdr_cookie": with_header(SSE, b"Set-Cookie: " + b"a=b; " * 5000) + GOOD,
        "html_sse": SSE + b"<html>hi</html>",
        "empty200": JSON,
        "emptysse": SSE,
        "only_done": SSE + b"data: [DONE]\n\n",
        "no_ct": OK + b"Connection: close\r\n\r\n" + GOOD,
        "sse_as_json": JSON + GOOD,
        "html200": with_header(OK + b"Connection: close\r\n\r\n", b"Content-Type: text/html")
        + b"<html><h1>Captive portal</h1></html>",
        "html502": b"HTTP/1.1 502 Bad\r\nContent-Type: text/html\r\nContent-Length: 30\r\n\r\n"
        b"<html><h1>Bad gateway</h1>.....",
    }
    whole = json.dumps({"choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}]}).encode()
    return {name: sends(sent) for name, sent in found.items()} | {
        "no_ct_json": sends(OK + b"Connection: close\r\n\r\n" + whole),
        "json_plain": sends(JSON + whole),
        "hdr_endless": repeats(OK, lambda n: b"X-%d: y\r\n" % n, 200_000),
        "hdr_status_only": sends(OK, hold_s=20),
        "hdr_nothing_ever": sends(b"", hold_s=600),
        "drip_headers": sends(*(bytes([byte]) for byte in SSE[:40]), pause_s=1),
        "drip_headers_for_long": repeats(OK + b"X: ", b"a", 600, pause_s=1),
    }


def _charsets() -> dict[str, Play]:
    def named(charset: bytes) -> bytes:
        return SSE.replace(b"event-stream", b"event-stream; charset=" + charset)

    found = {"badcharset": b"martian", "charset_b64": b"base64", "charset_utf16": b"utf-16"}
    return {f"hdr_{name}": sends(named(charset) + GOOD) for name, charset in found.items()} | {
        "json_charset_b64": sends(JSON.replace(b"json", b"json; charset=base64") + b'{"choices":[]}')
    }
