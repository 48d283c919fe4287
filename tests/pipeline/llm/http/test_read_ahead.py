"""What a question follows is read while the person still speaks: who asks next waits for that alone."""

from __future__ import annotations

import uuid
from typing import Any

import anyio
import pytest

from pipeline.llm.base import Message
from pipeline.llm.capabilities import Claimed

pytestmark = pytest.mark.anyio
KNOWN = Claimed(program="llama.cpp")


def beginning() -> list[Message]:
    """Nobody has read it before."""
    rules = " ".join(f"Rule {n}: be brief." for n in range(60))
    return [Message("system", f"{uuid.uuid4().hex} {rules}")]


async def test_what_was_read_ahead_is_not_read_again(llama: str, wire: Any) -> None:
    cold, warm = beginning(), beginning()
    async with wire.llm_at(llama) as llm:
        assert (await llm.discover()).said_by == "llama.cpp, its list of models"
        await llm.read_ahead(warm)
        cached = {}
        for name, messages in (("cold", cold), ("warm", warm)):
            last = (await wire.ask(llm, *messages, "What is the capital of France?"))[-1]
            cached[name] = last.tokens_cached / last.tokens_in
    assert cached["cold"] < 0.1
    assert cached["warm"] > 0.9


async def test_a_question_follows_what_it_begins_with_and_nothing_else(wire: Any) -> None:
    """Of two at once on one machine each would take twice as long, and half of it for nothing."""
    let_go, read = anyio.Event(), anyio.Event()

    async def respond(request: Any, stream: Any) -> bytes:
        if request.body["max_tokens"] > 1:
            return bytes(wire.say("Well."))
        read.set()
        if len(server.asked) == 1:
            await stream.receive()  # which ends with the connection
        await let_go.wait()
        return bytes(wire.http(200, {"choices": [{"message": {"content": "x"}, "finish_reason": "length"}]}))

    async with (
        wire.serve(respond) as server,
        wire.llm_at(server.base_url) as llm,
        anyio.create_task_group() as group,
    ):
        llm.assume(KNOWN)
        mine = beginning()
        group.start_soon(llm.read_ahead, mine)
        await read.wait()
        await llm.read_ahead(mine)
        assert wire.text_of(await wire.ask(llm, *beginning(), "Hello?")) == "Well."
        await server.hung_up.wait()
        read = anyio.Event()
        group.start_soon(llm.read_ahead, mine)
        await read.wait()
        group.start_soon(wire.ask, llm, *mine, "Hello?")
        await anyio.wait_all_tasks_blocked()
        assert [body["max_tokens"] for body in server.asked] == [1, 600, 1]
        let_go.set()
        while len(server.asked) < 4:  # noqa: ASYNC110  the server tells nobody
            await anyio.sleep(0.001)
    assert [body["max_tokens"] for body in server.asked] == [1, 600, 1, 600]


async def test_nobody_is_asked_who_would_not_keep_it_or_who_is_paid(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        return bytes(wire.http(500, "no"))

    async with wire.serve(respond) as server:
        for claimed, prewarm, asked in (
            (Claimed(), "auto", 0),
            (Claimed(program="llama.cpp", passed_on_to="ollama.com"), "auto", 0),
            (Claimed(program="llama.cpp", passed_on_to="ollama.com"), "on", 0),
            (KNOWN, "off", 0),
            (KNOWN, "auto", 1),
            (Claimed(), "on", 2),
        ):
            async with wire.llm_at(server.base_url, prewarm=prewarm) as llm:
                llm.assume(claimed)
                await llm.read_ahead(beginning())
            assert len(server.asked) == asked, (claimed, prewarm)
