"""The sentence for each way in which a server fails; most are met in http/test_failures.py."""

from __future__ import annotations

import json
from math import inf
from typing import Any

import pytest

from config.errors import LlmError
from pipeline.llm.apis.chat import ChatReply
from pipeline.llm.server import LostCallError, Server, TooLongError
from tests.tables import for_each

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")
ELSEWHERE = Server("the server", "https://host.test/v1", "m", key_env="KEY", key="k" * 20)


def test_a_filter_is_named_even_where_the_model_had_been_thinking() -> None:
    reply = ChatReply(SERVER)
    delta = {"choices": [{"delta": {"reasoning": "Hm."}, "finish_reason": "content_filter"}]}
    reply.push(f"data: {json.dumps(delta)}\n\n".encode())
    with pytest.raises(LlmError, match="its content filter stopped it") as caught:
        reply.end()
    assert not isinstance(caught.value, LostCallError)


def test_a_key_that_is_refused_with_400_is_a_key_that_is_refused() -> None:
    refused = {"message": "API key not valid.", "details": [{"reason": "API_KEY_INVALID"}]}
    server = Server("Gemini", "https://g.test", "m", key_env="GEMINI_API_KEY", key="k")
    error = server.refused(400, json.dumps({"error": refused}))
    assert error.failed == "Gemini did not accept the key from GEMINI_API_KEY (HTTP status 400)."


@pytest.mark.parametrize("status", [400, 413, 500])
def test_a_conversation_that_is_too_long_is_told_as_such(status: int) -> None:
    """Ollama: ``truncate`` is off."""
    error = SERVER.refused(status, '{"error":"the input length exceeds the context length"}')
    assert error.failed == "The conversation is too long for the model m."
    assert not error.retryable


@pytest.mark.parametrize(
    ("message", "lost"),
    [
        ("error parsing tool call: raw='{\"zone\": ', err=unexpected end of JSON input", True),
        ("Failed to parse tool call arguments as JSON", True),
        ("Failed to parse input at pos 12: <tool_call>", True),
        ("CUDA error: out of memory", False),
    ],
)
def test_a_call_that_the_server_could_not_read_is_a_lost_one(message: str, lost: bool) -> None:
    """ollama, llama.cpp#22072, QwenPaw#3560."""
    error = SERVER.stream_error({"message": message}, said=False)
    assert isinstance(error, LostCallError) is lost
    assert error.failed.startswith(f"The server reported an error: {message}")


@pytest.mark.parametrize(
    ("error", "words", "retryable"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, "reported an error: Overloaded.", True),
        ({"type": "api_error", "message": "Internal server error"}, "reported an error: Internal", True),
        ({"type": "rate_limit_error", "message": "Too many."}, "takes no more requests for now", True),
        ({"code": "rate_limit_exceeded", "message": "Too many."}, "takes no more requests for now", True),
        ({"type": "error", "code": "insufficient_quota", "message": "Pay."}, "no credit left", False),
        ({"type": "billing_error", "message": "Pay."}, "no credit left", False),
        ({"code": "context_length_exceeded", "message": "Too much."}, "too long for the model m", False),
        ({"code": 400, "message": "the request exceeds the context size"}, "too long for the model m", False),
        ({"type": "invalid_request_error", "message": "No."}, "reported an error: No.", False),
        ({"error": {"type": "rate_limit_error"}}, "takes no more requests for now", True),
        ([{"code": "server_error", "message": "Oops."}], "reported an error: Oops.", True),
        ({}, "no reason given", True),
        ("out of memory", "reported an error: out of memory.", True),
    ],
)
def test_an_error_inside_a_stream_is_told_by_its_type_or_code(
    error: Any, words: str, retryable: bool
) -> None:
    told = ELSEWHERE.stream_error(error, said=False)
    assert words in told.failed
    assert told.retryable is retryable
    assert told.todo
    assert not told.kept


@for_each(
    ("message", "context", "tokens"),
    [
        ("maximum context length is 8192. However, you requested 9000 tokens", 8192, 9000),
        ("maximum context length is 128,000 tokens; you requested 130,500 tokens", 128_000, 130_500),
        ("the request exceeds the context window of 32k tokens", None, None),
    ],
)
def test_what_a_refusal_says_of_the_context(message: str, context: int | None, tokens: int | None) -> None:
    told = ELSEWHERE.stream_error({"message": message}, said=False)
    assert isinstance(told, TooLongError)
    assert (told.context, told.tokens) == (context, tokens)


def test_what_had_been_said_before_the_error_stays() -> None:
    told = ELSEWHERE.stream_error({"type": "rate_limit_error"}, said=True)
    assert told.kept == "What was already said stays."
    assert not told.retryable


@pytest.mark.parametrize("error", [None, [], [[]], {"type": []}, {"error": []}, 42])
def test_whatever_an_error_is_it_has_a_sentence(error: Any) -> None:
    assert ELSEWHERE.stream_error(error, said=False).failed.startswith("The server reported an error")


def test_more_time_is_more_than_was_waited() -> None:
    """A model in this program is waited for longer than the setting says, and a person may have set more."""
    for had_s, more_s in ((2.5, 120), (60, 120), (120.0, 240), (1800.5, 3601)):
        for error in (
            SERVER.timeout(had_s, said=False),
            SERVER.too_late(had_s),
            SERVER.too_slow(had_s, said=True),
        ):
            assert error.todo.endswith(f"_s {more_s}"), error.todo


def test_a_pause_is_asked_once_more() -> None:
    assert isinstance(ELSEWHERE.paused(said=False), LostCallError)
    assert "paused" in ELSEWHERE.paused(said=True).failed


@for_each(
    ("status", "wait_s", "todo"),
    [
        (429, 0.0, "Ask again in a while."),
        (429, 0.5, "Ask again in a moment."),
        (429, 1.2, "Ask again in 2 seconds."),
        (429, inf, "Ask again later."),
        (503, inf, "Ask again later."),
        (529, 60.0, "Ask again in 60 seconds."),
        (503, 0.0, "See what works: "),
        (418, 60.0, "See what works: "),
    ],
)
def test_when_to_ask_again(status: int, wait_s: float, todo: str) -> None:
    assert SERVER.refused(status, "{}", wait_s=wait_s).todo.startswith(todo)


@for_each(
    "body",
    ['{"error":' * 980 + '"x"' + "}" * 980, '[{"error":' * 900 + '"x"' + "}]" * 900, '{"error": "x', "[1"],
)
def test_of_an_error_that_nobody_can_read_no_letters_are_told(body: str) -> None:
    assert SERVER.refused(400, body).failed == "The server failed with HTTP status 400."
