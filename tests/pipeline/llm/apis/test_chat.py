from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import LlmError
from pipeline.llm.apis.chat import ChatReply
from pipeline.llm.base import Delta, ToolCall
from pipeline.llm.server import Server

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")
NAMES = (  # noqa: SIM905
    "choices delta content message tool_calls function name arguments id index finish_reason usage "
    "prompt_tokens text type reasoning extra_content error"
).split()
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "a", "stop", "{", "<think>", "\ud83d", "\x00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)
CHUNK = JSON | st.fixed_dictionaries(
    {
        "choices": st.lists(
            st.fixed_dictionaries(
                {"delta": st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4), "finish_reason": JSON}
            ),
            max_size=1,
        )
    }
)


def chunk(delta: Any = None, finish: str | None = None, **more: Any) -> str:
    return json.dumps({"choices": [{"delta": delta or {}, "finish_reason": finish}], **more})


def run(*chunks: str) -> list[Delta]:
    answer = ChatReply(SERVER)
    return [delta for data in chunks for delta in answer.push(f"data: {data}\n\n".encode())] + answer.end()


def calls(*fragments: Any) -> list[ToolCall]:
    deltas = run(*[chunk({"tool_calls": [fragment]}) for fragment in fragments], chunk(finish="tool_calls"))
    return [delta.call for delta in deltas if delta.call]


def test_thinking_in_a_field_of_its_own_is_dropped() -> None:
    deltas = run(
        chunk({"reasoning_content": "Hm."}),
        chunk({"reasoning": "Hm."}),
        chunk({"content": "Hi."}),
        chunk(finish="stop"),
    )
    assert deltas == [Delta("Hi."), Delta(finish="stop")]


def test_tokens_come_last_and_finish_once() -> None:
    usage = json.dumps({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}})
    assert run(chunk({"content": "Hi."}), chunk(finish="length"), usage, "[DONE]") == [
        Delta("Hi."),
        Delta(finish="length", tokens_in=7, tokens_out=2),
    ]


def test_done_alone_is_an_end() -> None:
    assert run(chunk({"content": "Hi."}), " [DONE]")[-1] == Delta(finish="stop")


def test_parts_as_mistral_sends_them() -> None:
    content = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
        {"type": "text", "text": "Hi."},
    ]
    assert run(chunk({"content": content}), "[DONE]")[0] == Delta("Hi.")


def test_a_call_in_fragments_is_given_whole() -> None:
    assert calls(
        {"index": 0, "id": "a", "function": {"name": "timer", "arguments": ""}},
        {"index": 1, "id": "b", "function": {"name": "note", "arguments": '{"t'}},
        {"index": 0, "function": {"arguments": '{"n": 5}'}},
        {"index": 1, "function": {"arguments": '": "x"}'}},
    ) == [ToolCall("a", "timer", {"n": 5}), ToolCall("b", "note", {"t": "x"})]


@pytest.mark.parametrize("place", [{"index": 0}, {}])
def test_whole_calls_without_a_place_of_their_own(place: dict[str, int]) -> None:
    """As Gemini and Ollama send them."""
    found = calls(
        {**place, "id": "a", "function": {"name": "timer", "arguments": '{"n": 5}'}},
        {**place, "id": "b", "function": {"name": "timer", "arguments": {"n": 6}}},
    )
    assert found == [ToolCall("a", "timer", {"n": 5}), ToolCall("b", "timer", {"n": 6})]


@pytest.mark.parametrize("arguments", ['{"n": ', "[1]", "five minutes"])
def test_malformed_arguments_are_handed_on_as_such(arguments: str) -> None:
    call = calls({"index": 0, "id": "a", "function": {"name": "timer", "arguments": arguments}})[0]
    assert call == ToolCall("a", "timer", {}, malformed=arguments)


def test_a_call_without_an_id_gets_one_of_its_own() -> None:
    first, second = calls({"function": {"name": "clock"}}, {"function": {"name": "clock"}})
    assert first.id
    assert first.id != second.id


def test_an_answer_that_only_calls_is_no_empty_answer() -> None:
    assert run(chunk({"tool_calls": [{"id": "a", "function": {"name": "clock"}}]}), chunk(finish="stop"))[
        -1
    ] == Delta(finish="tool_calls")


@settings(max_examples=150, deadline=None)
@given(st.lists(CHUNK, max_size=3))
def test_whatever_comes_it_is_an_answer_or_a_mind_error(chunks: list[Any]) -> None:
    try:
        deltas = run(*map(json.dumps, chunks), "[DONE]")
    except LlmError:
        return
    assert [delta.finish for delta in deltas if delta.finish] == [deltas[-1].finish]
    assert any(delta.text or delta.call for delta in deltas)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1, max_size=6))
def test_the_text_arrives_whole_and_in_order(texts: list[str]) -> None:
    answer = "a" + "".join(texts)
    deltas = run(chunk({"content": "a"}), *[chunk({"content": text}) for text in texts], "[DONE]")
    assert "".join(delta.text for delta in deltas) == answer
