"""Against a real llama.cpp server with the small model of tests/models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest
from PIL import Image, ImageDraw

from config.errors import LlmError
from config.runtime import clock
from pipeline.llm.base import Message, ToolSpec
from pipeline.llm.http.pictures import base64_image
from vision.images.picture import Picture

pytestmark = pytest.mark.anyio

CAPITAL = "What is the capital of France?"
STORY = "Tell me a long story."


def red_circle() -> Picture:
    image = Image.new("RGB", (240, 240), "white")
    ImageDraw.Draw(image).ellipse((60, 60, 180, 180), fill="red")
    return Picture("circle.png", image)


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_answers_token_by_token_on_either_loop(llama: str, wire: Any) -> None:
    async with wire.llm_at(llama) as llm:
        deltas = await wire.ask(llm, CAPITAL)
    assert wire.text_of(deltas) == "The capital of France is Paris."
    assert len([delta for delta in deltas if delta.text]) >= 6
    assert [delta.finish for delta in deltas if delta.finish] == ["stop"]
    assert deltas[-1].finish == "stop"
    assert deltas[-1].tokens_out == 8
    assert deltas[-1].tokens_in == 17


async def test_a_picture_is_seen_and_encoded_once(llama: str, wire: Any) -> None:
    picture = red_circle()
    async with wire.llm_at(llama) as llm:
        assert (await llm.discover()).sees
        assert llm.sees_known
        question = Message("user", "What is in the picture?", pictures=(picture,))
        assert "red" in wire.text_of(await wire.ask(llm, question))
        first = base64_image(picture, llm.image_limits)
        assert "red" in wire.text_of(await wire.ask(llm, question))
        assert base64_image(picture, llm.image_limits) is first
        assert first.url.startswith("data:image/")


async def test_history_is_understood(llama: str, wire: Any) -> None:
    async with wire.llm_at(llama) as llm:
        deltas = await wire.ask(
            llm, CAPITAL, Message("assistant", "The capital of France is Paris."), "What is two plus three?"
        )
    assert "five" in wire.text_of(deltas).lower()


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_leaving_early_stops_the_server(llama: str, wire: Any) -> None:
    import httpx

    async with wire.llm_at(llama) as llm, httpx.AsyncClient() as client:
        async with llm.reply([Message("user", STORY)]) as deltas:
            async for delta in deltas:
                if delta.text:
                    break
        assert not llm._connection.client._transport._pool.connections
        with anyio.fail_after(5):
            # The server offers no event to wait for.
            while (await client.get(f"{llama.removesuffix('/v1')}/slots")).json()[0]["is_processing"]:  # noqa: ASYNC110
                await anyio.sleep(0.01)
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."


async def test_a_model_without_eyes_says_so_when_asked_before(blind_llama: str, wire: Any) -> None:
    async with wire.llm_at(blind_llama) as llm:
        assert not (await llm.discover()).sees
        with pytest.raises(LlmError, match="cannot see pictures") as refused:
            await wire.ask(llm, Message("user", "What is it?", pictures=(red_circle(),)))
        assert refused.value.kept == "The picture stays here."


async def test_a_model_without_eyes_is_found_out_by_trying(blind_llama: str, wire: Any) -> None:
    async with wire.llm_at(blind_llama) as llm:
        assert llm.capabilities.sees
        assert not llm.sees_known
        with pytest.raises(LlmError, match="cannot see pictures") as refused:
            await wire.ask(llm, Message("user", "What is it?", pictures=(red_circle(),)))
        assert not refused.value.kept, "it was sent"
        assert not llm.capabilities.sees
        assert llm.sees_known
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."


async def test_too_long_a_conversation_is_named(llama: str, wire: Any) -> None:
    async with wire.llm_at(llama) as llm:
        with pytest.raises(LlmError, match="too long for the model") as caught:
            await wire.ask(llm, "hello " * 4000)
    assert "Even without the turns before" in caught.value.todo


async def test_tools_are_asked_for_only_where_the_model_knows_them(llama: str, wire: Any) -> None:
    async with wire.llm_at(llama) as llm:
        assert not (await llm.discover()).calls_tools
        deltas = await wire.ask(llm, CAPITAL, tools=[ToolSpec("clock", "tells the time")])
    assert wire.text_of(deltas) == "The capital of France is Paris."


async def test_the_length_is_limited_and_told(llama: str, wire: Any) -> None:
    async with wire.llm_at(llama, max_tokens=16) as llm:
        deltas = await wire.ask(llm, STORY)
    assert deltas[-1].finish == "length"
    assert deltas[-1].tokens_out == 16


async def test_busy_only_while_waiting(llama: str, wire: Any) -> None:
    """While the consumer works on a delta the fast clock may jump."""
    async with wire.llm_at(llama) as llm:
        assert clock._busy == 0
        async with llm.reply([Message("user", CAPITAL)]) as deltas:
            assert clock._busy == 0
            async for _ in deltas:
                assert clock._busy == 0
        assert clock._busy == 0


def test_the_skipping_clock_runs_while_the_model_answers(llama: str, wire: Any) -> None:
    """With a 5 s limit on silence: a clock that jumped would have it pass at once."""

    async def main() -> str:
        async with wire.llm_at(llama) as llm:
            await llm.warm()
            return str(wire.text_of(await wire.ask(llm, CAPITAL)))

    assert (
        anyio.run(main, backend_options={"loop_factory": clock.FastLoop}) == "The capital of France is Paris."
    )


async def test_leaving_while_the_question_is_read_stops_the_reading(
    models: Path, serve_llama: Any, wire: Any
) -> None:
    """ik_llama#1020. How much of it was read is told by what the server need not read again."""
    import httpx

    held = [serve_llama(models / "llm-micro", batch=8)]
    address = held[0].listening_address
    question = "hello " * 900
    async with wire.llm_at(f"{address}/v1", max_tokens=16) as llm, httpx.AsyncClient() as client:

        async def reading() -> bool:
            return bool((await client.get(f"{address}/slots")).json()[0]["is_processing"])

        await llm.discover()
        async with anyio.create_task_group() as group:
            group.start_soon(wire.ask, llm, question)
            while not await reading():  # noqa: ASYNC110
                await anyio.sleep(0.001)
            await anyio.sleep(0.05)  # by then it has sent its headers: from there on it looks no more
            group.cancel_scope.cancel()
        with anyio.fail_after(20):
            # The server offers no event to wait for.
            while await reading():  # noqa: ASYNC110
                await anyio.sleep(0.01)
        last = (await wire.ask(llm, question))[-1]
    held.clear()
    assert last.tokens_cached < last.tokens_in - 1
