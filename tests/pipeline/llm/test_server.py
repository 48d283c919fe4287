"""The sentence for each way in which a server fails; most are met in http/test_failures.py."""

from __future__ import annotations

import json

import pytest

from config.errors import LlmError
from pipeline.llm.apis.chat import ChatReply
from pipeline.llm.server import LostCallError, Server

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")


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
