"""A conversation with a server that reads with Google's types what Gemini reads, and answers as it does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from PIL import Image

from config.errors import LlmError
from pipeline.llm.apis.gemini import Gemini
from pipeline.llm.base import Delta, Message, ToolSpec
from pipeline.llm.http import client
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from tests.pipeline.llm.apis.oracle import Vendor
from vision.images.picture import Picture

if TYPE_CHECKING:
    from google.genai import types
else:
    types = Vendor("google.genai.types")

pytestmark = pytest.mark.anyio
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
CLOCK = ToolSpec("clock", "tells the time", {"type": "object", "properties": {"zone": {"type": "string"}}})
MODEL = "gemini-3-test"
PATH = f"/v1beta/models/{MODEL}:streamGenerateContent?alt=sse"
SIGNATURE = "c2lnbmVk"


def check(body: Any) -> list[types.Content]:
    """What the service itself refuses: unknown fields, empty parts, calls and answers that do not match."""
    contents = [types.Content.model_validate(content) for content in body["contents"]]
    config = {key: value for key, value in body.items() if key not in ("contents", "generationConfig")}
    types.GenerateContentConfig.model_validate({**body["generationConfig"], **config})
    for content, following in zip(contents, [*contents[1:], None], strict=True):
        assert content.parts
        calls = [part.function_call for part in content.parts if part.function_call]
        answers = [part.function_response for part in (following.parts or [])] if calls and following else []
        assert [(c.name, c.id) for c in calls] == [(a.name, a.id) for a in answers if a]
    return contents


def event(*parts: Any, finish: str = "", **more: Any) -> bytes:
    candidate: dict[str, Any] = {"content": {"parts": list(parts), "role": "model"}, "index": 0}
    found = {"candidates": [candidate | ({"finishReason": finish} if finish else {})], **more}
    types.GenerateContentResponse.model_validate(found)
    return b"data: " + json.dumps(found).encode() + b"\r\n\r\n"


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


USAGE = {"promptTokenCount": 11, "candidatesTokenCount": 3, "totalTokenCount": 14}


class ScriptedGemini:
    """Asks for the time twice at once, wants its signature back, names what it was shown, else says hello."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire

    def refusal(self, body: Any, contents: list[types.Content]) -> str:
        for content in body["contents"]:
            called = [part for part in content["parts"] if "functionCall" in part]
            if called and "thoughtSignature" not in called[0]:
                return "Function call is missing a thought_signature in functionCall parts."
        return ""

    async def __call__(self, request: Any, stream: Any) -> bytes:
        if request.path != PATH or request.headers.get("x-goog-api-key") != "AIza-test":
            error = {"code": 400, "message": "API key not valid.", "details": [{"reason": "API_KEY_INVALID"}]}
            return bytes(self.wire.http(400, [{"error": error}]))
        contents = check(request.body)
        if refusal := self.refusal(request.body, contents):
            return bytes(self.wire.http(400, [{"error": {"code": 400, "message": refusal}}]))
        await stream.send(HEAD)
        for part in self.events(request.body, contents[-1].parts or []):
            await stream.send(chunked(part))
        return b"0\r\n\r\n"

    def events(self, body: Any, last: list[types.Part]) -> list[bytes]:
        end = event({"text": ""}, finish="STOP", usageMetadata=USAGE)
        if answers := [part.function_response for part in last if part.function_response]:
            shown = sum(len(answer.parts or ()) for answer in answers)
            told = " and ".join(str((answer.response or {})["output"]) for answer in answers)
            return [event({"text": f"It is {told}"}), event({"text": f", {shown} shown."}), end]
        if shown := sum(part.inline_data is not None for part in last):
            return [event({"text": f"I see {shown}."}), end]
        if "tools" not in body:
            return [event({"text": "Hello"}), event({"text": " there."}), end]
        calls = [{"functionCall": {"name": "clock", "args": {"zone": zone}}} for zone in ("Rome", "Oslo")]
        return [
            event({"text": "One moment."}),
            event({**calls[0], "thoughtSignature": SIGNATURE}, calls[1]),
            end,
        ]


@asynccontextmanager
async def gemini(wire: Any, respond: Any, key: str = "AIza-test") -> AsyncIterator[tuple[HttpLlm, Any]]:
    async with wire.serve(respond) as server:
        base_url = server.base_url.replace("/v1", "/v1beta")
        named = Server("Gemini", base_url, MODEL, key_env="GEMINI_API_KEY", key=key)
        llm = HttpLlm(named, wire.options_with(), spec=f"gemini:{MODEL}", api=Gemini(MODEL))
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


def asked_and_told(deltas: list[Delta], *results: Message) -> list[Message]:
    calls = tuple(delta.call for delta in deltas if delta.call)
    said = "".join(delta.text for delta in deltas)
    return [Message("assistant", said, calls=calls, opaque=deltas[-1].opaque), *results]


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_it_answers_as_it_streams(wire: Any) -> None:
    async with gemini(wire, ScriptedGemini(wire)) as (llm, _):
        deltas = await wire.ask(llm, "Hello.")
    assert deltas == [Delta("Hello"), Delta(" there."), Delta(finish="stop", tokens_in=11, tokens_out=3)]


async def test_a_round_of_tools_with_pictures_and_the_signature(wire: Any) -> None:
    async with gemini(wire, ScriptedGemini(wire)) as (llm, server):
        question = Message("user", "What is the time?")
        deltas = await wire.ask(llm, question, tools=[CLOCK])
        first, second = (delta.call for delta in deltas if delta.call)
        assert [first.arguments, second.arguments] == [{"zone": "Rome"}, {"zone": "Oslo"}]
        told = asked_and_told(
            deltas,
            Message("tool", "one", (picture(),), tool_call_id=second.id),
            Message("tool", "noon", tool_call_id=first.id),
        )
        assert (
            wire.text_of(await wire.ask(llm, question, *told, tools=[CLOCK]))
            == "It is noon and one, 1 shown."
        )
        interrupted = [question, *told[:1], Message("user", "And this?", (picture(),))]
        assert wire.text_of(await wire.ask(llm, *interrupted, tools=[CLOCK])) == "I see 1."
    assert len(server.requests) == 3, "nothing was refused"


async def test_calls_of_another_model_are_signed_once_that_was_asked_for(wire: Any) -> None:
    async with gemini(wire, ScriptedGemini(wire)) as (llm, server):
        question = Message("user", "What is the time?")
        deltas = await wire.ask(llm, question, tools=[CLOCK])
        asked = asked_and_told(deltas)[0]
        foreign = [question, Message("assistant", "", calls=asked.calls), Message("user", "Well?")]
        for _ in range(2):
            assert wire.text_of(await wire.ask(llm, *foreign)) == "Hello there."
    assert len(server.requests) == 4


async def test_a_model_that_takes_no_pictures_in_answers_gets_them_behind(wire: Any) -> None:
    class Older(ScriptedGemini):
        def refusal(self, body: Any, contents: list[types.Content]) -> str:
            answers = [p.function_response for c in contents for p in c.parts or [] if p.function_response]
            if any(answer.parts for answer in answers):
                return "`function_response.parts` is not supported for this model."
            return ""

    async with gemini(wire, Older(wire)) as (llm, server):
        deltas = await wire.ask(llm, "What is the time?", tools=[CLOCK])
        first, second = (delta.call for delta in deltas if delta.call)
        results = [Message("tool", "noon", (picture(),), tool_call_id=call.id) for call in (first, second)]
        told = [Message("user", "What is the time?"), *asked_and_told(deltas, *results)]
        for _ in range(2):
            assert wire.text_of(await wire.ask(llm, *told, tools=[CLOCK])) == "I see 2."
        assert llm.capabilities.sees
    assert len(server.requests) == 4


async def test_an_error_in_mid_stream(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        error = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}
        failed = b"data: " + json.dumps(error).encode() + b"\r\n\r\n"
        return HEAD + chunked(event({"text": "Well"}), failed) + b"0\r\n\r\n"

    async with gemini(wire, respond) as (llm, _):
        said: list[str] = []
        with pytest.raises(LlmError, match=r"^Gemini reported an error: The model is overloaded\.") as caught:
            await listen(llm, said)
    assert said == ["Well"]
    assert caught.value.kept == "What was already said stays."


async def test_the_connection_ends_without_a_reason(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        return HEAD + chunked(event({"text": "Well"})) + b"0\r\n\r\n"

    async with gemini(wire, respond) as (llm, _):
        with pytest.raises(LlmError, match="closed the connection in the middle of the answer"):
            await wire.ask(llm, "Hello.")


async def test_a_server_that_does_not_stream(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        answers = [event({"text": "Hello"}), event({"text": " there."}, finish="STOP", usageMetadata=USAGE)]
        return bytes(wire.http(200, [json.loads(answer.removeprefix(b"data: ")) for answer in answers]))

    async with gemini(wire, respond) as (llm, _):
        assert wire.text_of(await wire.ask(llm, "Hello.")) == "Hello there."


async def test_interrupted_the_connection_is_closed_and_the_next_request_is_right(wire: Any) -> None:
    answer = ScriptedGemini(wire)

    async def respond(request: Any, stream: Any) -> bytes:
        if len(request.body["contents"]) > 1:
            return await answer(request, stream)
        await stream.send(HEAD)
        while True:
            await stream.send(chunked(event({"text": "and on "})))
            await anyio.sleep(0.005)

    async with gemini(wire, respond) as (llm, server):
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
    roles = [content["role"] for content in server.requests[1].body["contents"]]
    assert roles == ["user", "model", "user"]


async def test_a_key_that_is_not_valid(wire: Any) -> None:
    async with gemini(wire, ScriptedGemini(wire), key="AIza-wrong") as (llm, _):
        with pytest.raises(LlmError, match=r"^Gemini did not accept the key from GEMINI_API_KEY"):
            await wire.ask(llm, "Hello.")


async def test_an_absent_model_is_named(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BACKOFF_S", (0.01, 0.02))

    async def respond(request: Any, stream: Any) -> bytes:
        if request.path == "/v1beta/models":
            return bytes(wire.http(200, {"models": [{"name": "models/gemini-2.5-flash", "thinking": True}]}))
        return bytes(wire.http(404, {"error": {"code": 404, "message": f"models/{MODEL} is not found"}}))

    async with gemini(wire, respond) as (llm, _):
        assert await llm.models() == ("gemini-2.5-flash",)
        with pytest.raises(
            LlmError, match=r"^Gemini has no model gemini-3-test\. It has: gemini-2\.5-flash\."
        ):
            await wire.ask(llm, "Hello.")


async def test_a_call_that_was_written_wrong_is_asked_for_once_more(wire: Any) -> None:
    call = {"functionCall": {"name": "clock", "args": {}}, "thoughtSignature": SIGNATURE}
    whole = {"candidates": [{"content": {"role": "model", "parts": [call]}, "finishReason": "STOP"}]}
    paths = []

    async def respond(request: Any, stream: Any) -> bytes:
        paths.append(request.path.rpartition(":")[2])
        if len(paths) == 1:
            wrong = event(finish="MALFORMED_FUNCTION_CALL")
            return bytes(wire.http(200, wrong, kind="text/event-stream"))
        return bytes(wire.http(200, whole))

    async with gemini(wire, respond) as (llm, _):
        deltas = await wire.ask(llm, "What time is it?", tools=[ToolSpec("clock", "tells")])
    assert [delta.call.name for delta in deltas if delta.call] == ["clock"]
    assert paths == ["streamGenerateContent?alt=sse", "generateContent"]
