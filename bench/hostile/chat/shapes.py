"""Events that are JSON, or nearly, and not what an answer is made of."""

from __future__ import annotations

import json
from typing import Any

from bench.hostile.chat.wire import DONE, END, FINISH, JSON, SSE, sends, sse, with_status
from bench.hostile.conversing.faults import Play

_REFUSED = with_status(JSON, b"400 Bad")
_DEPTHS = (200, 330, 500, 900, 950, 980)


def cases() -> dict[str, Play]:
    found = {**_answers(), **_errors(), **_deep(), **_odd()}
    return {name: sends(sent) for name, sent in found.items()}


def _event(event: Any) -> bytes:
    return SSE + sse(event) + END


def _delta(content: Any) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": content}}]}


def _answers() -> dict[str, bytes]:
    contents: dict[str, Any] = {
        "null": None,
        "int": 5,
        "float": 1.5,
        "true": True,
        "list": ["a"],
        "listparts": [{"type": "text", "text": "part one. "}, {"type": "x"}],
        "listint": [1, None, {"text": 5, "type": "text"}],
        "dict": {"a": 1},
        "dicttext": {"type": "text", "text": "x"},
        "nestedlist": [[[["a"]]]],
    }
    choices: dict[str, Any] = {
        "none": None,
        "empty": [],
        "dict": {},
        "str": "abc",
        "int": 1,
        "listnull": [None],
        "listint": [1],
        "listlist": [[]],
        "liststr": ["x"],
    }
    finishes: dict[str, Any] = {
        "int": 5,
        "list": ["stop"],
        "dict": {"a": 1},
        "true": True,
        "unk": "martian",
        "error": "error",
        "long": "x" * 100_000,
    }
    usages: dict[str, Any] = {
        "str": "x",
        "int": 5,
        "neg": {"prompt_tokens": -5, "completion_tokens": -1},
        "float": {"prompt_tokens": 1.5},
        "huge": {"prompt_tokens": 10**400},
        "nan": {"prompt_tokens": float("nan")},
        "list": [1],
    }
    found = {f"content_{name}": _event(_delta(value)) for name, value in contents.items()}
    found |= {f"choices_{name}": _event({"choices": value}) for name, value in choices.items()}
    for name, value in {"null": None, "list": [], "str": "x", "int": 1}.items():
        found[f"delta_{name}"] = _event({"choices": [{"delta": value}]})
    for name, value in finishes.items():
        found[f"finish_{name}"] = _event({"choices": [{"delta": {"content": "hi."}, "finish_reason": value}]})
    found |= {f"usage_{name}": _event({**_delta("hi."), "usage": value}) for name, value in usages.items()}
    found["idx_neg"] = _event({"choices": [{"index": -1, "delta": {"content": "hi"}}]})
    found["idx_str"] = _event({"choices": [{"index": "a", "delta": {"content": "hi"}}]})
    many = [{"index": number, "delta": {"content": "hi"}} for number in range(20_000)]
    return found | {"many_choices": _event({"choices": many})}


def _errors() -> dict[str, bytes]:
    errors: dict[str, Any] = {
        "null": None,
        "str": "boom",
        "dict": {"message": "boom"},
        "msgint": {"message": 5},
        "msglist": {"message": ["a", {"b": 1}]},
        "nest": {"message": {"message": {"message": "deep"}}},
        "empty": {},
        "true": True,
        "int": 5,
        "esc": {"message": "\x1b[31mred\x1b]0;title\x07 \u202egnp"},
        "long": {"message": "e" * 1_000_000},
        "html": "<b>x</b>",
        "key": {"message": "Incorrect API key provided: sk-1234567890abcdef"},
        "markup": {"message": "[/bold] \\[x] [link=file:///etc/passwd]y"},
        "paragraphs": {"message": "First.\n\nSecond!\n" * 50},
    }
    found = {}
    for name, error in errors.items():
        found[f"err_{name}"] = _event({"error": error})
        found[f"err400_{name}"] = _REFUSED + json.dumps({"error": error}).encode()
        found[f"errlate_{name}"] = SSE + sse(_delta("It begins well, ")) + sse({"error": error}) + END
    return found


def _deep() -> dict[str, bytes]:
    found = {
        "deep_list": SSE + sse(b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}") + FINISH,
        "deep_obj_err500": with_status(JSON, b"500 X") + b'{"error":' * 3000 + b'"x"' + b"}" * 3000,
    }
    for deep in _DEPTHS:
        error = b'{"error":' * deep + b'"x"' + b"}" * deep
        found[f"deep_err_{deep}"] = with_status(JSON, b"400 X") + error
        found[f"deep_errsse_{deep}"] = SSE + sse(error)
    for deep in (200, 450, 900):
        body = b'[{"error":' * deep + b'"x"' + b"}]" * deep
        found[f"deep_errlist_{deep}"] = with_status(JSON, b"400 X") + body
    for deep in (200, 330, 500, 900):
        parts = b'[{"type":"text","text":' * (deep // 2) + b'"x"' + b"}]" * (deep // 2)
        for name, content in (("content", b"[" * deep + b"]" * deep), ("contentobj", parts)):
            event = b'{"choices":[{"delta":{"content":' + content + b"}}]}"
            found[f"deep_{name}_{deep}"] = SSE + sse(event) + END
    return found


def _odd() -> dict[str, bytes]:
    odd = {
        "nan": b'{"choices":[{"delta":{"content":NaN}}],"x":Infinity}',
        "bigint": b'{"choices":[{"delta":{"content":"hi"}}],"x":' + b"9" * 10_000 + b"}",
        "dupkeys": b'{"choices":[],"choices":[{"delta":{"content":"hi"}}]}',
        "half_object": b'{"choices":[{"delta":{"content":"hi"}}]',
        "two_objects": b'{"choices":[{"delta":{"content":"hi"}}]}{"choices":[]}',
    }
    found = {name: SSE + sse(event) + FINISH + DONE for name, event in odd.items()}
    found["two_answers"] = SSE + sse(_delta("One.")) + END + sse(_delta("Two.")) + END
    return found
