"""Conversations that share one model do not disturb each other."""

from __future__ import annotations

import gc
import json
from typing import Any

import anyio
import pytest
from anyio.abc import SocketStream

from pipeline.llm.base import Message

pytestmark = pytest.mark.anyio


async def test_two_conversations_on_one_model_and_one_is_interrupted(wire: Any) -> None:
    """Each word of an answer waits until it is let out, so that the two are surely interleaved."""
    steps = {name: anyio.Event() for name in ("anna", "bert")}
    words = {"anna": ["red ", *["green "] * 1000], "bert": ["one ", "two ", "three"]}

    async def respond(request: Any, stream: SocketStream) -> bytes:
        if request.path.endswith("/models"):
            return bytes(wire.http(200, {"data": [{"id": "llm-micro"}]}))
        name = request.body["messages"][-1]["content"].split()[0]
        if name == "again":
            return bytes(wire.say("still here"))
        await stream.send(wire.sse)
        for number, word in enumerate(words[name]):
            if number:
                await steps[name].wait()
            await stream.send(wire.event({"content": word}))
        return bytes(wire.event(finish="stop") + b"data: [DONE]\n\n")

    heard: dict[str, list[str]] = {"anna": [], "bert": []}
    begun = {name: anyio.Event() for name in heard}

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        kept = set(vars(llm))

        async def converse(name: str, scope: anyio.CancelScope) -> None:
            with scope:
                asked = [Message("system", f"I am {name}."), Message("user", f"{name} asks")]
                async with llm.reply(asked) as deltas:
                    async for delta in deltas:
                        heard[name].append(delta.text)
                        begun[name].set()

        scopes = {name: anyio.CancelScope() for name in heard}
        with anyio.fail_after(5):
            async with anyio.create_task_group() as group:
                for name in heard:
                    group.start_soon(converse, name, scopes[name])
                for event in begun.values():
                    await event.wait()
                scopes["anna"].cancel()
                await anyio.wait_all_tasks_blocked()
                steps["anna"].set()
                await server.hung_up.wait()
                steps["bert"].set()
        assert heard["anna"] == ["red "]
        assert "".join(heard["bert"]) == "one two three"
        assert wire.text_of(await wire.ask(llm, "again")) == "still here"
        bodies = [json.dumps(body) for body in server.asked]
        named = [("anna" in body, "bert" in body) for body in bodies]
        assert named == [(True, False), (False, True), (False, False)]
        assert set(vars(llm)) == kept
        gc.collect()
        left = [each for each in gc.get_objects() if isinstance(each, Message)]
        assert not [message for message in left if message.text in ("anna asks", "bert asks")]
