"""Answers without an end: of one line, of events, of thought, of nothing; slow ones and quick ones."""

from __future__ import annotations

import json

from bench.hostile.chat.wire import (
    END,
    FINISH,
    GOOD,
    JSON,
    SSE,
    chunk,
    repeats,
    sends,
    sse,
    with_status,
)
from bench.hostile.conversing.faults import Play

_MEGABYTE = 1 << 20


def cases() -> dict[str, Play]:
    return {**_quick(), **_slow(), **_large()}


def _call(arguments: str, number: int = 0) -> bytes:
    function = {"name": "calculate", "arguments": arguments}
    call = {"index": number, "id": f"a{number}", "function": function}
    return sse({"choices": [{"delta": {"tool_calls": [call]}}]})


def _quick() -> dict[str, Play]:
    return {
        "endless_nonewline": repeats(SSE + b"data: ", b"x" * _MEGABYTE, 4000),
        "endless_events": repeats(SSE, sse(chunk("word ")) * 500, 20_000),
        "endless_sentence": repeats(SSE, sse(chunk("All work and no play makes a dull boy. ")) * 50, 20_000),
        "endless_count": repeats(SSE, lambda n: sse(chunk(f"And then there were {n} of them. ")), 200_000),
        "endless_think": repeats(SSE + sse(chunk("<think>")), sse(chunk("hm ")) * 500, 20_000),
        "endless_toolargs": repeats(SSE, _call("x" * 10_000) * 20, 4000),
        "endless_toolcalls": repeats(SSE, lambda n: _call("{}", n), 200_000),
        "many_comments": repeats(SSE, b": ka\n\n" * 1000, 2000),
    }


def _slow() -> dict[str, Play]:
    thought = sse({"choices": [{"delta": {"reasoning_content": "hm"}}]})
    said = {
        "think_slow": (SSE + sse(chunk("<think>")), sse(chunk("hm "))),
        "reasoning_slow": (SSE, thought),
        "ws": (SSE, sse(chunk(" \n"))),
        "keepalive": (SSE, b": ka\n\n"),
        "emptydata": (SSE, b"data:\n\n"),
        "emptychoices": (SSE, sse({"choices": []})),
        "json_drip": (JSON + b'{"choices":', b" "),
        "err_drip": (with_status(JSON, b"500 X") + b'{"error":', b" "),
        "word_drip": (SSE + sse(chunk("Well")), sse(chunk(" well"))),
    }
    found = {}
    for name, (head, part) in said.items():
        found[f"endless_{name}"] = repeats(head, part, 100, pause_s=0.5)
        found[f"endless_{name}_for_long"] = repeats(head, part, 400, pause_s=2.0)
    return found | {
        "after_done_endless": repeats(SSE + GOOD, b": ka\n\n", 100, pause_s=0.5),
        "finish_no_done_hold": sends(SSE + sse(chunk("Fine.")) + FINISH, hold_s=30),
        "word_then_nothing": sends(SSE + sse(chunk("Once upon a time")), hold_s=600),
    }


def _large() -> dict[str, Play]:
    words = "word " * 2_000_000
    whole = {"choices": [{"message": {"content": words}, "finish_reason": "stop"}]}
    return {
        "line_10mb": sends(SSE + b"data: " + b"x" * 10_000_000 + b"\n\n" + GOOD),
        "content_10mb": sends(SSE + sse(chunk(words)) + END),
        "content_10mb_nosp": sends(SSE + sse(chunk("w" * 3_000_000)) + END),
        "json_10mb": sends(JSON + json.dumps(whole).encode()),
    }
