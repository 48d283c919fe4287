"""Errors, redirects, and when to come again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bench.hostile.llm_cases.base import DEEP, Case, head, once
from bench.hostile.llm_cases.streams import JSON, Sound

_WAITS = (
    "Wed, 21 Oct 2099 07:28:00 GMT",
    "Wed, 21 Oct 1999 07:28:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "1e308",
    "inf",
    "-inf",
    "nan",
    "-5",
    "999999999999",
    "soon",
    "0.01",
    "3601",
    "\x1b[1m",
    "9" * 5000,
    "\xff",
)
_STATUSES = (400, 401, 402, 403, 404, 405, 408, 409, 413, 418, 422, 429, 451, 500, 501, 503, 504, 529, 599)
_ERRORS: dict[str, Any] = {
    "null": None,
    "word": "boom",
    "object": {"message": "boom"},
    "number": {"message": 5},
    "list": {"message": ["a", {"b": 1}]},
    "nested": {"message": {"message": {"message": "deep"}}},
    "empty": {},
    "true": True,
    "escape": {"message": "\x1b[31mred\x1b]0;title\x07 \u202egnp"},
    "long": {"message": "e" * 900_000},
    "page": "<b>x</b>",
    "half": {"message": "\ud800"},
    "typed": {"message": "slow down", "type": "rate_limit_error", "code": ["x"]},
    "own-key": {"message": "Bad key sk-test-0123456789abcdef here"},
}
_PLACES = (
    "file:///etc/passwd",
    "http://127.0.0.2:9/v1",
    "javascript:alert(1)",
    "",
    "http://169.254.169.254/",
    "http://x/\x1b[31m",
    "http://[bad",
    "//",
    "http://a:99999/",
    "http://" + "h" * 300,
    "http://ü.test/é",
    "http://user:pass@127.0.0.1:9/",
    "/other",
    "?",
    "https://",
    "http://\xff/",
    "http://a.b/\x00",
)


def _statuses(sound: Sound) -> Iterator[Case]:
    def case(what: str, data: bytes) -> Case:
        return Case(sound.api, "status", what, once(data))

    for number in _STATUSES:
        nope = b'{"error":{"message":"nope"}}'
        yield case(f"{number}", head(JSON, f"{number} X", Content_Length="28") + nope)
    for odd in ("204 No", "000 X", "999 X", "99 X", "1000 X", "abc X", "-1 X", "226 X", "304 X"):
        yield case(odd.split()[0], head(JSON, odd))
    for number in (429, 503, 200):
        for n, wait in enumerate(_WAITS):
            later = head(JSON, f"{number} X", Retry_After=wait, Content_Length="2")
            yield case(f"{number}-later-{n}", later + b"{}")
    for number in (301, 302, 303, 307, 308):
        for n, place in enumerate(_PLACES):
            yield case(f"{number}-to-{n}", head(JSON, f"{number} X", Location=place, Content_Length="0"))
        yield case(f"{number}-nowhere", head(JSON, f"{number} X"))


def _errors(sound: Sound) -> Iterator[Case]:
    begun = sound.stream(sound.said[:-2]).removesuffix(sound.last)
    told = {
        f"error-{name}": json.dumps({"type": "error", "error": error}).encode()
        for name, error in _ERRORS.items()
    }
    for deep in (*DEEP, 3000):
        told[f"objects-{deep}"] = b'{"error":' * deep + b'"x"' + b"}" * deep
        told[f"lists-{deep}"] = b'[{"error":' * deep + b'"x"' + b"}]" * deep
    for name, error in told.items():
        for status in ("400 X", "500 X", "200 OK"):
            yield Case(sound.api, "status", f"{status[:3]}-{name}", once(head(JSON, status) + error))
        event = sound.framed(error, "error")
        for what, before in (("first", b""), ("later", begun)):
            data = head(sound.kind) + before + event
            yield Case(sound.api, "status", f"{what}-{name}", once(data))


KINDS = (_statuses, _errors)
