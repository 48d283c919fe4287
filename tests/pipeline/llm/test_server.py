from __future__ import annotations

from typing import Any

import pytest

from pipeline.llm.server import LostCallError, Server

SERVER = Server("the server", "https://host.test/v1", "m", key_env="KEY", key="k" * 20)


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
    told = SERVER.stream_error(error, said=False)
    assert words in told.failed
    assert told.retryable is retryable
    assert told.todo
    assert not told.kept


def test_what_had_been_said_before_the_error_stays() -> None:
    told = SERVER.stream_error({"type": "rate_limit_error"}, said=True)
    assert told.kept == "What was already said stays."
    assert not told.retryable


@pytest.mark.parametrize("error", [None, [], [[]], {"type": []}, {"error": []}, 42])
def test_whatever_an_error_is_it_has_a_sentence(error: Any) -> None:
    assert SERVER.stream_error(error, said=False).failed.startswith("The server reported an error")


def test_a_pause_is_asked_once_more() -> None:
    assert isinstance(SERVER.paused(said=False), LostCallError)
    assert "paused" in SERVER.paused(said=True).failed
