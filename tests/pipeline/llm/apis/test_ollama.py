"""Streams as Ollama's documents and its source show them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import LlmError
from pipeline.llm.apis.ollama import OllamaReply
from pipeline.llm.base import Delta, ToolCall
from pipeline.llm.server import LostCallError, Server

SERVER = Server("Ollama", "http://127.0.0.1:1/v1", "m")


def line(content: str = "", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": content, **message}
    return {"model": "m", "created_at": "2026-11-28T10:00:00.123456789Z", "message": said, "done": False}


def last(reason: str | None = "stop", **more: Any) -> dict[str, Any]:
    counts = {"total_duration": 5, "load_duration": 1, "prompt_eval_count": 26, "eval_count": 7}
    found = {**line(), "done": True, **counts, **more}
    return found if reason is None else {**found, "done_reason": reason}


def call(name: str, arguments: Any, **more: Any) -> dict[str, Any]:
    return {"function": {"name": name, "arguments": arguments}, **more}


def ndjson(*lines: Any) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in lines)


def run(*lines: Any, tools: bool = False) -> list[Delta]:
    reply = OllamaReply(SERVER, tools=tools)
    return reply.push(ndjson(*lines)) + reply.end()


def calls(deltas: list[Delta]) -> list[ToolCall]:
    return [delta.call for delta in deltas if delta.call]


def test_text_and_its_counts() -> None:
    assert run(line("The"), line(" sky."), last()) == [
        Delta("The"),
        Delta(" sky."),
        Delta(finish="stop", tokens_in=26, tokens_out=7),
    ]


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("stop", "stop"), ("length", "length"), (None, "stop"), ("", "stop"), ("new", "stop")],
)
def test_why_it_ended(reason: str | None, finish: str) -> None:
    assert run(line("Well"), last(reason))[-1].finish == finish


@pytest.mark.parametrize("reason", ["load", "unload"])
def test_loading_a_model_is_no_answer(reason: str) -> None:
    with pytest.raises(LlmError, match="gave an empty answer"):
        run({**last(reason), "message": {"role": "assistant", "content": ""}})


def test_a_reason_that_is_empty_ends_nothing() -> None:
    """ollama#4357."""
    assert run({**line("The"), "done_reason": ""}, {**line(" sky."), "done_reason": ""}, last())[0] == Delta(
        "The"
    )
    with pytest.raises(LlmError, match="in the middle of the answer"):
        run({**line("The"), "done_reason": ""})


def test_thinking_is_not_said_and_goes_back_with_calls_only() -> None:
    assert run(line(thinking="Hm. "), line("Hi."), last()) == [
        Delta("Hi."),
        Delta(finish="stop", tokens_in=26, tokens_out=7),
    ]
    deltas = run(
        line(thinking="I need "), line(thinking="a clock."), line(tool_calls=[call("clock", {})]), last()
    )
    assert deltas[-1].finish == "tool_calls"
    assert deltas[-1].opaque is not None
    assert deltas[-1].opaque.of("Ollama", "m") == {"message": {"thinking": "I need a clock."}}


def test_thinking_left_in_the_text_is_not_said_either() -> None:
    """vllm#39885: also after the results of tools, as each answer is read for itself."""
    assert run(line("<think>Hm"), line(".</think>"), line("Hi."), last())[0] == Delta("Hi.")


def test_thinking_alone_is_told_as_such() -> None:
    """modelship#130."""
    with pytest.raises(LlmError, match="thought about it and said nothing"):
        run(line(thinking="Hm."), last())
    with pytest.raises(LlmError, match="used up its answer on thinking"):
        run(line(thinking="Hm."), last("length"))


def test_two_calls_at_once() -> None:
    found = [
        call("weather", {"city": "Paris"}, id="call_1"),
        {"id": "call_2", "function": {"index": 1, "name": "weather", "arguments": {"city": "Rome"}}},
    ]
    expected = [
        ToolCall("call_1", "weather", {"city": "Paris"}),
        ToolCall("call_2", "weather", {"city": "Rome"}),
    ]
    assert calls(run(line(tool_calls=found), last())) == expected
    assert calls(run(line(tool_calls=found[:1]), line(tool_calls=found[1:]), last())) == expected


def test_calls_that_all_have_the_first_place_and_no_id() -> None:
    """litellm#37792."""
    same = [{"function": {"index": 0, "name": "timer", "arguments": {"n": n}}} for n in (5, 6)]
    asked = calls(run(line(tool_calls=same[:1]), line(tool_calls=same[1:]), last()))
    assert [call.arguments for call in asked] == [{"n": 5}, {"n": 6}]
    assert asked[0].id
    assert asked[0].id != asked[1].id


@pytest.mark.parametrize("arguments", [{"n": 5}, '{"n": 5}', '{"n": 5}{"n": 5}', '{{"n": 5}'])
def test_arguments_are_an_object_or_the_text_of_one(arguments: Any) -> None:
    """llama.cpp#20198, vllm#51697."""
    assert calls(run(line(tool_calls=[call("timer", arguments)]), last()))[0].arguments == {"n": 5}


@pytest.mark.parametrize("arguments", [None, {}, "", "{}"])
def test_a_call_without_arguments_has_none(arguments: Any) -> None:
    found = calls(run(line(tool_calls=[call("clock", arguments)]), last()))
    assert (found[0].name, found[0].arguments, found[0].malformed) == ("clock", {}, "")


@pytest.mark.parametrize("arguments", ['{"n": ', [1]])
def test_arguments_that_are_none_are_malformed(arguments: Any) -> None:
    assert calls(run(line(tool_calls=[call("timer", arguments)]), last()))[0].malformed


def test_what_comes_with_a_call_or_a_message_goes_back() -> None:
    """hebo-gateway#226."""
    deltas = run(
        line(
            tool_calls=[call("clock", {}, type="function", signature="s"), call("look", {})],
            reasoning_details=[1],
        ),
        last(),
    )
    assert deltas[-1].opaque is not None
    assert deltas[-1].opaque.content == {
        "message": {"reasoning_details": [1]},
        "calls": [{"signature": "s"}, {}],
    }


def test_a_call_that_was_lost_in_the_stream_is_known() -> None:
    """ollama#9632, vllm#44326: then it is asked again, and not as a stream."""
    with pytest.raises(LostCallError):
        run(last(), tools=True)
    with pytest.raises(LlmError) as caught:
        run(last())
    assert not isinstance(caught.value, LostCallError)


def test_an_error_after_the_answer_had_begun() -> None:
    reply = OllamaReply(SERVER)
    assert reply.push(ndjson(line("Well"))) == [Delta("Well")]
    with pytest.raises(LlmError) as caught:
        reply.push(ndjson({"error": "an error was encountered while running the model: CUDA error"}))
    assert caught.value.failed.startswith("Ollama reported an error: an error was encountered while running")
    assert caught.value.kept
    assert not caught.value.retryable


def test_an_error_in_the_first_line() -> None:
    with pytest.raises(LlmError, match="Ollama reported an error: unexpected EOF") as caught:
        run({"error": "unexpected EOF"})
    assert caught.value.retryable


def test_without_its_last_line_it_was_cut_off() -> None:
    with pytest.raises(LlmError, match="in the middle of the answer"):
        run(line("Well"))
    with pytest.raises(LlmError, match="before it had answered"):
        run(line(thinking="Hm."))


def test_nothing_after_the_last_line_counts() -> None:
    reply = OllamaReply(SERVER)
    deltas = reply.push(ndjson(line("Hi."), last(), line("More.")))
    assert reply.done
    assert deltas + reply.end() == run(line("Hi."), last())


def test_a_last_line_without_an_end() -> None:
    reply = OllamaReply(SERVER)
    deltas = reply.push(ndjson(line("Hi."), last())[:-1]) + reply.end()
    assert deltas[-1] == Delta(finish="stop", tokens_in=26, tokens_out=7)


def test_a_body_that_did_not_stream() -> None:
    once = {**last(), "message": {"role": "assistant", "content": "Hi.", "tool_calls": [call("clock", {})]}}
    for body in (
        json.dumps(once),
        json.dumps(once, indent=1),
        ndjson(
            line("Hi."),
            {**once, "message": {"role": "assistant", "content": "", "tool_calls": [call("clock", {})]}},
        ).decode(),
    ):
        reply = OllamaReply(SERVER)
        deltas = reply.push_whole(body) + reply.end()
        assert [(d.text, d.call and d.call.name, d.finish) for d in deltas] == [
            ("Hi.", None, ""),
            ("", "clock", ""),
            ("", None, "tool_calls"),
        ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            '{"error": "model requires more system memory"}',
            "reported an error: model requires more system memory",
        ),
        ('{"object": "list", "data": []}', "answered with something else"),
        ("", "answered with something else"),
        ("{", "answered with something garbled"),
    ],
)
def test_a_body_that_is_no_answer(body: str, words: str) -> None:
    """lmstudio#618: an error with 200."""
    with pytest.raises(LlmError, match=words):
        OllamaReply(SERVER).push_whole(body)


def test_cut_anywhere_it_is_the_same() -> None:
    stream = ndjson(
        line(thinking="Hm."),
        line("Grüße 🌍, "),
        line("Ann."),
        line(tool_calls=[call("clock", {"ü": "🌍"}, id="a"), call("look", {}, id="b")]),
        last(),
    ).replace(b"\n", b"\r\n")
    expected = run(
        line(thinking="Hm."),
        line("Grüße 🌍, "),
        line("Ann."),
        line(tool_calls=[call("clock", {"ü": "🌍"}, id="a"), call("look", {}, id="b")]),
        last(),
    )
    for place in range(len(stream)):
        reply = OllamaReply(SERVER)
        assert reply.push(stream[:place]) + reply.push(stream[place:]) + reply.end() == expected
    reply = OllamaReply(SERVER)
    assert [delta for byte in stream for delta in reply.push(bytes([byte]))] + reply.end() == expected


NAMES = (  # noqa: SIM905
    "message content role thinking tool_calls function name arguments id index done done_reason eval_count "
    "prompt_eval_count extra error"
).split()
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "a", "stop", "{", "<think>", "\ud83d", "\x00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)
CALL = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4) | st.fixed_dictionaries(
    {"function": st.dictionaries(st.sampled_from(NAMES), JSON, max_size=3)}
)
LINE = JSON | st.fixed_dictionaries(
    {
        "message": st.fixed_dictionaries(
            {},
            optional={"content": JSON, "thinking": JSON, "extra": JSON, "tool_calls": st.lists(CALL | JSON)},
        )
    }
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=3))
def test_whatever_comes_it_is_an_answer_or_a_failure_that_is_told(lines: list[Any]) -> None:
    try:
        reply = OllamaReply(SERVER)
        stream = b"".join(json.dumps(one).encode() + b"\n" for one in [*lines, last()])
        deltas = reply.push(stream) + reply.end()
    except LlmError:
        return
    assert [delta.finish for delta in deltas if delta.finish] == [deltas[-1].finish]
    assert any(delta.text or delta.call for delta in deltas)
    for delta in deltas:
        asked = delta.call and [delta.call.id, delta.call.name, delta.call.arguments]
        kept = delta.opaque and delta.opaque.content
        json.dumps([asked, kept], ensure_ascii=False, allow_nan=False).encode()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1, max_size=6))
def test_the_text_arrives_whole_and_in_order(texts: list[str]) -> None:
    deltas = run(line("a"), *[line(text) for text in texts], last())
    assert "".join(delta.text for delta in deltas) == "a" + "".join(texts)
