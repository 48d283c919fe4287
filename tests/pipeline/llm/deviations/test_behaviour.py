"""Deviations that are about more than one answer, by their numbers: histories, interruptions, tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from PIL import Image

from config.settings.model import VisionSettings
from pipeline.llm.apis.base import Api, Request
from pipeline.llm.base import Delta, Message, ToolSpec
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.http.pictures import base64_image
from pipeline.llm.image_limits import image_limits_for
from pipeline.llm.server import Server
from pipeline.tools.base import Tool
from pipeline.tools.plugins import PluginTools
from pipeline.tools.registry import Toolbox
from tests.pipeline.llm.apis.rules import check_request
from tests.pipeline.llm.deviations.corpus import (
    CHAT,
    DEVIATIONS,
    GEMINI,
    LINES,
    MESSAGES,
    OLLAMA,
    RESPONSES,
    STREAM,
    calling,
    candidate,
    chat,
    fragment,
    ollama,
    sse,
)
from tests.tables import for_each
from vision.images.open import open_picture

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")
TOOLS = (ToolSpec("clock", "tells the time"), ToolSpec("timer", "sets a timer"))
ASKED = Message("user", "Set a timer.")
AGAIN = Message("user", "And another one.")
BROKEN = '{"n": '
BROKEN_CALLS: list[tuple[Api, bytes]] = [
    (CHAT, calling(fragment(BROKEN, "timer", index=0, id="a"))),
    (
        RESPONSES,
        sse(
            {
                "type": "response.output_item.done",
                "item": {"type": "function_call", "call_id": "a", "name": "timer", "arguments": BROKEN},
            },
            {"type": "response.completed", "response": {"status": "completed"}},
        ),
    ),
    (
        MESSAGES,
        sse(
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "tool_use", "id": "a", "name": "timer"},
            },
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "input_json_delta", "partial_json": BROKEN},
            },
            {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
            {"type": "message_stop"},
        ),
    ),
    (GEMINI, sse(candidate({"functionCall": {"id": "a", "name": "timer", "args": [1]}}, finish="STOP"))),
    (OLLAMA, ollama({"tool_calls": [fragment(BROKEN, "timer", id="a")]})),
]


def read(api: Api, answer: bytes) -> list[Delta]:
    reply = api.reply(SERVER, tools=True)
    return reply.push(answer.split(b"\r\n\r\n", 1)[1]) + reply.end()


def asked_next(api: Api, deltas: list[Delta], *results: Message) -> Any:
    """What follows an answer with calls."""
    calls = tuple(delta.call for delta in deltas if delta.call)
    asking = Message("assistant", "", calls=calls, opaque=deltas[-1].opaque)
    body = api.body(Request("m", [ASKED, asking, *results, AGAIN], TOOLS))
    check_request(api, body)
    return body


@for_each(("api", "answer"), BROKEN_CALLS)
def test_03_llama_cpp_22072_a_broken_call_is_mended_before_it_is_sent_back(api: Api, answer: bytes) -> None:
    """Else the server fails at it in every later turn. Once with what the server wants back, once without."""
    deltas = read(api, answer)
    (call,) = (delta.call for delta in deltas if delta.call)
    assert call.malformed
    told = Message("tool", "The arguments could not be read.", tool_call_id=call.id)
    for told_of in (deltas, [Delta(call=call), Delta(finish="tool_calls")]):
        sent = json.dumps(asked_next(api, told_of, told))
        assert json.dumps(BROKEN)[1:-1] not in sent
        assert told.text in sent


STOPPED: dict[str, tuple[Api, bytes]] = {
    "04 llama.cpp#24496, while it writes": (
        CHAT,
        chat({"content": "Once"}, finish=None).removesuffix(b"data: [DONE]\n\n"),
    ),
    "05 ik_llama#1020, while it reads": (CHAT, b""),
    "05 ik_llama#1020, once it has sent its headers": (CHAT, STREAM),
    "06 vllm#54947": (
        CHAT,
        chat({"role": "assistant", "content": ""}, finish=None).removesuffix(b"data: [DONE]\n\n"),
    ),
    "07 ollama#2876": (
        OLLAMA,
        LINES + b'{"message": {"role": "assistant", "content": "Once"}, "done": false}\n',
    ),
}


@pytest.mark.anyio
@pytest.mark.parametrize("name", STOPPED)
async def test_it_is_told_to_stop_and_what_it_still_does_holds_nobody_up(name: str, wire: Any) -> None:
    """All that can be done from here: the connection ends at once. A server that works on all the same is
    asked over another one. Whether llama.cpp stops is measured in ``tests/pipeline/llm/http/test_client``.
    """
    api, begun = STOPPED[name]
    answer = chat({"content": "Noon."}) if api is CHAT else ollama({"content": "Noon."})
    asked, ended = anyio.Event(), anyio.Event()

    async def respond(request: Any, stream: Any) -> bytes:
        if asked.is_set():
            return answer
        await stream.send(begun)
        asked.set()
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()
        ended.set()
        await anyio.sleep_forever()
        return b""

    async with wire.serve(respond) as served:
        llm = HttpLlm(Server("test", served.base_url, "m"), wire.options_with(), spec="test", api=api)
        async with anyio.create_task_group() as group:
            group.start_soon(wire.ask, llm, "Tell me a story.")
            await asked.wait()
            for _ in range(10):  # until what was sent has been read
                await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()
        with anyio.fail_after(5):
            await ended.wait()
            assert wire.text_of(await wire.ask(llm, "What is the time?")) == "Noon."
        await llm.aclose()
    assert served.connections == 2


@pytest.mark.anyio
async def test_a_stop_with_every_event_of_gemini_that_takes_its_time(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        await stream.send(STREAM)
        for text in ("It ", "is ", "noon."):
            await stream.send(sse(candidate({"text": text}, finish="STOP")).removeprefix(STREAM))
            await anyio.sleep(0.3)
        return b""

    async with wire.serve(respond) as served:
        llm = HttpLlm(Server("test", served.base_url, "m"), wire.options_with(), spec="test", api=GEMINI)
        assert wire.text_of(await wire.ask(llm, "What is the time?")) == "It is noon."
        await llm.aclose()


@pytest.mark.anyio
async def test_14_vllm_39757_a_name_that_was_cut_is_not_guessed() -> None:
    deltas = read(CHAT, calling(fragment("{}", "get", index=0, id="a")))
    (call,) = (delta.call for delta in deltas if delta.call)

    async def run() -> str:
        raise AssertionError("nobody called it")

    tools = [Tool(name, "tells", risk="read", run=run) for name in ("get_weather", "get_mail")]
    result = await Toolbox(lambda: tools, lambda: PluginTools((), ())).run(call)
    assert result.failed
    assert result.text == "There is no tool get. There are: get_weather, get_mail."


@for_each("name", ["reasoning", "reasoning_content"])
def test_21_litellm_26501_thinking_goes_back_under_the_name_it_came_under(name: str) -> None:
    answer = chat({name: "Hm."}, {"tool_calls": [fragment("{}", "clock", id="a")]}, finish="tool_calls")
    (_, asking, *_) = asked_next(CHAT, read(CHAT, answer))["messages"]
    assert {key: asking[key] for key in asking if key.startswith("reasoning")} == {name: "Hm."}


def test_23_hebo_gateway_226_signatures_go_back_wherever_they_stand() -> None:
    """Of a call in ``extra_content`` or ``signature``, of the message in ``reasoning_details``."""
    details = [{"type": "reasoning.encrypted", "data": "gAAAA"}, {"type": "reasoning.text", "text": "Hm."}]
    signed = {"extra_content": {"google": {"thought_signature": "s"}}, "signature": "t"}
    answer = chat(
        {"reasoning_details": details[:1]},
        {"reasoning_details": details[1:]},
        {"tool_calls": [fragment("{}", "clock", id="a", **signed)]},
        finish="stop",
    )
    (_, asking, *_) = asked_next(CHAT, read(CHAT, answer))["messages"]
    assert asking["reasoning_details"] == details
    assert {key: asking["tool_calls"][0][key] for key in signed} == signed


def test_25_lmstudio_1752_no_picture_is_sent_as_webp(tmp_path: Path) -> None:
    path = tmp_path / "picture.webp"
    Image.new("RGB", (64, 48), "red").save(path)
    picture = open_picture(str(path))
    for host in (
        "127.0.0.1",
        "api.openai.com",
        "api.anthropic.com",
        "generativelanguage.googleapis.com",
        "x",
    ):
        limits = image_limits_for(host, "" if host == "127.0.0.1" else host, VisionSettings())
        image = base64_image(picture, limits)
        assert image.mime in ("image/jpeg", "image/png")
        assert image.url.startswith(f"data:{image.mime};base64,")


def test_28_ollama_17889_a_long_conversation_is_given_room_before_it_is_asked() -> None:
    long = [Message("user", "word " * 6000), Message("assistant", "Yes."), AGAIN]
    body = OLLAMA.body(Request("m", long, context=32_768))
    assert (body["truncate"], body["shift"], body["options"]["num_ctx"]) == (False, False, 16_384)


def test_none_of_the_28_is_left_out() -> None:
    here = [name.removeprefix("test_") for name in globals() if name.startswith("test_")]
    names = [*(str(deviation) for deviation in DEVIATIONS), *STOPPED, *here]
    found = {int(name[:2]) for name in names if name[:2].isdecimal()}
    assert found == set(range(1, 29))
