from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.llm.apis.chat import ChatReply
from pipeline.llm.apis.sendable import sendable
from pipeline.llm.server import Server

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "é", "\ud83d", "\ude00", "a\ud83db", "\\ud83d"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab\ud83d"), inner, max_size=3)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ({"a": ["é", 1, None, "\\ud83d"]}, {"a": ["é", 1, None, "\\ud83d"]}),
        ("\ud83d\ude00", "😀"),
        ("a\ud83db", "a\ufffdb"),
        ({"a": float("nan")}, {"a": None}),
    ],
)
def test_what_cannot_be_written_is_replaced(value: Any, sent: Any) -> None:
    assert sendable(value) == sent


def test_what_is_too_deep_is_not_sent() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert sendable(deep) is None


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_whatever_was_read_can_be_sent(value: Any) -> None:
    httpx.Request("POST", "http://a.test", json=sendable(json.loads(json.dumps(value))))


def test_what_a_server_wants_back_can_be_sent() -> None:
    """Half of a character in a piece of thinking made the next request impossible."""
    answer = ChatReply(Server("the server", "http://127.0.0.1:1/v1", "m"))
    delta = {"reasoning": "\ud83d", "tool_calls": [{"id": "a", "function": {"name": "clock"}}]}
    chunk = {"choices": [{"delta": delta, "finish_reason": "stop"}]}
    answer.push(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode())
    opaque = answer.end()[-1].opaque
    assert opaque
    assert opaque.content == {"message": {"reasoning": "\ufffd"}}
    httpx.Request("POST", "http://a.test", json=opaque.content)
