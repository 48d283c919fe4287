"""What a server tells of itself and lists: asked before, beside and after a question that fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, repeat

from bench.hostile.llm_cases.base import Case, Pieces, bomb, head, once
from bench.hostile.llm_cases.streams import JSON, Sound


def _lists(sound: Sound) -> Iterator[Case]:
    """What the server tells of itself and lists: asked before, beside and after a question that fails."""
    body = head(sound.kind) + sound.stream(sound.said)
    no_model = head(JSON, "404 X") + b'{"error":{"message":"no model"}}'
    told: dict[str, Pieces] = {
        "300000": lambda: [
            head(JSON),
            json.dumps({"data": [{"id": f"m{n}"} for n in range(300_000)]}).encode(),
        ],
        "long-names": once(
            head(JSON) + json.dumps({"data": [{"id": f"m{n}" * 50} for n in range(9000)]}).encode()
        ),
        "odd": once(head(JSON) + b'{"data":[null,{"id":5},{"id":"\\u001b[31mx"},{"id":"\\ud800"}]}'),
        "deep": once(head(JSON) + b"[" * 100_000),
        "deep-900": once(head(JSON) + b'{"data":' + b"[" * 900 + b"]" * 900 + b"}"),
        "word": once(head(JSON) + b'"x"'),
        "noise": once(head(JSON) + b"\xff\xfe"),
        "digits": once(head(JSON) + b'{"data":[{"id":"m","context_length":' + b"9" * 4000 + b"}]}"),
        "endless": lambda: chain([head(JSON) + b'{"data": ['], repeat(b'{"id": "m"}, ' * 5000, 10_000)),
        "bomb": lambda: chain([head(JSON, Content_Encoding="gzip")], bomb(b"[" * (1 << 20))),
        "redirect": once(head(JSON, "307 X", Location="http://127.0.0.2:9/v1/models")),
        "link": once(
            head(JSON, Link='<http://127.0.0.2:9/v1/models>; rel="next"') + b'{"data":[{"id":"m"}]}'
        ),
        "host-up": _remote("../../../../planted"),
        "host-title": _remote("\x1b]0;p\x07evil"),
        "host-long": _remote("x" * 5000),
        "host-bad": _remote("http://[bad"),
        "host-half": _remote("\ud800"),
        "host-nul": _remote("a\0b"),
        "host-idna": _remote("http://ü.test"),
        "context-huge": once(
            head(JSON) + b'{"default_generation_settings": {"n_ctx": ' + b"9" * 4000 + b"}}"
        ),
        "context-one": once(head(JSON) + b'{"default_generation_settings": {"n_ctx": 1}}'),
    }
    for what, pieces in told.items():
        yield Case(sound.api, "list", what, once(body), listing=pieces)
        yield Case(sound.api, "list", f"{what}-404", once(no_model), listing=pieces)


def _remote(host: str) -> Pieces:
    return once(head(JSON) + json.dumps({"remote_host": host, "capabilities": ["completion"]}).encode())


KINDS = (_lists,)
