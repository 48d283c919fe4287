"""What goes over the line where a server speaks another API, and what happens when it refuses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from config.errors import LlmError
from pipeline.llm.apis.base import Api
from pipeline.llm.apis.messages import Messages
from pipeline.llm.apis.responses import Responses
from pipeline.llm.base import Message, ToolSpec
from pipeline.llm.http import client
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server

pytestmark = pytest.mark.anyio
KEY = "sk-test-0123456789abcdef"
CLOCK = ToolSpec("clock", "tells the time")


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BACKOFF_S", (0.01, 0.02))


@asynccontextmanager
async def asking(api: Api, wire: Any, *answers: bytes) -> AsyncIterator[tuple[HttpLlm, Any]]:
    """An LLM, and the server that gives each answer in turn, the last for ever."""
    left = list(answers)

    async def respond(request: Any, stream: Any) -> bytes:
        return left.pop(0) if len(left) > 1 else left[0]

    async with wire.serve(respond) as served:
        server = Server("the model server at test", served.base_url, "m", key=KEY, key_env="TEST_KEY")
        llm = HttpLlm(server, wire.options_with(), spec="test", api=api)
        try:
            yield llm, served
        finally:
            await llm.aclose()


def events(*data: dict[str, Any]) -> bytes:
    return b"".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in data)


def stopped(reason: str) -> list[dict[str, Any]]:
    return [
        {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {}},
        {"type": "message_stop"},
    ]


WHOLE = {"type": "message", "content": [{"type": "text", "text": "Noon."}], "stop_reason": "end_turn"}
SPOKEN = {"type": "response.output_text.delta", "item_id": "a", "delta": "Noon."}
DONE = {"type": "response.completed", "response": {"status": "completed"}}


async def test_how_each_is_asked(wire: Any) -> None:
    said = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Noon."}}
    answers: list[tuple[Api, bytes, str, dict[str, str]]] = [
        (Responses(), events(SPOKEN, DONE), "/v1/responses", {"authorization": f"Bearer {KEY}"}),
        (Messages(), events(said, *stopped("end_turn")), "/v1/messages", {"x-api-key": KEY}),
    ]
    for api, answer, path, key in answers:
        async with asking(api, wire, wire.sse + answer) as (llm, server):
            assert wire.text_of(await wire.ask(llm, "Hello.")) == "Noon."
        (request,) = server.requests
        assert (request.path, request.body["model"]) == (path, "m")
        assert {name: value for name, value in request.headers.items() if KEY in value} == key
    assert request.headers["anthropic-version"] == "2023-06-01"


async def test_a_pause_is_asked_again_with_the_same_messages(wire: Any) -> None:
    paused = wire.sse + events(*stopped("pause_turn"))
    async with asking(Messages(), wire, paused, wire.http(200, WHOLE)) as (llm, server):
        assert wire.text_of(await wire.ask(llm, "Hello.")) == "Noon."
    first, second = (request.body for request in server.requests)
    assert first["messages"] == second["messages"]


async def test_a_pause_without_end_has_its_sentence(wire: Any) -> None:
    paused = wire.sse + events(*stopped("pause_turn"))
    again = wire.http(200, {**WHOLE, "content": [], "stop_reason": "pause_turn"})
    async with asking(Messages(), wire, paused, again) as (llm, server):
        with pytest.raises(LlmError, match="paused in the middle of its answer"):
            await wire.ask(llm, "Hello.")
    assert len(server.requests) == 2


async def test_a_lost_call_is_asked_for_once_more_and_not_as_a_stream(wire: Any) -> None:
    call = {"type": "function_call", "call_id": "a", "name": "clock", "arguments": "{}"}
    whole = {"object": "response", "status": "completed", "output": [call]}
    lost = wire.sse + events(DONE)
    async with asking(Responses(), wire, lost, wire.http(200, whole)) as (llm, server):
        deltas = await wire.ask(llm, "Hello.", tools=[CLOCK])
    assert [delta.call.name for delta in deltas if delta.call] == ["clock"]
    assert "stream" not in server.requests[1].body


async def test_what_was_refused_once_is_not_sent_again(wire: Any) -> None:
    refusals = [
        wire.http(400, {"error": {"message": message, "type": "invalid_request_error"}})
        for message in (
            "Encrypted content is not supported with this model.",
            "Unsupported parameter: 'temperature' is not supported with this model.",
        )
    ]
    async with asking(Responses(), wire, *refusals, wire.sse + events(SPOKEN, DONE)) as (llm, server):
        for _ in range(2):
            assert wire.text_of(await wire.ask(llm, "Hello.")) == "Noon."
    assert len(server.requests) == 4
    assert not {"include", "temperature"} & server.requests[-1].body.keys()
    assert server.requests[-1].body["store"] is False


async def test_a_server_without_caching_is_still_asked(wire: Any) -> None:
    refused = {"type": "error", "error": {"type": "invalid_request_error", "message": "cache_control: no"}}
    async with asking(Messages(), wire, wire.http(400, refused), wire.http(200, WHOLE)) as (llm, server):
        assert wire.text_of(await wire.ask(llm, Message("system", "Be brief."), "Hello.")) == "Noon."
    assert "cache_control" not in json.dumps(server.requests[-1].body)


async def test_an_overloaded_server_is_asked_again(wire: Any) -> None:
    overloaded = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    async with asking(Messages(), wire, wire.http(529, overloaded), wire.http(200, WHOLE)) as (llm, server):
        assert wire.text_of(await wire.ask(llm, "Hello.")) == "Noon."
    assert len(server.requests) == 2


@pytest.mark.parametrize("api", [Responses(), Messages()], ids=lambda api: api.name)
async def test_a_wrong_address_that_answers_200(api: Api, wire: Any) -> None:
    """LM Studio."""
    told = wire.http(200, {"error": "Unexpected endpoint or method. (POST /v1/nothing)"})
    async with asking(api, wire, told) as (llm, _):
        with pytest.raises(LlmError, match="Unexpected endpoint"):
            await wire.ask(llm, "Hello.")
