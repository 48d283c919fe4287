"""Streams as the documents have them; the vendor's own types say that they are such."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import LlmError
from pipeline.llm.apis.messages import Messages, MessagesReply
from pipeline.llm.base import Delta, ToolCall
from pipeline.llm.server import LostCallError, Server
from tests.pipeline.llm.apis.oracle import Told, Vendor

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")
EVENT = Told("anthropic.types:RawMessageStreamEvent")
STREAMING = Vendor("anthropic.lib.streaming._messages")
Event = dict[str, Any]

START: Event = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": [],
        "model": "m",
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 4,
            "cache_read_input_tokens": 20,
            "cache_creation_input_tokens": 6,
            "output_tokens": 1,
        },
    },
}
PING: Event = {"type": "ping"}
STOP: Event = {"type": "message_stop"}
LAST = Delta(finish="stop", tokens_in=30, tokens_out=7, tokens_cached=20)


def block(begun: Event, *deltas: Event) -> list[Event]:
    """Of an answer; its place is told by ``stream``."""
    return [
        {"type": "content_block_start", "content_block": begun},
        *[{"type": "content_block_delta", "delta": delta} for delta in deltas],
        {"type": "content_block_stop"},
    ]


def text(*pieces: str) -> list[Event]:
    return block({"type": "text", "text": ""}, *[{"type": "text_delta", "text": piece} for piece in pieces])


def thinking(thought: str, signature: str = "EqQBCg==") -> list[Event]:
    begun = {"type": "thinking", "thinking": "", "signature": ""}
    signed = {"type": "signature_delta", "signature": signature}
    return block(
        begun, *[{"type": "thinking_delta", "thinking": word} for word in thought.split("|")], signed
    )


def tool_use(id: str, name: str, *pieces: str) -> list[Event]:
    begun = {"type": "tool_use", "id": id, "name": name, "input": {}}
    return block(begun, *[{"type": "input_json_delta", "partial_json": piece} for piece in pieces])


def end(reason: str, **more: Any) -> list[Event]:
    delta = {"stop_reason": reason, "stop_sequence": None, **more}
    return [{"type": "message_delta", "delta": delta, "usage": {"output_tokens": 7}}, STOP]


def stream(*blocks: list[Event], reason: str = "end_turn", **more: Any) -> list[Event]:
    placed = [{**event, "index": index} for index, events in enumerate(blocks) for event in events]
    return [START, PING, *placed, *end(reason, **more)]


def sse(events: list[Event]) -> bytes:
    return b"".join(
        f"event: {event.get('type', '')}\ndata: {json.dumps(event)}\n\n".encode() for event in events
    )


def of_anthropic(events: list[Event]) -> list[Any]:
    """The blocks that their own client makes of it."""
    whole: Any = None
    buffers: dict[int, bytes] = {}
    for event in events:
        if event["type"] not in ("ping", "error"):
            read = EVENT.validate_python(event)
            whole = Vendor("anthropic.lib.streaming._messages").accumulate_event(
                event=read, current_snapshot=whole, json_bufs=buffers
            )
    return [block.model_dump(exclude_none=True) for block in whole.content]


def run(events: list[Event]) -> list[Delta]:
    answer = MessagesReply(SERVER)
    return answer.push(sse(events)) + answer.end()


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


def calls_of(deltas: list[Delta]) -> list[ToolCall]:
    return [delta.call for delta in deltas if delta.call]


REDACTED = block({"type": "redacted_thinking", "data": "EmwKAhgBEgy3va"})
STREAMS: dict[str, list[Event]] = {
    "text": stream(text("The capital", " of France", " is Paris.")),
    "letters": stream(text("Größe ", "😀", " naïve")),
    "thinking": stream(thinking("Let me| see."), REDACTED, text("Yes.")),
    "calls": stream(
        thinking("Two |things."),
        text("One moment."),
        tool_use("toolu_a", "timer", "", '{"n"', ": 5}"),
        thinking("And", signature="second=="),
        tool_use("toolu_b", "clock", ""),
        reason="tool_use",
    ),
    "length": stream(text("Once upon"), reason="max_tokens"),
    "refusal": stream(
        text("Well"),
        reason="refusal",
        stop_details={"type": "refusal", "category": "bio", "explanation": "Not this."},
    ),
}


@pytest.mark.parametrize("events", STREAMS.values(), ids=STREAMS)
def test_they_are_streams_of_anthropic(events: list[Event]) -> None:
    assert of_anthropic(events)


def test_a_plain_answer() -> None:
    deltas = run(STREAMS["text"])
    assert text_of(deltas) == "The capital of France is Paris."
    assert deltas[-1] == LAST


def test_thinking_is_never_said() -> None:
    assert text_of(run(STREAMS["thinking"])) == "Yes."


def test_the_blocks_go_back_as_they_came() -> None:
    deltas = run(STREAMS["calls"])
    assert text_of(deltas) == "One moment."
    assert calls_of(deltas) == [ToolCall("toolu_a", "timer", {"n": 5}), ToolCall("toolu_b", "clock", {})]
    assert deltas[-1].finish == "tool_calls"
    assert deltas[-1].opaque
    assert deltas[-1].opaque.of(Messages.name, "m") == of_anthropic(STREAMS["calls"])
    assert [block["type"] for block in deltas[-1].opaque.content] == [
        "thinking",
        "text",
        "tool_use",
        "thinking",
        "tool_use",
    ]


def test_redacted_thinking_and_what_is_not_known_go_back_too() -> None:
    search = block(
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
        {"type": "input_json_delta", "partial_json": '{"query": "noon"}'},
    )
    found = block({"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []})
    cited = {"type": "char_location", "cited_text": "N", "document_index": 0, "document_title": None}
    cited |= {"start_char_index": 0, "end_char_index": 1, "file_id": None}
    said = text("Noon.")
    said.insert(2, {"type": "content_block_delta", "delta": {"type": "citations_delta", "citation": cited}})
    events = stream(REDACTED, search, found, said, tool_use("toolu_a", "clock", "{}"), reason="tool_use")
    deltas = run(events)
    assert text_of(deltas) == "Noon."
    assert calls_of(deltas) == [ToolCall("toolu_a", "clock", {})]
    assert deltas[-1].opaque
    kept = [
        {**block, "citations": [cited]} if "citations" in block else block for block in of_anthropic(events)
    ]
    assert deltas[-1].opaque.content == kept


def test_an_answer_without_calls_keeps_nothing() -> None:
    assert run(STREAMS["thinking"])[-1].opaque is None


def test_empty_text_does_not_go_back() -> None:
    opaque = run(stream(text(""), tool_use("a", "clock"), reason="tool_use"))[-1].opaque
    assert opaque
    assert [block["type"] for block in opaque.content] == ["tool_use"]


def test_what_stands_apart_is_not_run_together() -> None:
    assert text_of(run(stream(text("Let me see."), thinking("Hm."), text("Noon.")))) == "Let me see.\nNoon."
    assert text_of(run(stream(text("It is"), text(" noon.")))) == "It is noon."


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("refusal", "content_filter"),
        ("something_new", "stop"),
    ],
)
def test_why_it_stopped(reason: str, finish: str) -> None:
    assert run(stream(text("Once"), reason=reason))[-1].finish == finish


def test_a_tool_that_is_not_named_is_no_end() -> None:
    with pytest.raises(LostCallError, match="wanted to use a tool and did not say which"):
        run(stream(text("Well"), reason="tool_use"))


def test_a_refusal_has_words() -> None:
    explained = {"type": "refusal", "category": "bio", "explanation": "I cannot help with that."}
    deltas = run(stream(reason="refusal", stop_details=explained))
    assert text_of(deltas) == "I cannot help with that."
    assert deltas[-1].finish == "content_filter"
    assert text_of(run(STREAMS["refusal"])) == "Well"
    with pytest.raises(LlmError, match="withheld the answer"):
        run(stream(reason="refusal"))


def test_a_pause_is_asked_once_more_or_told() -> None:
    with pytest.raises(LostCallError, match="paused in the middle of its answer"):
        run(stream(reason="pause_turn"))
    with pytest.raises(LlmError) as caught:
        run(stream(text("Well"), reason="pause_turn"))
    assert caught.value.kept


def test_a_call_that_the_model_did_not_come_to_finish_is_not_made() -> None:
    """It would have run without the arguments that were still to come."""
    deltas = run(stream(text("One moment."), tool_use("a", "clean"), reason="max_tokens"))
    assert not calls_of(deltas)
    assert deltas[-1].finish == "length"
    begun = run(stream(tool_use("a", "clock"), tool_use("b", "clean", '{"wh'), reason="max_tokens"))
    assert calls_of(begun) == [ToolCall("a", "clock", {}), ToolCall("b", "clean", {}, malformed='{"wh')]


def test_a_malformed_call_goes_back_as_an_empty_one() -> None:
    deltas = run(stream(tool_use("a", "clock", '{"n": '), reason="tool_use"))
    assert calls_of(deltas)[0].malformed == '{"n": '
    assert deltas[-1].opaque
    assert deltas[-1].opaque.content[0]["input"] == {}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("overloaded_error", "reported an error: Because."),
        ("api_error", "reported an error: Because."),
        ("rate_limit_error", "takes no more requests for now"),
        ("billing_error", "no credit left"),
    ],
)
def test_an_error_after_the_first_words(kind: str, words: str) -> None:
    error = {"type": "error", "error": {"type": kind, "message": "Because."}, "request_id": "req_1"}
    answer = MessagesReply(SERVER)
    assert text_of(answer.push(sse([*STREAMS["text"][:4], error]))) == "The capital"
    with pytest.raises(LlmError, match=words) as caught:
        answer.end()
    assert caught.value.kept


def test_an_error_before_them_may_be_tried_again() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    with pytest.raises(LlmError, match="Overloaded") as caught:
        run([error])
    assert caught.value.retryable


def test_a_stream_without_its_end_was_cut_off() -> None:
    answer = MessagesReply(SERVER)
    answer.push(sse(STREAMS["text"][:-2]))
    with pytest.raises(LlmError, match="in the middle of the answer"):
        answer.end()


def test_a_ping_is_a_sign_of_life_of_the_connection_and_none_of_the_model() -> None:
    answer = MessagesReply(SERVER)
    answer.push(sse([START, PING, PING]))
    assert answer.events == 1


@pytest.mark.parametrize("events", STREAMS.values(), ids=STREAMS)
def test_byte_by_byte(events: list[Event]) -> None:
    data = sse(events)
    answer = MessagesReply(SERVER)
    deltas = [delta for n in range(len(data)) for delta in answer.push(data[n : n + 1])]
    assert deltas + answer.end() == run(events)


def test_cut_at_every_byte() -> None:
    data, whole = sse(STREAMS["letters"]), run(STREAMS["letters"])
    for cut in range(1, len(data)):
        answer = MessagesReply(SERVER)
        assert answer.push(data[:cut]) + answer.push(data[cut:]) + answer.end() == whole


def test_what_is_not_known_is_let_be() -> None:
    events = [
        *STREAMS["calls"][:4],
        {"type": "of_tomorrow", "delta": {"type": "text_delta", "text": "x"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "of_tomorrow", "text": "x"}},
        *STREAMS["calls"][4:],
    ]
    assert run(events) == run(STREAMS["calls"])


# How servers depart from it ------------------------------------------------------------------------


def test_a_body_that_did_not_stream() -> None:
    for events in STREAMS.values():
        whole = run(events)
        delta = next(event["delta"] for event in events if event["type"] == "message_delta")
        usage = {**START["message"]["usage"], "output_tokens": 7}
        body = {**START["message"], "content": of_anthropic(events), **delta, "usage": usage}
        answer = MessagesReply(SERVER)
        deltas = answer.push_whole(json.dumps(body)) + answer.end()
        assert (text_of(deltas), deltas[-1]) == (text_of(whole), whole[-1])
        assert calls_of(deltas) == calls_of(whole)


def test_neither_places_nor_beginnings_are_needed() -> None:
    bare = [{key: value for key, value in event.items() if key != "index"} for event in STREAMS["calls"]]
    assert run(bare) == run(STREAMS["calls"])
    unbegun = [event for event in STREAMS["thinking"] if event["type"] != "content_block_start"]
    assert run(unbegun) == run(STREAMS["thinking"])
    begun = [e for e in STREAMS["calls"] if e.get("index", 2) in (2, 4) or e["type"] != "content_block_start"]
    assert run(begun) == run(STREAMS["calls"])


def test_words_that_come_with_the_beginning() -> None:
    said = block({"type": "text", "text": "One "}, {"type": "text_delta", "text": "moment."})
    deltas = run(stream(said, tool_use("a", "clock"), reason="tool_use"))
    assert text_of(deltas) == "One moment."
    assert deltas[-1].opaque
    assert deltas[-1].opaque.content[0] == {"type": "text", "text": "One moment."}


def test_the_name_of_the_event_may_be_all_that_tells_what_it_is() -> None:
    data = b"".join(
        f"event: {event['type']}\ndata: "
        f"{json.dumps({key: value for key, value in event.items() if key != 'type'})}\n\n".encode()
        for event in STREAMS["text"]
    )
    answer = MessagesReply(SERVER)
    assert answer.push(data) + answer.end() == run(STREAMS["text"])


def test_arguments_that_come_with_the_beginning() -> None:
    begun = {"type": "tool_use", "id": "a", "name": "timer", "input": {"n": 5}}
    pieces = {"type": "input_json_delta", "partial_json": '{"n":  5}'}
    for events in (block(begun), block(begun, pieces), block({**begun, "input": '{"n": 5}'})):
        assert calls_of(run(stream(events, reason="tool_use"))) == [ToolCall("a", "timer", {"n": 5})]


def test_arguments_sent_twice() -> None:
    twice = tool_use("a", "timer", '{"n": 5}', '{"n": 5}')
    deltas = run(stream(twice, reason="tool_use"))
    assert calls_of(deltas) == [ToolCall("a", "timer", {"n": 5})]
    assert deltas[-1].opaque
    assert deltas[-1].opaque.content[0]["input"] == {"n": 5}


def test_calls_without_ids_get_their_own() -> None:
    first, second = calls_of(run(stream(tool_use("", "clock"), tool_use("", "clock"), reason="end_turn")))
    assert first.id
    assert first.id != second.id


def test_thinking_in_the_text_is_not_said() -> None:
    """vLLM's streams have no blocks of thinking."""
    assert text_of(run(stream(text("<mm:think>Hm.</mm", ":think>Yes.")))) == "Yes."


def test_nothing_but_thinking_has_its_sentence() -> None:
    with pytest.raises(LlmError, match="thought about it and said nothing"):
        run(stream(thinking("Hm.")))
    with pytest.raises(LlmError, match="used up its answer on thinking"):
        run(stream(thinking("Hm."), reason="max_tokens"))


def test_a_call_that_got_lost_is_asked_for_once_more() -> None:
    answer = MessagesReply(SERVER, tools=True)
    answer.push(sse(stream()))
    with pytest.raises(LostCallError):
        answer.end()


def test_usage_that_comes_late_or_not_at_all() -> None:
    late = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}
    usage = {"input_tokens": 9, "cache_read_input_tokens": None, "output_tokens": 2}
    events = [{"type": "message_start", "message": {}}, *STREAMS["text"][2:-2]]
    assert run([*events, late, STOP])[-1] == Delta(finish="stop")
    assert run([*events, {**late, "usage": usage}, STOP])[-1] == Delta(
        finish="stop", tokens_in=9, tokens_out=2
    )


def test_parts_without_end_are_ended() -> None:
    answer = MessagesReply(SERVER)
    events: list[Event] = [
        {"type": "content_block_start", "index": n, "content_block": {"type": "text"}} for n in range(1001)
    ]
    with pytest.raises(LlmError, match="went on for too long"):
        answer.push(sse(events))


# Whatever comes --------------------------------------------------------------------------------------

NAMES = (  # noqa: SIM905
    "type delta index content_block message usage text thinking signature partial_json input id name data "
    "stop_reason stop_details explanation citation citations content error input_tokens"
).split()
KINDS = (  # noqa: SIM905
    "text thinking redacted_thinking tool_use server_tool_use text_delta thinking_delta signature_delta "
    "input_json_delta citations_delta message_start content_block_start content_block_delta "
    "content_block_stop message_delta message_stop ping error message max_tokens refusal pause_turn"
).split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "{", "\ud83d", "\x00", *KINDS]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
ANY_EVENT = JSON | st.builds(
    lambda kind, rest: {**rest, "type": kind},
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_EVENT, max_size=5))
def test_whatever_comes_it_is_an_answer_or_an_error(events: list[Any]) -> None:
    answer = MessagesReply(SERVER)
    data = b"".join(f"data: {json.dumps(event)}\n\n".encode() for event in [*events, *STREAMS["calls"]])
    try:
        deltas = answer.push(data) + answer.end()
    except LlmError:
        return
    assert [delta.finish for delta in deltas if delta.finish] == [deltas[-1].finish]
    assert any(delta.text or delta.call for delta in deltas)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1, max_size=6))
def test_the_text_arrives_whole_and_in_order(texts: list[str]) -> None:
    assert text_of(run(stream(text("a", *texts)))) == "a" + "".join(texts)
