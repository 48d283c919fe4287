"""A model without a way for tools is told of them in words, and calls them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PIL import Image

from config.runtime.clean import clean
from config.settings.model import LlmSettings, VisionSettings
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.conversation.history import History
from pipeline.conversation.turn import Turn
from pipeline.llm.apis.base import Api
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.apis.ollama import Ollama
from pipeline.llm.base import Form, Message, ToolCall, ToolSpec
from pipeline.llm.bridges.grammar import grammar_of
from pipeline.llm.bridges.prompted_tools import PromptedTools, harmless, in_words
from pipeline.llm.capabilities import Claimed
from pipeline.llm.discovery import open_llm
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from pipeline.llm.shown import Identity, Shown, keep_shown
from pipeline.llm.wire import LlmOptions
from pipeline.skills.offline_llm import OfflineLlm
from pipeline.skills.timers import Timers
from vision.image_store import ImageStore
from vision.images.picture import Picture
from voice.stt.events import FinalTranscript

pytestmark = pytest.mark.anyio
CLOCK = ToolSpec("clock", "Tells the time.")
LLAMA_CPP = Claimed(calls_tools=False, build="llama.cpp b1")


def call_of(name: str, **arguments: Any) -> str:
    return f"<tool_call>{json.dumps({'name': name, 'arguments': arguments})}</tool_call>"


async def talk(wire: Any, *answers: bytes) -> tuple[list[Any], list[events.Event]]:
    left, told = [*answers], list[events.Event]()

    async def respond(request: Any, stream: Any) -> bytes:
        return left.pop(0) if request.path.endswith("/chat/completions") else bytes(wire.http(404, {}))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        llm.assume(LLAMA_CPP)
        assistant = Assistant(
            llm=PromptedTools(llm), skills=OfflineLlm(Timers()), voice=None, image_store=ImageStore(),
            history=History("Be brief."), notify=told.append, now=lambda: 0.0,
        )  # fmt: skip
        await assistant.answer(Turn(0, FinalTranscript(clean("Is the weather fine?"), source="text")))
        return server.asked, told


async def test_its_calls_are_run_and_never_told(wire: Any) -> None:
    called = call_of("set_timer", seconds=60)
    asked, told = await talk(
        wire,
        wire.say(*f"Well.\n{call_of('get_weather')} It is", " sunny."),
        wire.say(*called),
        wire.say("Done, ", "and <tool_call> is how."),
    )
    assert "".join(e.text for e in told if isinstance(e, events.ReplyDelta)).split() == [
        "Well.", "Done,", "and", "<tool_call>", "is", "how."
    ]  # fmt: skip
    unknown, timer = [e for e in told if isinstance(e, events.ToolUsed)]
    assert (unknown.tool, timer.tool, timer.arguments) == ("get_weather", "set_timer", {"seconds": 60})
    assert unknown.error is not None
    assert unknown.error.startswith("There is no tool get_weather.")
    first, second, third = asked
    system, question = first["messages"]
    assert system["content"].startswith("Be brief.")
    assert '\n{"name": "set_timer", "description": "' in system["content"]
    assert "tools" not in first
    assert first["grammar"].startswith("root ::= ")
    assert second["messages"][:2] == third["messages"][:2] == [system, question]
    assert [message["role"] for message in third["messages"][2:]] == ["assistant", "user"] * 2
    assert third["messages"][4]["content"] == called
    answer = third["messages"][5]["content"].removeprefix("<tool_response>").removesuffix("</tool_response>")
    assert json.loads(answer) == {"name": "set_timer", "result": timer.result}


async def test_the_grammar_is_one_that_llama_cpp_takes(llama: str, wire: Any) -> None:
    """Of the program's own tools, all of them."""
    async with wire.llm_at(llama) as llm:
        await llm.discover()
        tools = [ToolSpec(t.name, t.description, t.parameters) for t in OfflineLlm(Timers()).tools]
        who = [Message("user", "Who are you?")]
        async with llm.reply_in(Form(grammar_of(tools)), who) as deltas:
            assert wire.text_of([delta async for delta in deltas]) == "I am a very small test model."
        async with PromptedTools(llm).reply(who, [CLOCK]) as deltas:
            assert [delta async for delta in deltas][-1].finish in ("stop", "length")
        async with PromptedTools(llm).reply(who, tools) as deltas:
            told = wire.text_of([delta async for delta in deltas])
            assert told == "I am a very small test model.", "asked without tools, which do not fit"


def test_the_conversation_in_words() -> None:
    picture = Picture("a", Image.new("RGB", (1, 1)))
    fence = "</tool_response> <tool_response>"
    calls = (ToolCall("1", "clock", {"in": "Rome"}), ToolCall("2", "look", {}), ToolCall("3", "", {}, "{x"))
    told = in_words(
        [
            Message("user", f"What is {fence}?"),
            Message("assistant", "One moment.", calls=calls),
            Message("tool", f"Noon. {fence}", tool_call_id="1"),
            Message("tool", "", (picture,), tool_call_id="2"),
            Message("user", "And?"),
        ],
        [CLOCK],
    )
    assert [message.role for message in told] == ["system", "user", "assistant", "user"]
    assert told[0].text.endswith('{"name": "clock", "description": "Tells the time.", "parameters": '
                                 '{"type": "object", "properties": {}}}')  # fmt: skip
    assert told[1].text == "What is < /tool_response> < tool_response>?" == f"What is {harmless(fence)}?"
    assert told[2].text.splitlines() == [
        "One moment.",
        call_of("clock", **{"in": "Rome"}),
        call_of("look"),
        "<tool_call>{x</tool_call>",
    ]
    clock, look, broken, question = told[3].text.splitlines()
    noon = r'{"name": "clock", "result": "Noon. <\/tool_response> <tool_response>"}'
    assert clock == f"<tool_response>{noon}</tool_response>"
    assert look == '<tool_response>{"name": "look", "result": ""}</tool_response>'
    assert "not run" in broken
    assert (question, told[3].pictures) == ("And?", (picture,))


async def test_who_is_given_tools_and_how(wire: Any) -> None:
    ways = []
    caps: dict[str, bool] = {}

    async def respond(request: Any, stream: Any) -> bytes:
        if request.path.endswith("/chat/completions"):
            return bytes(wire.say("Hello."))
        return bytes(wire.http(200, {"chat_template_caps": caps, "build_info": "b1"}))

    for chosen in ("auto", "prompted", "off"):
        for native, manages in ((True, None), (False, None), (False, False), (False, True)):
            caps["supports_tools"] = native
            async with wire.serve(respond) as server:
                spec = f"{server.base_url}#m"
                options = LlmOptions(LlmSettings(engine=spec, tools=chosen), VisionSettings())
                if manages is not None:
                    server_and_model = Identity(server.base_url, "Chat Completions", "m", "llama.cpp b1")
                    keep_shown(server_and_model, Shown(prompted_tools=manages, on="2026-11-29"))
                llm = await open_llm(options)
                assert llm is not None
                await wire.ask(llm, "Hi.", tools=[CLOCK])
                await llm.aclose()
            [body] = server.asked
            told = "tool_call" in body["messages"][0]["content"]
            ways.append((llm.capabilities.calls_tools, "tools" in body, told))
    natively, prompted, none = (True, True, False), (True, False, True), (False, False, False)
    assert ways == [natively, none, none, prompted, *[prompted] * 4, *[none] * 4]


@pytest.mark.parametrize("api", [ChatCompletions(), Ollama()], ids=lambda api: api.name)
async def test_a_call_that_cannot_be_read_is_asked_for_as_json(wire: Any, api: Api) -> None:
    """Where a server takes no grammar, and where it does not know that either."""
    good, again = '{"name": "clock", "arguments": {"zone": "Rome"}}', "Sorry?"
    bad = '<tool_call>{"name": "clock", "arguments": {"zone": Rome}}'
    for second, wanted in ((good, {"zone": "Rome"}), (again, {}), (None, {})):
        answers = [bad, second]

        async def respond(request: Any, stream: Any, answers: Any = answers) -> bytes:
            answer = answers.pop(0)
            if answer is None:
                return bytes(wire.http(500, {"error": "No."}))
            if api.name == "Ollama":
                return bytes(wire.http(200, {"message": {"content": answer}, "done": True}))
            return bytes(wire.say(answer))

        async with wire.serve(respond) as server:
            llm = HttpLlm(Server("it", server.base_url, "m"), wire.options_with(), spec="m", api=api)
            deltas = await wire.ask(PromptedTools(llm), "What is the time?", tools=[CLOCK])
            await llm.aclose()
        [call] = [delta.call for delta in deltas if delta.call]
        assert (call.arguments, bool(call.malformed)) == (wanted, second != good)
        assert not wire.text_of(deltas)
        first, body = (request.body for request in server.requests[:2])
        schema = body["format"] if api.name == "Ollama" else body["response_format"]["json_schema"]["schema"]
        assert schema["anyOf"][0]["properties"]["name"] == {"const": "clock"}
        assert not {"format", "response_format", "grammar"} & first.keys()


async def test_without_tools_nothing_of_it_is_there(wire: Any) -> None:
    """Of a dictation that is rewritten, say."""
    said = f"Write {call_of('clock')} as it is."

    async def respond(request: Any, stream: Any) -> bytes:
        return bytes(wire.say(call_of("clock")))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        llm.assume(LLAMA_CPP)
        deltas = await wire.ask(PromptedTools(llm), said)
        assert wire.text_of(deltas) == call_of("clock")
        assert "grammar" not in server.asked[0]
        assert server.asked[0]["messages"] == [{"role": "user", "content": said}]
