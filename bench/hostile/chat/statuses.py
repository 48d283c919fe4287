"""Statuses, redirects, waits that are asked for, and lists of models."""

from __future__ import annotations

import functools
import json
from typing import Any

from bench.hostile.chat.wire import END, SSE, chunk, sends, squeezed, sse
from bench.hostile.chat.wire import JSON as HEAD
from bench.hostile.conversing.faults import Play

_STATUSES = (400, 401, 402, 403, 404, 405, 408, 409, 413, 418, 422, 429, 451, 500, 501, 503, 504, 529, 599)
_PLACES = {
    "file": b"file:///etc/passwd",
    "other": b"http://127.0.0.2:9/v1",
    "js": b"javascript:alert(1)",
    "none": None,
    "cloud": b"http://169.254.169.254/",
    "esc": b"http://x/\x1b[31m",
    "badport": b"http://x:99999/",
    "bracket": b"http://[bad",
    "long": b"http://" + b"a" * 300 + b"/",
}
_WAITS = {
    "date": b"Wed, 21 Oct 2099 07:28:00 GMT",
    "past": b"Wed, 21 Oct 1999 07:28:00 GMT",
    "huge": b"1e308",
    "inf": b"inf",
    "nan": b"nan",
    "neg": b"-5",
    "big": b"999999999999",
    "garb": b"soon",
    "float": b"0.5",
    "two": b"2",
    "esc": b"\x1b[1m",
    "digits": b"9" * 5000,
}
GOOD = sends(SSE + sse(chunk("All is well again.")) + END)


def cases() -> dict[str, Play]:
    found = {f"st{status}": _answer(status, '{"error":{"message":"nope"}}') for status in _STATUSES}
    for name, place in _PLACES.items():
        location = b"Location: " + place + b"\r\n" if place else b""
        for status in (301, 307):
            found[f"redir{status}_{name}"] = _head(status, location + b"Content-Length: 0\r\n\r\n")
    for name, wait in _WAITS.items():
        for status in (429, 503):
            asked = b"Retry-After: " + wait + b"\r\nContent-Length: 2\r\n\r\n{}"
            found[f"ra{status}_{name}"] = _head(status, asked)
    no_model = _answer(404, '{"error":{"message":"no model"}}')
    sent = {name: sends(answer) for name, answer in found.items()}
    sent |= {name: sends(no_model) for name in listings() if name.startswith("m_")}
    return sent | {name: GOOD for name in listings() if name.startswith("rh_")}


def _head(status: int, rest: bytes) -> bytes:
    return b"HTTP/1.1 %d X\r\n" % status + rest


def _answer(status: int, body: str) -> bytes:
    length = f"Content-Length: {len(body)}\r\n\r\n{body}"
    return _head(status, b"Content-Type: application/json\r\n" + length.encode())


@functools.cache
def listings() -> dict[str, Play]:
    """What a server tells of its models, before it is asked anything."""
    found: dict[str, bytes] = {
        "m_null": b'{"data":[null,{"id":5},{"id":"\\u001b[31mx"}]}',
        "m_many": json.dumps({"data": [{"id": f"m{n}" * 50} for n in range(20_000)]}).encode(),
        "m_deep": b"[" * 100_000,
        "m_surr": b'{"data":[{"id":"\\ud800"}]}',
        "m_str": b'"x"',
        "m_badenc": b"\xff\xfe",
        "m_bigint": b'{"data":[{"id":"m","x":' + b"9" * 10_000 + b"}]}",
    }
    hosts = {
        "up": "../../../../planted",
        "osc": "\x1b]0;p\x07evil",
        "long": "x" * 5000,
        "bad": "http://[bad",
        "surr": "\ud800",
        "nul": "a\0b",
        "dots": "..",
        "abs": "/planted",
    }
    for name, host in hosts.items():
        told: dict[str, Any] = {"remote_host": host, "capabilities": ["completion"]}
        found[f"rh_{name}"] = json.dumps(told).encode()
    sent = {name: sends(HEAD + body) for name, body in found.items()}
    return sent | {
        "m_gzbomb": squeezed(HEAD, b"", b"[" * (1 << 20), 4000),
        "m_slow": sends(HEAD + b"{", hold_s=30),
    }
