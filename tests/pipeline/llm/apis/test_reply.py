from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.llm.apis.reply import CallBegun
from pipeline.llm.apis.sendable import sendable
from pipeline.llm.base import ToolCall

VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(st.characters(), max_size=4) | st.just("\ud83d"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def test_the_halves_of_a_character_are_joined_and_half_of_one_is_replaced() -> None:
    assert sendable(["\ud83d\ude00", "a\ud83d"]) == ["😀", "a�"]


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_whatever_is_kept_can_be_sent(value: object) -> None:
    json.dumps(sendable(value), ensure_ascii=False, allow_nan=False).encode()


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_what_can_be_sent_stays_as_it_is(text: str) -> None:
    value = {"a": [text, 1, 0.5, True, None]}
    assert sendable(value) == value


def test_a_call_can_be_sent_back_whatever_its_arguments() -> None:
    call = CallBegun(0, "a\ud83d", "clock", '{"n": NaN, "t": "\\ud83d"}').whole()
    assert call == ToolCall("a�", "clock", {"n": None, "t": "�"})


def test_arguments_nested_too_deeply_are_malformed() -> None:
    text = '{"a":' * 100_000 + "1" + "}" * 100_000
    assert CallBegun(0, "a", "clock", text).whole() == ToolCall("a", "clock", {}, malformed=text)
