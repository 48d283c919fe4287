"""Answers that have no end, or take their time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, repeat

from bench.hostile.llm_cases.base import Case, called_with, head
from bench.hostile.llm_cases.streams import JSON, Sound

_ENDLESS = 1_000_000_000
"""Bytes, after which even an endless answer ends."""


def _endless(sound: Sound) -> Iterator[Case]:
    begin = head(sound.kind)

    def on(what: str, piece: bytes, before: bytes = begin, pause_s: float = 0.0, times: int = 500) -> Case:
        piece = piece if pause_s else piece * times
        again = lambda: chain([before], repeat(piece, _ENDLESS // max(1, len(piece))))  # noqa: E731
        return Case(sound.api, "slow" if pause_s else "endless", what, again, pause_s=pause_s)

    begun = b"" if sound.lines else b"data: "
    first, thought, called = sound.said[0], _thought(sound), sound.called
    yield on("words", sound.piece("word "))
    yield on("thoughts", thought)
    yield on("tags", sound.piece("hm "), begin + sound.piece("<think>"))
    yield on("spaces", sound.piece(" "))
    yield on("empty-words", sound.piece(""))
    yield on("line", b"x" * 65_536, begin + begun, times=1)
    yield on("first-event", sound.written(first))
    yield on("whole-answers", sound.stream(called))
    yield on("arguments", sound.stream(called_with(sound, "{}", "x" * 10_000)), times=5)
    yield on("empty-objects", sound.framed(b"{}"))
    yield on("blank", b"\n", times=10_000)
    yield on("head-fields", b"X-Y: z\r\n", b"HTTP/1.1 200 OK\r\n")
    yield on("error-body", b"e" * 1000, head(JSON, "500 X") + b'{"error": "')
    yield on("json-body", b" " * 1000, head(JSON) + b'{"choices": ')
    yield on("after-the-end", sound.piece("more "), begin + sound.stream(sound.said))
    yield on("keep-alives", b"\n" if sound.lines else b": here\n\n", pause_s=0.02)
    yield on("no-data", b"\n" if sound.lines else b"data:\n\n", pause_s=0.02)
    yield on("slow-words", sound.piece("well "), pause_s=0.02)
    yield on("slow-spaces", sound.piece(" \n"), pause_s=0.02)
    yield on("slow-thoughts", thought, pause_s=0.02)
    yield on("slow-objects", sound.framed(b"{}"), pause_s=0.02)
    yield on("slow-first", sound.written(first), pause_s=0.02)
    yield on("slow-head", b"x", b"HTTP/1.1 200 OK\r\nX: ", pause_s=0.02)
    yield on("slow-json", b" ", head(JSON) + b'{"choices":', pause_s=0.02)
    yield on("slow-error", b" ", head(JSON, "500 X") + b'{"error":', pause_s=0.02)
    yield on("slow-letters", b"x", begin + begun, pause_s=0.02)
    yield on("slow-after", b"\n" if sound.lines else b": here\n\n", begin + sound.stream(sound.said), 0.02)


def _thought(sound: Sound) -> bytes:
    """Two of the answers begin with one."""
    thoughts = [sound.written(event) for event in sound.called if '"hm"' in json.dumps(event)]
    summary = {"type": "response.reasoning_text.delta", "item_id": "rs_1", "delta": "hm "}
    return thoughts[0] if thoughts else sound.written(summary)


KINDS = (_endless,)
