"""Streams as the documents have them; the vendor's own types say that they are such."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import LlmError
from pipeline.llm.apis.responses import Responses, ResponsesReply
from pipeline.llm.base import Delta, ToolCall
from pipeline.llm.server import LostCallError, Server
from tests.pipeline.llm.apis.oracle import Told, Vendor

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")
EVENT = Told("openai.types.responses:ResponseStreamEvent")
Event = dict[str, Any]

RESPONSE: Event = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1.0,
    "model": "m",
    "output": [],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "status": "in_progress",
}
USAGE: Event = {
    "input_tokens": 30,
    "input_tokens_details": {"cached_tokens": 20, "cache_write_tokens": 0},
    "output_tokens": 7,
    "output_tokens_details": {"reasoning_tokens": 3},
    "total_tokens": 37,
}


def message(text: str, *, id: str = "msg_1", refusal: str = "", **more: Any) -> Event:
    content: list[Event] = [{"type": "output_text", "text": text, "annotations": []}] if text else []
    content += [{"type": "refusal", "refusal": refusal}] if refusal else []
    item = {"type": "message", "id": id, "role": "assistant", "status": "completed", "content": content}
    return {**item, **more}


def reasoning(id: str = "rs_1", **more: Any) -> Event:
    return {"type": "reasoning", "id": id, "summary": [], "encrypted_content": f"gAAAA-{id}", **more}


def call(name: str, arguments: str = "{}", *, id: str = "a") -> Event:
    named = {"type": "function_call", "id": f"fc_{id}", "call_id": f"call_{id}", "name": name}
    return {**named, "arguments": arguments, "status": "completed"}


def pieces(item: Event, place: int) -> list[Event]:
    """The events of one item, as they come from OpenAI."""
    at = {"item_id": item["id"], "output_index": place}
    begun = {**item, "status": "in_progress"}
    events: list[Event] = []
    if item["type"] == "message":
        begun["content"] = []
        for n, part in enumerate(item["content"]):
            where = {**at, "content_index": n}
            kind = part["type"]
            field = "text" if kind == "output_text" else "refusal"
            whole = part[field]
            blank = {**part, field: ""}
            events.append({"type": "response.content_part.added", **where, "part": blank})
            more: Event = {"logprobs": []} if kind == "output_text" else {}
            for word in (whole[i : i + 4] for i in range(0, len(whole), 4)):
                events.append({"type": f"response.{kind}.delta", **where, "delta": word, **more})
            events.append({"type": f"response.{kind}.done", **where, field: whole, **more})
            events.append({"type": "response.content_part.done", **where, "part": part})
    elif item["type"] == "function_call":
        begun["arguments"] = ""
        kind = "response.function_call_arguments"
        for letter in item["arguments"]:
            events.append({"type": f"{kind}.delta", **at, "delta": letter})
        events.append({"type": f"{kind}.done", **at, "name": item["name"], "arguments": item["arguments"]})
    elif item["type"] == "reasoning":
        begun["summary"], begun["encrypted_content"] = [], "gAAAA-unfinished"
        for n, part in enumerate(item["summary"]):
            where = {**at, "summary_index": n}
            kind = "response.reasoning_summary"
            events += [
                {"type": f"{kind}_part.added", **where, "part": {**part, "text": ""}},
                {"type": f"{kind}_text.delta", **where, "delta": part["text"]},
                {"type": f"{kind}_text.done", **where, "text": part["text"]},
                {"type": f"{kind}_part.done", **where, "part": part},
            ]
    added = {"type": "response.output_item.added", "output_index": place, "item": begun}
    return [added, *events, {"type": "response.output_item.done", "output_index": place, "item": item}]


def stream(*items: Event, last: str = "completed", **more: Any) -> list[Event]:
    whole = {**RESPONSE, "output": list(items), "status": last, "usage": USAGE, **more}
    return [
        {"type": "response.created", "response": RESPONSE},
        {"type": "response.in_progress", "response": RESPONSE},
        *[event for place, item in enumerate(items) for event in pieces(item, place)],
        {"type": f"response.{last}", "response": whole},
    ]


def numbered(events: list[Event]) -> list[Event]:
    return [{**event, "sequence_number": n} for n, event in enumerate(events)]


def sse(events: list[Event]) -> bytes:
    return b"".join(
        f"event: {event.get('type', '')}\ndata: {json.dumps(event)}\n\n".encode() for event in events
    )


def run(events: list[Event], *, of_openai: bool = True) -> list[Delta]:
    events = numbered(events)
    if of_openai:
        for event in events:
            EVENT.validate_python(event)
    answer = ResponsesReply(SERVER)
    return answer.push(sse(events)) + answer.end()


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


def calls_of(deltas: list[Delta]) -> list[ToolCall]:
    return [delta.call for delta in deltas if delta.call]


STREAMS: dict[str, list[Event]] = {
    "text": stream(message("The capital of France is Paris.")),
    "letters": stream(message("Größe 😀 naïve")),
    "thinking": stream(
        reasoning(summary=[{"type": "summary_text", "text": "Hm."}]), message("Yes.", id="msg_2")
    ),
    "calls": stream(
        reasoning(),
        message("One moment.", phase="commentary"),
        call("timer", '{"n": 5}'),
        reasoning("rs_2"),
        call("note", '{"text": "é"}', id="b"),
    ),
    "refusal": stream(message("", refusal="I cannot help with that.")),
    "incomplete": stream(
        message("Once upon a time", status="incomplete"),
        last="incomplete",
        incomplete_details={"reason": "max_output_tokens"},
    ),
}


def test_a_plain_answer() -> None:
    deltas = run(STREAMS["text"])
    assert text_of(deltas) == "The capital of France is Paris."
    assert deltas[-1] == Delta(finish="stop", tokens_in=30, tokens_out=7, tokens_cached=20, tokens_thinking=3)


def test_thinking_is_never_said() -> None:
    assert text_of(run(STREAMS["thinking"])) == "Yes."


def test_a_comment_before_calls_is_said_and_all_of_the_output_goes_back() -> None:
    deltas = run(STREAMS["calls"])
    assert text_of(deltas) == "One moment."
    assert calls_of(deltas) == [
        ToolCall("call_a", "timer", {"n": 5}),
        ToolCall("call_b", "note", {"text": "é"}),
    ]
    assert deltas[-1].finish == "tool_calls"
    assert deltas[-1].opaque
    whole = Vendor("openai.types.responses").Response.model_validate(STREAMS["calls"][-1]["response"])
    assert deltas[-1].opaque.content == [item.model_dump(exclude_unset=True) for item in whole.output]
    assert deltas[-1].opaque.of(Responses.name, "m") is deltas[-1].opaque.content


def test_an_answer_without_calls_keeps_nothing() -> None:
    assert run(STREAMS["thinking"])[-1].opaque is None


def test_a_comment_and_the_answer_are_not_run_together() -> None:
    comment = message("Let me see.", phase="commentary")
    deltas = run(stream(comment, message("Noon.", id="msg_2", phase="final_answer")))
    assert text_of(deltas) == "Let me see.\nNoon."


def test_a_refusal_has_words() -> None:
    deltas = run(STREAMS["refusal"])
    assert text_of(deltas) == "I cannot help with that."
    assert deltas[-1].finish == "stop"


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("max_output_tokens", "length"), ("content_filter", "content_filter"), ("max_messages", "length")],
)
def test_an_incomplete_answer_is_told_as_such(reason: str, finish: str) -> None:
    events = stream(message("Once"), last="incomplete", incomplete_details={"reason": reason})
    assert run(events)[-1] == Delta(
        finish=finish, tokens_in=30, tokens_out=7, tokens_cached=20, tokens_thinking=3
    )


def test_nothing_but_a_filter_has_its_sentence() -> None:
    with pytest.raises(LlmError, match="withheld the answer"):
        run(stream(last="incomplete", incomplete_details={"reason": "content_filter"}))


def test_nothing_but_thinking_has_its_sentence() -> None:
    with pytest.raises(LlmError, match="thought about it and said nothing"):
        run(stream(reasoning()))


def test_a_call_that_the_model_did_not_come_to_finish_is_not_made() -> None:
    """It would have run without the arguments that were still to come."""
    begun = {**call("clean", ""), "status": "in_progress"}
    events = stream(message("One moment."), last="incomplete", incomplete_details={})
    events.insert(-1, {"type": "response.output_item.added", "output_index": 1, "item": begun})
    deltas = run(events)
    assert not calls_of(deltas)
    assert deltas[-1].finish == "length"


def test_a_response_that_failed() -> None:
    error = {"code": "server_error", "message": "The model is out of order."}
    with pytest.raises(LlmError, match=r"reported an error: The model is out of order\.") as caught:
        run(stream(last="failed", error=error))
    assert caught.value.retryable


def test_a_flat_error_after_the_first_words() -> None:
    error = {"type": "error", "code": "rate_limit_exceeded", "message": "Slow down.", "param": None}
    answer = ResponsesReply(SERVER)
    events = numbered([*STREAMS["text"][:5], error])
    EVENT.validate_python(events[-1])
    assert text_of(answer.push(sse(events))) == "The "
    with pytest.raises(LlmError, match="takes no more requests for now") as caught:
        answer.end()
    assert caught.value.kept


def test_a_wrapped_error() -> None:
    error = {"type": "error", "status": 500, "error": {"code": "server_error", "message": "Oops."}}
    with pytest.raises(LlmError, match=r"reported an error: Oops\."):
        run([error], of_openai=False)


def test_a_stream_without_its_end_was_cut_off() -> None:
    answer = ResponsesReply(SERVER)
    answer.push(sse(STREAMS["text"][:-1]))
    with pytest.raises(LlmError, match="in the middle of the answer"):
        answer.end()


def test_what_comes_behind_the_end_is_not_read() -> None:
    answer = ResponsesReply(SERVER)
    answer.push(sse(STREAMS["text"]))
    assert answer.done
    assert answer.push(b"data: [DONE]\n\n") == []


def test_an_end_as_gateways_write_it() -> None:
    answer = ResponsesReply(SERVER)
    answer.push(sse(STREAMS["text"][:-1]) + b"data: [DONE]\n\n")
    assert answer.end()[-1] == Delta(finish="stop")


def test_a_sign_of_life_of_the_connection_is_none_of_the_model() -> None:
    answer = ResponsesReply(SERVER)
    answer.push(sse([{"type": "keepalive", "sequence_number": 3}]))
    assert answer.events == 0


@pytest.mark.parametrize("events", STREAMS.values(), ids=STREAMS)
def test_byte_by_byte(events: list[Event]) -> None:
    data = sse(events)
    answer = ResponsesReply(SERVER)
    deltas = [delta for n in range(len(data)) for delta in answer.push(data[n : n + 1])]
    assert deltas + answer.end() == run(events)


def test_cut_at_every_byte() -> None:
    data, whole = sse(STREAMS["letters"]), run(STREAMS["letters"])
    for cut in range(1, len(data)):
        answer = ResponsesReply(SERVER)
        assert answer.push(data[:cut]) + answer.push(data[cut:]) + answer.end() == whole


def test_what_is_not_known_is_let_be() -> None:
    """Of sixty kinds of events a dozen matter; an item that nobody reads goes back with the rest."""
    at = {"item_id": "ws_1", "output_index": 0}
    search: Event = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    search["action"] = {"type": "search", "query": "noon"}
    events = stream(search, message("Noon."), call("clock"))
    events[3:3] = [
        {"type": "response.queued", "response": RESPONSE},
        {"type": "response.web_search_call.searching", **at},
        {"type": "response.image_generation_call.generating", **at},
        {"type": "response.mcp_list_tools.in_progress", **at},
    ]
    deltas = run([*events[:3], {"type": "response.of_tomorrow", "delta": "x"}, *events[3:]], of_openai=False)
    assert deltas == run(events)
    assert text_of(deltas) == "Noon."
    assert deltas[-1].opaque
    assert [item["type"] for item in deltas[-1].opaque.content] == [
        "web_search_call",
        "message",
        "function_call",
    ]


def test_thinking_that_a_model_shows_is_not_said_and_goes_back() -> None:
    """As open models do, behind llama.cpp and vLLM."""
    thought = reasoning(content=[{"type": "reasoning_text", "text": "Hm."}], encrypted_content="")
    events = stream(thought, call("clock"))
    at = {"item_id": "rs_1", "output_index": 0, "content_index": 0}
    events.insert(3, {"type": "response.reasoning_text.delta", **at, "delta": "Hm."})
    deltas = run(events)
    assert text_of(deltas) == ""
    assert deltas[-1].opaque
    assert deltas[-1].opaque.content[0] == thought


# How servers depart from it ------------------------------------------------------------------------


def bare(events: list[Event], *names: str) -> list[Event]:
    return [{key: value for key, value in event.items() if key not in names} for event in events]


@pytest.mark.parametrize("name", ["text", "calls", "thinking", "refusal"])
def test_neither_places_nor_ids_are_needed(name: str) -> None:
    """Lemonade sends no ``output_index`` and no ``content_index``, gateways no ``item_id``."""
    events, whole = STREAMS[name], run(STREAMS[name])
    assert run(bare(events, "output_index", "content_index"), of_openai=False) == whole
    assert run(bare(events, "item_id"), of_openai=False) == whole
    assert run(bare(events, "item_id", "output_index", "content_index"), of_openai=False) == whole


def test_ids_that_change_from_event_to_event() -> None:
    events = [
        {**event, **({"item_id": f"x{n}"} if "item_id" in event else {})}
        for n, event in enumerate(STREAMS["calls"])
    ]
    for n, event in enumerate(events):
        if "item" in event:
            event["item"] = {**event["item"], "id": f"y{n}"}
    deltas = run(events, of_openai=False)
    assert text_of(deltas) == "One moment."
    assert [call.arguments for call in calls_of(deltas)] == [{"n": 5}, {"text": "é"}]


def test_fields_that_are_missing() -> None:
    """llama.cpp: a bare ``response.created``, a text part without ``text``, an item without an id."""
    events: list[Event] = [
        {"type": "response.created", "response": {"id": "r", "status": "in_progress"}},
        {"type": "response.output_item.added", "item": {"type": "message", "id": "msg_1", "content": []}},
        {"type": "response.content_part.added", "item_id": "msg_1", "part": {"type": "output_text"}},
        {"type": "response.output_text.delta", "item_id": "msg_1", "delta": "Well."},
        *[
            event
            for id in "ab"
            for event in (
                {
                    "type": "response.output_item.added",
                    "item": {"type": "function_call", "call_id": f"fc_{id}", "name": id, "arguments": ""},
                },
                {"type": "response.function_call_arguments.delta", "item_id": f"fc_{id}", "delta": '{"n'},
                {"type": "response.function_call_arguments.delta", "item_id": f"fc_{id}", "delta": '": 1}'},
            )
        ],
        {"type": "response.completed", "response": {}},
    ]
    deltas = run(events, of_openai=False)
    assert text_of(deltas) == "Well."
    assert calls_of(deltas) == [ToolCall("fc_a", "a", {"n": 1}), ToolCall("fc_b", "b", {"n": 1})]


def test_ids_that_only_the_pieces_have() -> None:
    begun: Event = {"type": "response.output_item.added"}
    item: Event = {"type": "function_call", "arguments": ""}
    piece: Event = {"type": "response.function_call_arguments.delta"}
    events = [
        {**begun, "item": {**item, "name": "timer"}},
        {**piece, "item_id": "x", "delta": '{"n"'},
        {**begun, "item": {**item, "name": "clock"}},
        {**piece, "item_id": "y", "delta": "{"},
        {**piece, "item_id": "x", "delta": ": 5}"},
        {**piece, "item_id": "y", "delta": "}"},
        {"type": "response.completed", "response": {}},
    ]
    found = [(call.name, call.arguments) for call in calls_of(run(events, of_openai=False))]
    assert found == [("timer", {"n": 5}), ("clock", {})]


def test_what_comes_once_more_at_the_end_takes_nothing_away() -> None:
    events = stream(reasoning(), call("timer", '{"n": 5}'))
    events[-1]["response"]["output"] = [reasoning(encrypted_content=None), call("timer", "{}")]
    deltas = run(events)
    assert calls_of(deltas) == [ToolCall("call_a", "timer", {"n": 5})]
    assert deltas[-1].opaque
    assert deltas[-1].opaque.content == [reasoning(), call("timer", '{"n": 5}')]


def test_the_item_that_is_done_has_the_last_word() -> None:
    """Arguments sent twice, an id that comes late, words that were left out of the deltas."""
    events = stream(message("The whole answer."), call("timer", '{"n": 5}'))
    events = [e for e in events if not (e["type"] == "response.output_text.delta" and e["delta"] != "The ")]
    doubled = [e for e in events for _ in range(1 + ("arguments.delta" in e["type"]))]
    deltas = run(doubled, of_openai=False)
    assert text_of(deltas) == "The whole answer."
    assert calls_of(deltas) == [ToolCall("call_a", "timer", {"n": 5})]


def test_only_the_end_brings_the_answer() -> None:
    events = [STREAMS["calls"][0], STREAMS["calls"][-1]]
    assert run(events) == [Delta("One moment."), *run(STREAMS["calls"])[-3:]]


def test_only_a_whole_part_brings_the_words() -> None:
    done = {"type": "response.output_text.done", "item_id": "msg_1", "text": "Noon."}
    assert text_of(run([done, {"type": "response.completed", "response": {}}], of_openai=False)) == "Noon."


def test_arguments_as_an_object() -> None:
    item = {**call("timer"), "arguments": {"n": 5}}
    done = {"type": "response.output_item.done", "item": item}
    assert calls_of(run([done, {"type": "response.completed"}], of_openai=False))[0].arguments == {"n": 5}


@pytest.mark.parametrize(
    ("arguments", "sent_back"), [('{"n": ', "{}"), ('{"n": 5}{"n": 5}', '{"n": 5}'), ("", "{}")]
)
def test_a_malformed_call_goes_back_as_json(arguments: str, sent_back: str) -> None:
    """llama.cpp: one broken call in the history, and every later request fails."""
    opaque = run(stream(reasoning(), call("timer", arguments)))[-1].opaque
    assert opaque
    assert opaque.content[1]["arguments"] == sent_back


def test_thinking_that_nobody_can_read_does_not_go_back() -> None:
    """OpenAI looks for it among what is stored, and nothing is."""
    opaque = run(stream(reasoning(encrypted_content=None), call("timer")))[-1].opaque
    assert opaque
    assert [item["type"] for item in opaque.content] == ["function_call"]


def test_thinking_in_the_text_is_not_said() -> None:
    assert text_of(run(stream(message("<think>Hm.</think>Yes.")))) == "Yes."


def test_a_call_that_got_lost_is_asked_for_once_more() -> None:
    answer = ResponsesReply(SERVER, tools=True)
    answer.push(sse(stream()))
    with pytest.raises(LostCallError):
        answer.end()


def test_a_body_that_did_not_stream() -> None:
    for events in STREAMS.values():
        whole = run(events)
        answer = ResponsesReply(SERVER)
        deltas = answer.push_whole(json.dumps(events[-1]["response"])) + answer.end()
        assert (text_of(deltas), deltas[-1]) == (text_of(whole), whole[-1])
        assert calls_of(deltas) == calls_of(whole)


def test_a_body_that_tells_of_an_error() -> None:
    body = {**RESPONSE, "status": "failed", "error": {"code": "server_error", "message": "Oops."}}
    with pytest.raises(LlmError, match=r"Oops\."):
        ResponsesReply(SERVER).push_whole(json.dumps(body))


def test_parts_without_end_are_ended() -> None:
    answer = ResponsesReply(SERVER)
    events: list[Event] = [
        {"type": "response.output_text.delta", "item_id": f"x{n}", "delta": ""} for n in range(1001)
    ]
    with pytest.raises(LlmError, match="went on for too long"):
        answer.push(sse(events))


# Whatever comes --------------------------------------------------------------------------------------

NAMES = (  # noqa: SIM905
    "type delta item item_id output_index id call_id name arguments content text refusal response output "
    "status error usage input_tokens incomplete_details reason encrypted_content summary"
).split()
KINDS = [
    "message",
    "function_call",
    "reasoning",
    "output_text",
    "error",
    "keepalive",
    *(
        f"response.{kind}"
        for kind in (
            "output_text.delta",
            "refusal.delta",
            "output_item.added",
            "output_item.done",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "reasoning_text.delta",
            "completed",
            "incomplete",
            "failed",
        )
    ),
]
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
    answer = ResponsesReply(SERVER)
    data = b"".join(f"data: {json.dumps(event)}\n\n".encode() for event in [*events, STREAMS["calls"][-1]])
    try:
        deltas = answer.push(data) + answer.end()
    except LlmError:
        return
    assert [delta.finish for delta in deltas if delta.finish] == [deltas[-1].finish]
    assert any(delta.text or delta.call for delta in deltas)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1, max_size=6))
def test_the_text_arrives_whole_and_in_order(texts: list[str]) -> None:
    whole = "a" + "".join(texts)
    at = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "logprobs": []}
    events = stream(message(whole))
    words = [{"type": "response.output_text.delta", **at, "delta": text} for text in ["a", *texts]]
    events = [e for e in events if e["type"] != "response.output_text.delta"]
    assert text_of(run([*events[:4], *words, *events[4:]])) == whole
