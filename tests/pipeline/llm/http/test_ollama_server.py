"""A conversation with a server that reads what Ollama reads, and answers as it does, on a real socket."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from PIL import Image

from config.errors import LlmError
from pipeline.llm.apis.ollama import Ollama
from pipeline.llm.base import Delta, Message, ToolSpec
from pipeline.llm.http import client
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from vision.images.picture import Picture

pytestmark = pytest.mark.anyio
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
CLOCK = ToolSpec("clock", "tells the time", {"type": "object", "properties": {"zone": {"type": "string"}}})
FIELDS = {
    "model": str,
    "messages": list,
    "stream": bool,
    "truncate": bool,
    "shift": bool,
    "tools": list,
    "options": dict,
}
"""Of ``ChatRequest`` in Ollama's api/types.go."""
MESSAGE = {
    "role": str,
    "content": str,
    "thinking": str,
    "images": list,
    "tool_calls": list,
    "tool_name": str,
    "tool_call_id": str,
}
"""Of ``Message`` there."""


def check(body: Any) -> None:
    """What Go would not decode, or a template could not show."""
    assert all(isinstance(value, FIELDS[name]) for name, value in body.items())
    assert {"num_ctx", "num_predict"} <= {k for k, v in body["options"].items() if isinstance(v, int)}
    called: list[str] = []
    for message in body["messages"]:
        assert all(isinstance(value, MESSAGE[name]) for name, value in message.items())
        for image in message.get("images", ()):
            assert Image.open(io.BytesIO(base64.b64decode(image, validate=True))).format in ("JPEG", "PNG")
        for call in message.get("tool_calls", ()):
            assert isinstance(call["function"]["arguments"], dict)
            called.append(call["id"])
        if message["role"] == "tool":
            assert message["tool_call_id"] == called.pop(0)
            assert message["tool_name"]
    assert not called


def line(content: str = "", **more: Any) -> bytes:
    done = bool(more.pop("done_reason", ""))
    found = {
        "model": "llama3.2:latest",
        "created_at": "2026-11-28T10:00:00.123456789Z",
        "message": {"role": "assistant", "content": content, **more},
        "done": done,
    }
    if done:
        found |= {"done_reason": "stop", "prompt_eval_count": 26, "eval_count": 7, "total_duration": 12}
    return json.dumps(found).encode() + b"\n"


LAST = line(done_reason="stop")


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


class ScriptedOllama:
    """Says the time by a tool, names the pictures it was shown, and else says hello."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire

    async def __call__(self, request: Any, stream: Any) -> bytes:
        if request.path != "/api/chat":
            return bytes(self.wire.http(404, "404 page not found", kind="text/plain"))
        check(request.body)
        last = request.body["messages"][-1]
        if request.body.get("tools") and last["role"] == "user" and not last.get("images"):
            call = {"id": "call_1", "function": {"index": 0, "name": "clock", "arguments": {"zone": "Rome"}}}
            parts = [line(thinking="A clock, then."), line(tool_calls=[call]), LAST]
        elif last.get("images"):
            parts = [line("I see "), line(f"{len(last['images'])}."), LAST]
        elif last["role"] == "tool":
            parts = [line("It is "), line(f"{last['content']}."), LAST]
        else:
            parts = [line("Hello"), line(" there."), LAST]
        await stream.send(HEAD)
        for part in parts:
            await stream.send(chunked(part))
        return b"0\r\n\r\n"


@asynccontextmanager
async def ollama(wire: Any, respond: Any, api: Ollama | None = None) -> AsyncIterator[tuple[HttpLlm, Any]]:
    async with wire.serve(respond) as server:
        named = Server("Ollama", server.base_url, "llama3.2:latest", start="ollama serve")
        llm = HttpLlm(named, wire.options_with(), spec="ollama:llama3.2", api=api or Ollama())
        try:
            yield llm, server
        finally:
            await llm.aclose()


async def listen(llm: HttpLlm, said: list[str]) -> None:
    async with llm.reply([Message("user", "Hello.")]) as deltas:
        async for delta in deltas:
            said.append(delta.text)


def picture() -> Picture:
    return Picture("a.png", Image.new("RGB", (8, 8), "red"))


def chats(server: Any) -> list[Any]:
    return [request.body for request in server.requests if request.path == "/api/chat"]


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_it_answers_as_it_streams(wire: Any) -> None:
    async with ollama(wire, ScriptedOllama(wire)) as (llm, _):
        deltas = await wire.ask(llm, "Hello.")
    assert deltas == [Delta("Hello"), Delta(" there."), Delta(finish="stop", tokens_in=26, tokens_out=7)]


async def test_a_round_of_tools_with_a_picture_and_what_the_model_thought(wire: Any) -> None:
    async with ollama(wire, ScriptedOllama(wire)) as (llm, server):
        question = Message("user", "What is the time?")
        deltas = await wire.ask(llm, question, tools=[CLOCK])
        call = deltas[0].call
        assert (call.name, call.arguments) == ("clock", {"zone": "Rome"})
        assert deltas[-1].finish == "tool_calls"
        asked = Message("assistant", "", calls=(call,), opaque=deltas[-1].opaque)
        told = Message("tool", "noon", tool_call_id=call.id)
        deltas = await wire.ask(llm, question, asked, told, tools=[CLOCK])
        assert wire.text_of(deltas) == "It is noon."
        shown = Message("tool", "shown", (picture(), picture()), tool_call_id=call.id)
        assert wire.text_of(await wire.ask(llm, question, asked, shown, tools=[CLOCK])) == "I see 2."
        assert wire.text_of(await wire.ask(llm, Message("user", "And this?", (picture(),)))) == "I see 1."
    assert chats(server)[1]["messages"][1]["thinking"] == "A clock, then."
    assert {chat["options"]["num_ctx"] for chat in chats(server)} == {4096}


async def test_an_error_after_the_first_words(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        error = json.dumps({"error": "an error was encountered while running the model: unexpected EOF"})
        return HEAD + chunked(line("Well"), error.encode() + b"\n") + b"0\r\n\r\n"

    async with ollama(wire, respond) as (llm, _):
        said: list[str] = []
        with pytest.raises(LlmError, match=r"^Ollama reported an error: an error was encountered") as caught:
            await listen(llm, said)
    assert said == ["Well"]
    assert caught.value.kept == "What was already said stays."


async def test_interrupted_the_connection_is_closed_and_the_next_request_is_right(wire: Any) -> None:
    answer = ScriptedOllama(wire)

    async def respond(request: Any, stream: Any) -> bytes:
        if len(request.body["messages"]) > 1:
            return await answer(request, stream)
        await stream.send(HEAD)
        while True:
            await stream.send(chunked(line("and on ")))
            await anyio.sleep(0.005)

    async with ollama(wire, respond) as (llm, server):
        said = ""
        async with llm.reply([Message("user", "Tell me a story.")]) as deltas:
            async for delta in deltas:
                said += delta.text
                if len(said) > 20:
                    break
        with anyio.fail_after(2):
            await server.hung_up.wait()
        heard = [Message("user", "Tell me a story."), Message("assistant", said), Message("user", "Stop.")]
        assert wire.text_of(await wire.ask(llm, *heard)) == "Hello there."
    assert [message["role"] for message in chats(server)[1]["messages"]] == ["user", "assistant", "user"]


@pytest.mark.parametrize(
    "lost", [LAST, b'{"error": "error parsing tool call: raw=x, err=invalid character"}\n']
)
async def test_a_call_that_was_lost_in_the_stream_is_asked_for_again(wire: Any, lost: bytes) -> None:
    """ollama#12557; and one that Ollama could not read."""

    async def respond(request: Any, stream: Any) -> bytes:
        if request.body["stream"]:
            return HEAD + chunked(lost) + b"0\r\n\r\n"
        once = json.loads(LAST)
        once["message"]["tool_calls"] = [{"function": {"name": "clock", "arguments": {}}}]
        return bytes(wire.http(200, once))

    async with ollama(wire, respond) as (llm, server):
        deltas = await wire.ask(llm, "What is the time?", tools=[CLOCK])
    assert [delta.call.name for delta in deltas if delta.call] == ["clock"]
    assert [chat["stream"] for chat in chats(server)] == [True, False]


async def test_a_conversation_that_does_not_fit_is_asked_with_more_room_and_told_where_there_is_none(
    wire: Any,
) -> None:
    """Nothing is cut: ``truncate`` stays false."""
    answer = ScriptedOllama(wire)

    async def respond(request: Any, stream: Any) -> bytes:
        context = request.body["options"]["num_ctx"]
        assert request.body["truncate"] is False
        if context >= 16_384:
            return await answer(request, stream)
        error = (
            f"request (9000 tokens) exceeds the available context size ({context} tokens), try increasing it"
        )
        return bytes(wire.http(400, {"error": error}))

    async with ollama(wire, respond) as (llm, server):
        assert wire.text_of(await wire.ask(llm, "Hello.")) == "Hello there."
        assert wire.text_of(await wire.ask(llm, "Hello.")) == "Hello there."
    assert [chat["options"]["num_ctx"] for chat in chats(server)] == [4096, 8192, 16_384, 16_384]
    async with ollama(wire, respond, Ollama(most_context=8192)) as (llm, server):
        with pytest.raises(LlmError, match=r"^The conversation is too long for the model llama3\.2:latest\."):
            await wire.ask(llm, "Hello.")


async def test_a_model_without_tools_is_asked_without_them_from_then_on(wire: Any) -> None:
    answer = ScriptedOllama(wire)

    async def respond(request: Any, stream: Any) -> bytes:
        if "tools" in request.body:
            error = "registry.ollama.ai/library/gemma3:4b does not support tools"
            return bytes(wire.http(400, {"error": error}))
        return await answer(request, stream)

    async with ollama(wire, respond) as (llm, server):
        for _ in range(2):
            assert wire.text_of(await wire.ask(llm, "Hello.", tools=[CLOCK])) == "Hello there."
        assert not llm.capabilities.calls_tools
    assert ["tools" in chat for chat in chats(server)] == [True, False, False]


async def test_an_absent_model_is_named(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BACKOFF_S", (0.01, 0.02))

    async def respond(request: Any, stream: Any) -> bytes:
        if request.path == "/v1/models":
            return bytes(wire.http(200, {"object": "list", "data": [{"id": "qwen3:8b"}]}))
        return bytes(wire.http(404, {"error": "model 'llama3.2:latest' not found"}))

    async with ollama(wire, respond) as (llm, _):
        with pytest.raises(LlmError, match=r"It has: qwen3:8b\. Get it: ollama pull"):
            await wire.ask(llm, "Hello.")
