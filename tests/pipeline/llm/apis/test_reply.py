from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile.llm_cases.streams import SOUND
from config.errors import LlmError
from config.runtime.clean import clean
from pipeline.llm.apis.base import Reply
from pipeline.llm.apis.registry import open_api
from pipeline.llm.apis.reply import CallBegun
from pipeline.llm.apis.sendable import sendable
from pipeline.llm.base import Delta, ToolCall
from pipeline.llm.server import Server
from tests.tables import for_each

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")

ODD_PIECES = st.text(max_size=3) | st.text(st.characters(categories=("Cs", "Cc", "Cf")), max_size=3)

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


@for_each("api", [*SOUND])
def test_arguments_and_answers_are_nested_as_deeply_as_anybody_needs(api: str) -> None:
    """As a string, in pieces, as an object: 32 levels are a call, more malformed, 900 no answer at all."""
    for levels, deep in ((32, False), (33, True), (200, True), (900, True)):
        nested = '{"a": ' * levels + "1" + "}" * levels
        told = SOUND[api].stream(SOUND[api].called).replace(b'{"index": 0, "name"', b'{"name"')
        for whole, pieces in (
            (rb'"arguments": "{"', b'"arguments": %s' % json.dumps(nested[:-1]).encode()),
            (rb'"partial_json": "{"', b'"partial_json": %s' % json.dumps(nested[:-1]).encode()),
            (rb'"{}"', json.dumps(nested).encode()),
            (rb'"arguments": {}', b'"arguments": %s' % nested.encode()),
            (rb'"args": {}', b'"args": %s' % nested.encode()),
        ):
            told = told.replace(whole, pieces)
        reply = open_api(api, "m").reply(SERVER, tools=True)
        try:
            calls = [delta.call for delta in reply.push(told) + reply.end() if delta.call]
        except LlmError:  # an object in the event itself
            assert levels >= 200
            continue
        assert [bool(call.malformed) for call in calls] == [deep], (levels, calls)
        assert deep or json.dumps(calls[0].arguments) == nested


@for_each("api", [*SOUND])
def test_blanks_before_the_first_word_are_nothing_said(api: str) -> None:
    sound, blank = SOUND[api], "\n \t" * 30_000
    for blanks, text, told in (
        (1, "ok. ", "ok. "),
        (1, "", "gave an empty"),
        (5, "", "went on for too long"),
    ):
        reply = open_api(api, "m").reply(SERVER)
        stream = sound.piece(blank) * blanks + sound.stream(sound.saying(f"{blank}{text}"))
        if text:
            assert "".join(delta.text for delta in _whole(reply, stream)) == told
            continue
        with pytest.raises(LlmError, match=told):
            _whole(reply, stream)
        assert not reply.said


def _whole(reply: Reply, stream: bytes) -> list[Delta]:
    return [*reply.push(stream), *reply.end()]


@settings(max_examples=100, deadline=None)
@given(st.lists(ODD_PIECES, min_size=1, max_size=8))
def test_no_split_of_an_answer_over_deltas_changes_it(pieces: list[str]) -> None:
    """A letter's halves are escapes of their own in JSON, and may come in two chunks."""
    said, whole = ([*map(_chat_chunk, cut)] for cut in (pieces, ["".join(pieces)]))
    assert _told(said) == _told(whole) == clean("a" + "".join(pieces))


def _chat_chunk(text: str) -> dict[str, object]:
    return {"choices": [{"delta": {"content": text}}]}


def _told(chunks: list[dict[str, object]]) -> str:
    reply = open_api("chat", "m").reply(SERVER)
    last = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    stream = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in (_chat_chunk("a"), *chunks, last))
    return "".join(delta.text for delta in _whole(reply, stream.encode()))
