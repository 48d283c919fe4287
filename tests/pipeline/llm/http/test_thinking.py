"""A model that thinks while a person waits to hear it: told that it is enough, asked anew, or waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from pipeline.llm.apis.chat import NO_THINKING
from pipeline.llm.base import Message
from pipeline.llm.capabilities import Claimed
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server

pytestmark = pytest.mark.anyio
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message.reasoning_content %}<think>\n{{ message.reasoning_content }}\n</think>\n{% endif %}"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n"
    "{% if enable_thinking is defined and not enable_thinking %}</think>\n{% endif %}{% endif %}"
)
"""Of a model that thinks, and can be kept from it."""
LLAMA, OTHER = Claimed(thinks=True, program="llama.cpp"), Claimed(thinks=True)


@asynccontextmanager
async def thinker(base_url: str, claimed: Claimed, wire: Any, **settings: Any) -> AsyncIterator[HttpLlm]:
    options = replace(wire.options_with(**{"thinking_s": 0.05, **settings}), spoken=True)
    llm = HttpLlm(Server("the model server at test", base_url, "m"), options, spec="test")
    llm.assume(claimed)
    try:
        yield llm
    finally:
        await llm.aclose()


class Thinks:
    """Until it is told that it is enough, or asked not to. ``silent``: after the first thought it says
    nothing of it; ``refuses``: it cannot be asked not to, and comes to an end by itself.
    """

    def __init__(self, wire: Any, *, silent: bool = False, refuses: bool = False) -> None:
        self._wire = wire
        self._silent = silent
        self._refuses = refuses
        self._enough = anyio.Event()
        self.controlled: list[Any] = []
        self.asked: list[Any] = []

    async def __call__(self, request: Any, stream: Any) -> bytes:
        if request.path.endswith("/control"):
            self.controlled.append(request.body)
            self._enough.set()
            return bytes(self._wire.http(200, {"success": True}))
        self.asked.append(request.body)
        without = "reasoning_effort" in request.body and request.body["reasoning_effort"] == "none"
        if without and self._refuses:
            return bytes(self._wire.http(400, {"error": {"message": "Unsupported value: reasoning_effort"}}))
        if without:
            return bytes(self._wire.say("At once."))
        await stream.send(self._wire.sse)
        for _ in range(20 if self._refuses else 10_000):
            await stream.send(self._wire.event({"reasoning_content": "Hm. "}, id="chat-1"))
            if self._silent:
                await stream.receive()
            with anyio.move_on_after(0.01):
                await self._enough.wait()
            if self._enough.is_set():
                break
        usage = {"completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 7}}
        return bytes(self._wire.event({"content": "So be it."}, finish="stop", usage=usage))


async def heard(llm: HttpLlm, wire: Any) -> tuple[str, int, int | None]:
    """What it says, how often the person is told to wait, and the tokens it thought."""
    deltas = await wire.ask(llm, Message("user", "Why?"))
    return wire.text_of(deltas), sum(delta.waits for delta in deltas), deltas[-1].tokens_thinking


async def test_llama_cpp_is_told_that_it_is_enough(wire: Any) -> None:
    thinks = Thinks(wire)
    async with wire.serve(thinks) as server, thinker(server.base_url, LLAMA, wire, thinking_s=0.2) as llm:
        assert await heard(llm, wire) == ("So be it.", 1, 7)
    assert thinks.controlled == [{"id": "chat-1", "action": "reasoning_end"}]
    assert [body["reasoning_control"] for body in thinks.asked] == [True]
    assert thinks.asked[0]["reasoning_effort"] == "low"
    assert thinks.asked[0]["max_tokens"] == 600 + 2048


@pytest.mark.parametrize("silent", [False, True])
async def test_another_is_asked_anew_and_from_then_on_not_to_think(wire: Any, silent: bool) -> None:
    thinks = Thinks(wire, silent=silent)
    async with wire.serve(thinks) as server, thinker(server.base_url, OTHER, wire) as llm:
        assert await heard(llm, wire) == ("At once.", 1, None)
        await server.hung_up.wait()
        assert await heard(llm, wire) == ("At once.", 0, None)
    assert [NO_THINKING.items() <= body.items() for body in thinks.asked] == [False, True, True]


async def test_one_that_cannot_be_stopped_is_waited_for(wire: Any) -> None:
    thinks = Thinks(wire, refuses=True)
    async with wire.serve(thinks) as server, thinker(server.base_url, OTHER, wire, thinking="off") as llm:
        assert await heard(llm, wire) == ("So be it.", 1, 7)
        assert await heard(llm, wire) == ("So be it.", 1, 7)
    assert len(thinks.asked) == 3, "refused once, and not again"


async def test_nobody_is_hurried_who_writes_to_a_reader_or_as_the_person_wants(wire: Any) -> None:
    for spoken, thinking_s in ((False, 0.05), (True, 0.0)):
        thinks = Thinks(wire, refuses=True)
        async with wire.serve(thinks) as server:
            options = replace(wire.options_with(thinking_s=thinking_s), spoken=spoken)
            llm = HttpLlm(Server("the model server at test", server.base_url, "m"), options, spec="test")
            llm.assume(LLAMA)
            assert await heard(llm, wire) == ("So be it.", 0, 7)
            await llm.aclose()
        assert len(thinks.asked) == 1
        assert not thinks.controlled


async def test_a_real_llama_cpp_ends_its_thinking_when_it_is_told_to(
    models: Path, serve_llama: Any, wire: Any
) -> None:
    running = serve_llama(models / "llm-micro", sees=False, template=TEMPLATE)
    base_url = f"{running.listening_address}/v1"
    async with thinker(base_url, LLAMA, wire, thinking_s=0.1) as llm:
        assert (await llm.discover()).thinks
        came = []
        async with llm.reply([Message("user", "Tell me a long story.")]) as deltas:
            async for delta in deltas:
                came.append("wait" if delta.waits else delta.text)
                if delta.text.strip():
                    break
    assert came[0] == "wait"
    assert came[-1].strip()
    assert came.count("wait") == 1
    assert not llm._reasoning._overthinks, "it was not asked anew"
    del running


async def test_what_it_may_think_is_no_more_that_it_may_say(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        assert request.body["max_tokens"] == 20 + 2048
        return bytes(wire.say(*["word "] * 100))

    async with wire.serve(respond) as server, thinker(server.base_url, OTHER, wire, max_tokens=20) as llm:
        deltas = await wire.ask(llm, Message("user", "Why?"))
    assert deltas[-1].finish == "length"
    assert 20 < len(deltas) <= 102
    assert len(wire.text_of(deltas)) > 60
