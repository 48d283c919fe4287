"""The other languages of a real llama.cpp server, with the small model of tests/models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from PIL import Image, ImageDraw

from config.errors import LlmError
from pipeline.llm.apis.base import Api
from pipeline.llm.apis.messages import Messages
from pipeline.llm.apis.responses import Responses
from pipeline.llm.base import Message, ToolCall
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from vision.images.picture import Picture

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("api", [Responses(), Messages()], ids=lambda a: a.name),
]

CAPITAL = "What is the capital of France?"
STORY = "Tell me a long story."


def red_circle() -> Picture:
    image = Image.new("RGB", (240, 240), "white")
    ImageDraw.Draw(image).ellipse((60, 60, 180, 180), fill="red")
    return Picture("circle.png", image)


def blue_square() -> Picture:
    image = Image.new("RGB", (240, 240), "white")
    ImageDraw.Draw(image).rectangle((60, 60, 180, 180), fill="blue")
    return Picture("square.png", image)


@asynccontextmanager
async def llm_at(base_url: str, api: Api, wire: Any, **llm: Any) -> AsyncIterator[HttpLlm]:
    server = Server("the model server at test", base_url, "llm-micro")
    asked = HttpLlm(server, wire.options_with(**llm), spec=f"{base_url}#llm-micro", api=api)
    try:
        yield asked
    finally:
        await asked.aclose()


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_answers_token_by_token_on_either_loop(llama: str, api: Api, wire: Any) -> None:
    async with llm_at(llama, api, wire) as llm:
        deltas = await wire.ask(llm, CAPITAL)
    assert wire.text_of(deltas) == "The capital of France is Paris."
    assert len([delta for delta in deltas if delta.text]) >= 6
    assert [delta.finish for delta in deltas if delta.finish] == ["stop"]
    assert (deltas[-1].tokens_in, deltas[-1].tokens_out) == (17, 8)
    assert deltas[-1].tokens_cached is not None


async def test_instructions_and_history_are_understood(llama: str, api: Api, wire: Any) -> None:
    system, before = Message("system", "Be brief."), Message("assistant", "The capital of France is Paris.")
    async with llm_at(llama, api, wire) as llm:
        deltas = await wire.ask(llm, system, CAPITAL, before, "What is two plus three?")
    assert "five" in wire.text_of(deltas).lower()


async def test_it_takes_it_to_be_asked_not_to_think(llama: str, api: Api, wire: Any) -> None:
    async with llm_at(llama, api, wire, thinking="off") as llm:
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."


async def test_a_picture_is_seen(llama: str, api: Api, wire: Any) -> None:
    """On both paths, though the server's documentation names pictures for Chat Completions alone."""
    async with llm_at(llama, api, wire) as llm:
        asked = Message("user", "What is in the picture?", pictures=(red_circle(),))
        assert "red circle" in wire.text_of(await wire.ask(llm, asked))


async def test_a_picture_of_a_tool_is_seen_where_it_stands(llama: str, api: Api, wire: Any) -> None:
    call = ToolCall("call_1", "look", {})
    async with llm_at(llama, api, wire) as llm:
        deltas = await wire.ask(
            llm,
            "What is in the picture?",
            Message("assistant", "", calls=(call,)),
            Message("tool", "", pictures=(blue_square(),), tool_call_id="call_1"),
        )
    assert "blue square" in wire.text_of(deltas)


async def test_an_interrupted_call_does_not_stand_in_the_way(llama: str, api: Api, wire: Any) -> None:
    broken = ToolCall("call_1", "look", {}, malformed='{"at": ')
    async with llm_at(llama, api, wire) as llm:
        deltas = await wire.ask(llm, "Look.", Message("assistant", "", calls=(broken,)), CAPITAL)
    assert wire.text_of(deltas)


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_leaving_early_stops_the_server(llama: str, api: Api, wire: Any) -> None:
    import httpx

    async with llm_at(llama, api, wire) as llm, httpx.AsyncClient() as client:
        async with llm.reply([Message("user", STORY)]) as deltas:
            async for delta in deltas:
                if delta.text:
                    break
        with anyio.fail_after(5):
            # The server offers no event to wait for.
            while (await client.get(f"{llama.removesuffix('/v1')}/slots")).json()[0]["is_processing"]:  # noqa: ASYNC110
                await anyio.sleep(0.01)
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."


async def test_the_length_is_limited(llama: str, api: Api, wire: Any) -> None:
    """On its Responses path llama.cpp says ``response.completed`` of an answer that it cut off: nobody can
    tell, but by its length.
    """
    async with llm_at(llama, api, wire, max_tokens=16) as llm:
        last = (await wire.ask(llm, STORY))[-1]
    assert last.tokens_out == 16
    assert last.finish == ("stop" if isinstance(api, Responses) else "length")


async def test_a_model_without_eyes_is_found_out_by_trying(blind_llama: str, api: Api, wire: Any) -> None:
    async with llm_at(blind_llama, api, wire) as llm:
        with pytest.raises(LlmError, match="cannot see pictures"):
            await wire.ask(llm, Message("user", "What is it?", pictures=(red_circle(),)))
        assert not llm.capabilities.sees


async def test_too_long_a_conversation_is_named(llama: str, api: Api, wire: Any) -> None:
    async with llm_at(llama, api, wire) as llm:
        with pytest.raises(LlmError, match="too long for the model"):
            await wire.ask(llm, "hello " * 4000)
