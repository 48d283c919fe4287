"""What a model can do is shown by trying."""

from __future__ import annotations

import dataclasses
import functools
import random
from typing import Any

import pytest

from pipeline.llm.base import Capabilities
from pipeline.llm.bridges.text_only import TextOnly
from pipeline.llm.capabilities import Claimed
from pipeline.llm.probe import COLOURS, probe_llm
from pipeline.llm.shown import Shown, shown_before

pytestmark = pytest.mark.anyio
SEED = 5


def asked_to_see() -> tuple[str, list[str]]:
    """The number and the colours that ``SEED`` brings."""
    chance = random.Random(SEED)
    return "".join(map(str, chance.sample(range(2, 10), 2))), chance.sample(COLOURS, 2)


NUMBER, (FIRST, SECOND) = asked_to_see()
SHOWN = Shown(sees=False, on="2026-11-29")


async def test_a_model_that_sees_is_shown_to_and_what_was_shown_is_kept(llama: str, wire: Any) -> None:
    """It knows colours, and no figures; it was never taught to call anything."""
    async with wire.llm_at(llama) as llm:
        await llm.discover()
        shown = await probe_llm(TextOnly(llm), chance=random.Random(SEED))
        assert (shown.sees, shown.calls_tools, shown.prompted_tools) == (True, False, False)
        assert shown.why == {"calls_tools": "2 of 2 wrong", "prompted_tools": "2 of 2 wrong"}
    async with wire.llm_at(llama) as again:
        known = await again.discover()
        assert (known.sees, known.calls_tools, known.context) == (True, False, 2048)
        assert known.said_by.startswith(f"a test on {shown.on}, llama.cpp")


async def test_a_blind_one_refuses(blind_llama: str, wire: Any) -> None:
    async with wire.llm_at(blind_llama) as llm:
        shown = await probe_llm(llm)
        assert (shown.sees, shown.why["sees"]) == (False, "refused")
        assert not llm.capabilities.sees
    async with wire.llm_at(blind_llama) as again:
        again.assume(Claimed(sees=True, build=llm.identity.build))
        assert (again.capabilities.sees, again.sees_known) == (False, True), "whatever is claimed"


def scripted(script: dict[str, Any], wire: Any) -> Any:
    """A server that says, of each question: a text, bytes, or the tools that it calls."""

    async def respond(request: Any, stream: Any) -> bytes:
        if not request.path.endswith("/chat/completions"):
            return bytes(wire.http(404, {}))
        question = request.body["messages"][-1]["content"]
        text = question if isinstance(question, str) else question[-1]["text"]
        way = "prompted" if "<tool_call>" in request.body["messages"][0]["content"] else "native"
        kind = "number" if "number" in text else "colours" if "colour" in text else way
        if kind == "native" and "tools" not in request.body:
            return bytes(wire.say(PONG))
        answers = script[kind]
        answer = answers if isinstance(answers, bytes | str) else answers.pop(0)
        if isinstance(answer, tuple):
            calls = [
                {"index": n, "id": name, "function": {"name": name, "arguments": "{}"}}
                for n, name in enumerate(answer)
            ]
            answer = wire.sse + wire.event({"tool_calls": calls}) + wire.event(finish="tool_calls")
        return answer if isinstance(answer, bytes) else bytes(wire.say(answer))

    return respond


PONG = "pong"
THOUGHT = {"completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 7}}
CALLED = '<tool_call>{"name": "ping", "arguments": {}}</tool_call>'
REFUSED = b'{"error": {"message": "tools param requires --jinja flag"}}'


def cases(wire: Any) -> list[tuple[dict[str, Any], Shown]]:
    no_tools = {"native": PONG, "prompted": PONG}
    wrong = {"calls_tools": "2 of 2 wrong", "prompted_tools": "2 of 2 wrong"}
    no_tools_shown = functools.partial(Shown, calls_tools=False, prompted_tools=False)
    other = str(int(NUMBER) - 1)
    sees = {"number": f"It shows {NUMBER}."}
    key = wire.http(401, {"error": {"message": "no such key"}})
    gone = wire.http(200, "{}")
    why_gone = "The model server at test answered with something else, not as a model server does."
    why_key = "The model server at test wants a key, and none was sent (HTTP status 401)."
    return [
        (sees | {"native": [("ping", "pong")]}, Shown(sees=True, calls_tools=True, parallel_tools=True)),
        (
            {"number": wire.sse + wire.event({"content": NUMBER}, finish="stop", usage=THOUGHT)}
            | {"native": [("ping",)]},
            Shown(sees=True, calls_tools=True, thinks=True),
        ),
        (sees | {"native": [PONG, ("ping",)]}, Shown(sees=True, calls_tools=True)),
        (
            sees | {"native": ["x" * 5000, ("other",)], "prompted": CALLED},
            Shown(sees=True, calls_tools=False, prompted_tools=True, why={"calls_tools": "2 of 2 wrong"}),
        ),
        (
            sees | {"native": wire.http(500, REFUSED), "prompted": f"Well.\n{CALLED}"},
            Shown(sees=True, calls_tools=False, prompted_tools=True, why={"calls_tools": "refused"}),
        ),
        (
            {"number": other, "colours": [f"{FIRST.title()}!", SECOND]} | no_tools,
            no_tools_shown(sees=True, why=wrong),
        ),
        (
            {"number": other, "colours": [FIRST, FIRST]} | no_tools,
            no_tools_shown(why={"sees": "2 of 3 wrong", **wrong}),
        ),
        (
            {"number": f"{NUMBER} or {other}", "colours": " or ".join(COLOURS)} | no_tools,
            no_tools_shown(sees=False, why={"sees": "3 of 3 wrong", **wrong}),
        ),
        (
            {"number": wire.http(500, {"error": "image input is not supported"})} | no_tools,
            no_tools_shown(sees=False, why={"sees": "refused", **wrong}),
        ),
        ({"number": key, "native": key}, Shown(why={"sees": why_key, "calls_tools": why_key})),
        ({"number": gone, "native": [PONG, gone]}, Shown(why={"sees": why_gone, "calls_tools": why_gone})),
    ]


async def test_what_is_shown_and_what_says_nothing(wire: Any) -> None:
    for script, wanted in cases(wire):
        async with wire.serve(scripted(script, wire)) as server, wire.llm_at(server.base_url) as llm:
            shown = await probe_llm(llm, chance=random.Random(SEED))
            assert shown == dataclasses.replace(wanted, on=shown.on), script
            claimed = Capabilities(sees=True, calls_tools=True)
            assert shown_before(llm.identity) == (shown if wanted else Shown())
            assert llm.capabilities == (shown.claimed.capabilities if wanted else claimed)


@pytest.mark.parametrize(
    ("listed", "path"),
    [({"owned_by": "vllm"}, "/version"), (None, "/api/version")],
    ids=["vLLM", "Ollama"],
)
async def test_another_version_of_the_server_is_another_one(wire: Any, listed: Any, path: str) -> None:
    """It is asked for while the person speaks, and only where something was shown: no start waits for it. One
    that does not tell it now, being busy, is no other.
    """
    running = ["0.16"]
    show = {"modified_at": "2026-11-01"}

    async def respond(request: Any, stream: Any) -> bytes:
        answers: dict[str, Any] = {path: {"version": running[-1]}}
        answers |= (
            {"/v1/models": {"data": [{"id": "llm-micro", **listed}]}} if listed else {"/api/show": show}
        )
        if request.path.endswith("/chat/completions"):
            if "tools" in request.body:
                return bytes(wire.http(400, {"error": {"message": "it does not support tools"}}))
            return bytes(wire.say(NUMBER))
        return bytes(wire.http(200 if request.path in answers else 404, answers.get(request.path, {})))

    async with wire.serve(respond) as server:
        for version, tools in (("0.16", False), ("0.16", False), ("", False), ("0.17", True)):
            running.append(version)
            async with wire.llm_at(server.base_url) as llm:
                first = len(server.requests)
                await llm.discover()
                assert path not in [request.path for request in server.requests[first:]]
                if first == 0:
                    await probe_llm(llm, chance=random.Random(SEED))
                    continue
                assert not llm.capabilities.calls_tools
                await llm.warm()
                assert path in [request.path for request in server.requests[first:]]
                assert llm.capabilities.calls_tools == tools


async def test_another_model_behind_the_same_name_is_another_one(wire: Any) -> None:
    """llama.cpp has one, whatever it is called; and the same file sees or not, as it was started."""
    small, large = ({"build_info": "b1", "model_path": f"/models/{name}.gguf"} for name in ("small", "large"))
    running: list[dict[str, Any]] = []

    async def respond(request: Any, stream: Any) -> bytes:
        found = request.path.startswith("/props")
        return bytes(wire.http(200 if found else 404, running[-1] if found else {}))

    async with wire.serve(respond) as server:
        for props in (small, large, small | {"modalities": {"vision": True}}, {"build_info": "b1"}, small):
            running.append(props)
            async with wire.llm_at(server.base_url) as llm:
                await llm.discover()
                assert shown_before(llm.identity) == (SHOWN if running[1:] and props is small else Shown())
                if not running[1:]:
                    llm.learn(SHOWN)
