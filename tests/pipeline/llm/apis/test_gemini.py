"""Streams as Google's documents show them; each event is one that Google's own package reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import LlmError
from pipeline.llm.apis.gemini import GeminiReply
from pipeline.llm.base import Delta, ToolCall
from pipeline.llm.server import LostCallError, Server
from tests.pipeline.llm.apis.oracle import Vendor

if TYPE_CHECKING:
    from google.genai import types
else:
    types = Vendor("google.genai.types")

SERVER = Server("Gemini", "https://g.test/v1beta", "gemini-test")
SIGNED = "c2lnbmVk"


def event(*parts: dict[str, Any], finish: str = "", **more: Any) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": list(parts), "role": "model"}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    found = {"candidates": [candidate], "modelVersion": "gemini-test", "responseId": "r", **more}
    types.GenerateContentResponse.model_validate(found)
    return found


def text(said: str, **more: Any) -> dict[str, Any]:
    return {"text": said, **more}


def call(name: str, args: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"functionCall": {"name": name, "args": args}, **more}


def sse(*events: Any) -> bytes:
    return b"".join(b"data: %s\r\n\r\n" % json.dumps(e, ensure_ascii=False).encode() for e in events)


def run(*events: Any, tools: bool = False) -> list[Delta]:
    reply = GeminiReply(SERVER, tools=tools)
    return reply.push(sse(*events)) + reply.end()


def calls(deltas: list[Delta]) -> list[ToolCall]:
    return [delta.call for delta in deltas if delta.call]


def parts(deltas: list[Delta]) -> Any:
    """What goes back."""
    opaque = deltas[-1].opaque
    assert opaque is not None
    kept = opaque.of("Gemini", "gemini-test")
    types.Content.model_validate({"role": "model", **kept})
    return kept["parts"]


def test_text_with_its_counts_of_which_the_last_hold() -> None:
    early = {"promptTokenCount": 9, "candidatesTokenCount": 1, "totalTokenCount": 10}
    late = {
        "promptTokenCount": 9,
        "cachedContentTokenCount": 4,
        "candidatesTokenCount": 3,
        "thoughtsTokenCount": 20,
        "totalTokenCount": 32,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}],
    }
    assert run(
        event(text("Paris"), usageMetadata=early), event(text(" it is."), finish="STOP", usageMetadata=late)
    ) == [
        Delta("Paris"),
        Delta(" it is."),
        Delta(finish="stop", tokens_in=9, tokens_out=23, tokens_cached=4, tokens_thinking=20),
    ]


def test_thoughts_are_not_said() -> None:
    deltas = run(event(text("Hm. ", thought=True)), event(text("Hi."), finish="STOP"))
    assert deltas == [Delta("Hi."), Delta(finish="stop")]


def test_two_calls_at_once_of_which_the_first_is_signed() -> None:
    first, second = (
        call("weather", {"city": "Paris"}, thoughtSignature=SIGNED),
        call("weather", {"city": "Rome"}),
    )
    deltas = run(event(text("Let me see."), first, second), event(text(""), finish="STOP"))
    asked = calls(deltas)
    assert [(c.name, c.arguments) for c in asked] == [
        ("weather", {"city": "Paris"}),
        ("weather", {"city": "Rome"}),
    ]
    assert asked[0].id != asked[1].id
    assert deltas[-1].finish == "tool_calls"
    assert parts(deltas) == [text("Let me see."), first, second, text("")]


def test_the_id_of_a_call_is_the_servers() -> None:
    part = {"functionCall": {"id": "x1", "name": "clock", "args": {}}, "thoughtSignature": SIGNED}
    deltas = run(event(part, finish="STOP"))
    assert calls(deltas) == [ToolCall("x1", "clock", {})]
    assert parts(deltas) == [part]


def test_what_goes_back_is_in_place_and_no_signed_part_is_joined_with_another() -> None:
    sent = [
        text("I ", thought=True),
        text("think.", thought=True),
        text("One "),
        text("moment", thoughtSignature=SIGNED),
        text(", "),
        text("please."),
        call("clock", {}, thoughtSignature="c2Vjb25k"),
        text("", thoughtSignature="bGFzdA=="),
    ]
    deltas = run(*[event(part) for part in sent], event(finish="STOP"))
    assert parts(deltas) == [
        text("I think.", thought=True),
        text("One "),
        sent[3],
        text(", please."),
        sent[6],
        sent[7],
    ]
    assert "".join(delta.text for delta in deltas) == "One moment, please."


def test_nothing_goes_back_with_an_answer_that_has_no_calls() -> None:
    assert run(event(text("Hi.", thoughtSignature=SIGNED), finish="STOP"))[-1].opaque is None


def test_arguments_that_come_piece_by_piece() -> None:
    """As the documents of streamFunctionCallArguments show them."""

    def piece(**call: Any) -> dict[str, Any]:
        return event({"functionCall": call})

    def city(value: str) -> dict[str, Any]:
        return {"jsonPath": "$.city", "stringValue": value, "willContinue": True}

    deltas = run(
        event({"functionCall": {"name": "weather", "willContinue": True}, "thoughtSignature": SIGNED}),
        piece(partialArgs=[city("New ")], willContinue=True),
        piece(partialArgs=[city("Delhi")], willContinue=True),
        piece(partialArgs=[{"jsonPath": "$.days", "numberValue": 2}], willContinue=True),
        piece(),
        event({"functionCall": {"name": "clock", "id": "c"}}),
        event(text(""), finish="STOP"),
    )
    asked = calls(deltas)
    assert [(c.name, c.arguments) for c in asked] == [
        ("weather", {"city": "New Delhi", "days": 2}),
        ("clock", {}),
    ]
    assert parts(deltas)[0] == call("weather", {"city": "New Delhi", "days": 2}, thoughtSignature=SIGNED)


def test_the_end_of_a_call_may_be_the_last_thing_and_without_an_empty_line() -> None:
    begun = {
        "name": "send",
        "partialArgs": [{"jsonPath": "$.to", "stringValue": "Ann"}],
        "willContinue": True,
    }
    reply = GeminiReply(SERVER)
    reply.push(sse(event({"functionCall": begun}), event({"functionCall": {}}, finish="STOP")).rstrip())
    deltas = reply.end()
    assert calls(deltas)[0].arguments == {"to": "Ann"}
    assert parts(deltas) == [call("send", {"to": "Ann"})]


@pytest.mark.parametrize(
    "after",
    [
        [event(text(""), finish="MAX_TOKENS")],
        [event(call("clock", {})), event(finish="STOP")],
        [
            event({"functionCall": {"partialArgs": [{"jsonPath": "?", "stringValue": "x"}]}}),
            event(finish="STOP"),
        ],
    ],
    ids=["cut", "another", "unreadable"],
)
def test_a_call_that_never_came_whole_is_not_run(after: list[Any]) -> None:
    begun = {"name": "send", "partialArgs": [{"jsonPath": "$.to", "stringValue": "An"}], "willContinue": True}
    deltas = run(event({"functionCall": begun}), *after)
    assert calls(deltas)[0].malformed == '{"to": "An"'
    assert parts(deltas)[0] == call("send", {})


def test_arguments_that_are_no_object_are_malformed_and_do_not_go_back() -> None:
    events = [{"candidates": [{"content": {"parts": [call("clock", [1])]}, "finishReason": "STOP"}]}]  # type: ignore[arg-type]
    deltas = run(*events)
    assert calls(deltas)[0].malformed == "[1]"
    assert parts(deltas) == [call("clock", {})]


def test_a_blocked_question_has_no_candidate_and_an_honest_sentence() -> None:
    blocked = {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 3},
    }
    types.GenerateContentResponse.model_validate(blocked)
    with pytest.raises(LlmError) as caught:
        run(blocked)
    assert caught.value.failed == "Gemini withheld the answer: its content filter stopped it."


STOPS = {
    "length": ["MAX_TOKENS", "CONTINUATION"],
    "content_filter": [
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "ESCALATION",
        "MODEL_ARMOR",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
    ],
    "tool_calls": ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"],
    "": [
        "OTHER",
        "TOO_MANY_TOOL_CALLS",
        "MISSING_THOUGHT_SIGNATURE",
        "MALFORMED_RESPONSE",
        "PUP_LIMITED_DISABLED",
        "IMAGE_OTHER",
        "NO_IMAGE",
    ],
}


def test_every_reason_that_google_knows_is_known() -> None:
    known = {reason for reasons in STOPS.values() for reason in reasons}
    assert known | {"STOP", "FINISH_REASON_UNSPECIFIED"} == {reason.value for reason in types.FinishReason}


@pytest.mark.parametrize(
    ("reason", "finish"),
    [(reason, finish) for finish in ("length", "content_filter") for reason in STOPS[finish]],
)
def test_an_answer_that_was_stopped_says_how(reason: str, finish: str) -> None:
    assert run(event(text("Well")), event(finish=reason))[-1].finish == finish


@pytest.mark.parametrize("reason", STOPS["content_filter"])
def test_an_answer_that_was_withheld_is_told(reason: str) -> None:
    with pytest.raises(LlmError, match="its content filter stopped it"):
        run(event(finish=reason, usageMetadata={"thoughtsTokenCount": 40}))


@pytest.mark.parametrize("reason", STOPS["tool_calls"])
def test_a_call_that_was_none_is_told_as_a_lost_one(reason: str) -> None:
    with pytest.raises(LostCallError, match="wanted to use a tool and did not say which"):
        run(event(finish=reason))


@pytest.mark.parametrize("reason", STOPS[""])
@pytest.mark.parametrize("said", [True, False])
def test_any_other_reason_is_a_failure_in_the_servers_words(reason: str, said: bool) -> None:
    last = event(finish=reason)
    last["candidates"][0]["finishMessage"] = "It went wrong."
    reply = GeminiReply(SERVER)
    if said:
        assert reply.push(sse(event(text("Well")))) == [Delta("Well")]
    with pytest.raises(LlmError, match=r"^Gemini reported an error: It went wrong\.") as caught:
        reply.push(sse(last))
    assert bool(caught.value.kept) is said
    with pytest.raises(LlmError, match=rf"^Gemini reported an error: {reason}\."):
        run(event(finish=reason))


def test_all_was_used_up_on_thinking() -> None:
    with pytest.raises(LlmError, match="used up its answer on thinking"):
        run(event(finish="MAX_TOKENS", usageMetadata={"promptTokenCount": 9, "thoughtsTokenCount": 600}))


def test_without_a_reason_it_was_cut_off() -> None:
    with pytest.raises(LlmError, match="closed the connection in the middle of the answer"):
        run(event(text("Well")))
    with pytest.raises(LlmError, match="before it had answered"):
        run(event(text("Hm.", thought=True), finish=""))


ERROR = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}


@pytest.mark.parametrize("error", [ERROR, [ERROR]])
def test_an_error_in_the_stream_or_at_its_beginning(error: Any) -> None:
    said = "Gemini reported an error: The model is overloaded."
    with pytest.raises(LlmError) as caught:
        run(error)
    assert (caught.value.failed, caught.value.retryable) == (said, True)
    reply = GeminiReply(SERVER)
    assert reply.push(sse(event(text("Well")), error)) == [Delta("Well")]
    with pytest.raises(LlmError) as caught:
        reply.end()
    assert (caught.value.failed, caught.value.retryable) == (said, False)


def test_a_body_that_did_not_stream() -> None:
    last = event(text(" it is."), finish="STOP", usageMetadata={"promptTokenCount": 9})
    for body, told in (
        ([event(text("Paris")), last], "Paris it is."),
        (last, "it is."),
        ([last], "it is."),
    ):
        reply = GeminiReply(SERVER)
        deltas = reply.push_whole(json.dumps(body, indent=1)) + reply.end()
        assert "".join(delta.text for delta in deltas) == told
        assert deltas[-1] == Delta(finish="stop", tokens_in=9)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (json.dumps([ERROR]), "reported an error: The model is overloaded"),
        ("[]", "answered with something else"),
        ('{"models": []}', "answered with something else"),
        ("[1, 2]", "answered with something garbled"),
        ("{", "answered with something garbled"),
        ("<html>", "answered with a web page"),
    ],
)
def test_a_body_that_is_no_answer(body: str, words: str) -> None:
    with pytest.raises(LlmError, match=words):
        GeminiReply(SERVER).push_whole(body)


def test_unknown_parts_and_fields_are_no_matter() -> None:
    deltas = run(
        event({"executableCode": {"code": "1+1", "language": "PYTHON"}}),
        event({"inlineData": {"mimeType": "image/png", "data": "AAAA"}}),
        {
            "candidates": [{"content": {"parts": [{"hologram": {}}, "odd", None, {"text": 5}]}, "new": 1}],
            "x": [],
        },
        event(text("Hi."), finish="STOP", usageMetadata={"trafficType": "ON_DEMAND"}),
    )
    assert deltas == [Delta("Hi."), Delta(finish="stop")]


def test_cut_anywhere_it_is_the_same() -> None:
    stream = sse(
        event(text("Hm.", thought=True)),
        event(text("Grüße 🌍, "), usageMetadata={"promptTokenCount": 1}),
        event(text("Ann."), call("clock", {"ü": "🌍"}, thoughtSignature=SIGNED)),
        event({"functionCall": {"id": "x", "name": "send", "willContinue": True}}),
        event({"functionCall": {"partialArgs": [{"jsonPath": "$.to", "stringValue": "Bo"}]}}),
        event(text("", thoughtSignature=SIGNED), finish="STOP", usageMetadata={"candidatesTokenCount": 7}),
    )
    whole = GeminiReply(SERVER)
    expected = whole.push(stream) + whole.end()
    for place in range(len(stream)):
        reply = GeminiReply(SERVER)
        found = reply.push(stream[:place]) + reply.push(stream[place:]) + reply.end()
        assert _without_ids(found) == _without_ids(expected)
    reply = GeminiReply(SERVER)
    found = [delta for byte in stream for delta in reply.push(bytes([byte]))] + reply.end()
    assert _without_ids(found) == _without_ids(expected)


def _without_ids(deltas: list[Delta]) -> list[Any]:
    return [
        (d.text, d.call and (d.call.name, d.call.arguments), d.finish, d.tokens_out, d.opaque) for d in deltas
    ]


NAMES = (  # noqa: SIM905
    "candidates content parts text thought thoughtSignature functionCall name args id partialArgs jsonPath "
    "stringValue willContinue finishReason promptFeedback blockReason usageMetadata promptTokenCount error"
).split()
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "a", "STOP", "$.a", "<think>", "\ud83d", "\x00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)
PART = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=3) | st.fixed_dictionaries(
    {"functionCall": st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4)}
)
EVENT = JSON | st.fixed_dictionaries(
    {
        "candidates": st.lists(
            st.fixed_dictionaries(
                {"content": st.fixed_dictionaries({"parts": st.lists(PART | JSON, max_size=3)})},
                optional={"finishReason": st.sampled_from(["STOP", "MAX_TOKENS", "OTHER"]) | JSON},
            ),
            max_size=1,
        )
    }
)


@settings(max_examples=200, deadline=None)
@given(st.lists(EVENT, max_size=3))
def test_whatever_comes_it_is_an_answer_or_a_failure_that_is_told(events: list[Any]) -> None:
    try:
        reply = GeminiReply(SERVER)
        stream = b"".join(b"data: %s\n\n" % json.dumps(e).encode() for e in [*events, event(finish="STOP")])
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
    deltas = run(event(text("a")), *[event(text(said)) for said in texts], event(finish="STOP"))
    assert "".join(delta.text for delta in deltas) == "a" + "".join(texts)
