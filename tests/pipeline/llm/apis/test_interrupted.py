"""Interrupted at each event of each API: history has what was heard, and the vendor takes what follows."""

from __future__ import annotations

import json
import os
from typing import Any

from bench.conversation.wire_streams import APIS, MODEL, STREAMS, THOUGHT, events
from pipeline.llm.apis.base import Api, Request
from pipeline.llm.apis.tool_results import NOT_RUN
from pipeline.llm.base import Delta, Message, ToolCall, ToolSpec
from pipeline.llm.server import Server
from tests.pipeline.llm.apis.oracle import Told
from tests.pipeline.llm.apis.rules import check_request
from tests.tables import for_each

SERVER = Server("the server", "http://127.0.0.1:1/v1", MODEL)
TOOLS = (ToolSpec("clock", "tells the time"), ToolSpec("timer", "sets a timer"))
ASKED = Message("user", "What is the time?")
EVERY = [(api, kind) for api in APIS for kind in STREAMS[api.name]]
CUT = {"Chat Completions": "answer", "Ollama": "call"}
"""One of each kind of lines; all of the others take a minute: ``CUT_ALL=1``."""
CUT_ALL = bool(os.environ.get("CUT_ALL"))
EVENTS = {
    "Chat Completions": Told("openai.types.chat:ChatCompletionChunk"),
    "Responses": Told("openai.types.responses:ResponseStreamEvent"),
    "Messages": Told("anthropic.types:RawMessageStreamEvent"),
    "Gemini": Told("google.genai.types:GenerateContentResponse"),
    "Ollama": Told("ollama:ChatResponse"),
}


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


def whole(api: Api, kind: str) -> list[Delta]:
    reply = api.reply(SERVER, tools=True)
    return reply.push(b"".join(events(api, kind))) + reply.end()


def calls_of(deltas: list[Delta]) -> tuple[ToolCall, ...]:
    return tuple(delta.call for delta in deltas if delta.call)


def asked_next(api: Api, *history: Message) -> Any:
    body = api.body(Request(MODEL, [Message("system", "Be brief."), ASKED, *history], TOOLS))
    check_request(api, body)
    return body


@for_each(("api", "kind"), EVERY)
def test_they_are_streams_of_the_vendor(api: Api, kind: str) -> None:
    for event in STREAMS[api.name][kind]:
        if event.get("type") != "ping":
            EVENTS[api.name].validate_python(event)


@for_each(("api", "kind"), EVERY)
def test_what_each_comes_to(api: Api, kind: str) -> None:
    deltas = whole(api, kind)
    assert text_of(deltas) == ("" if kind == "calls" else "It is noon.")
    names = {"call": ["clock"], "calls": ["clock", "timer"]}
    assert [call.name for call in calls_of(deltas)] == names.get(kind, [])


@for_each(("api", "kind"), EVERY)
def test_after_each_event_what_was_heard_is_history_and_what_follows_is_taken(api: Api, kind: str) -> None:
    reply, heard = api.reply(SERVER, tools=True), ""
    for event in [b"", *events(api, kind)[:-1]]:
        deltas = reply.push(event)
        assert not calls_of(deltas), "no call is made before the end"
        heard += text_of(deltas)
        said = [Message("assistant", heard)] if heard else []
        body = asked_next(api, *said, Message("user", "And tomorrow?"))
        sent = json.dumps(body)
        assert heard in sent
        assert not any(thought.strip() in sent for thought in THOUGHT)
    assert "It is noon.".startswith(heard)


@for_each(("api", "kind"), [(api, kind) for api, kind in EVERY if kind.startswith("call")])
def test_interrupted_between_its_calls_those_that_are_open_were_not_run(api: Api, kind: str) -> None:
    deltas = whole(api, kind)
    calls = calls_of(deltas)
    for of_this_model in (True, False):
        opaque = deltas[-1].opaque if of_this_model else None
        asking = Message("assistant", "", calls=calls, opaque=opaque)
        for answered in range(len(calls) + 1):
            results = [Message("tool", "done", tool_call_id=call.id) for call in calls[:answered]]
            for after in ([Message("user", "And tomorrow?")], []):
                sent = json.dumps(asked_next(api, asking, *results, *after))
                assert sent.count(NOT_RUN) == len(calls) - answered
                assert sent.count("done") == answered


def written(api: Api, kind: str) -> list[bytes]:
    """The stream with either end of a line, and with comments between events."""
    plain = events(api, kind)
    commented = [] if api.name == "Ollama" else [b"".join(b": ping\n\n" + event for event in plain)]
    return [b"".join(plain), b"".join(plain).replace(b"\n", b"\r\n"), *commented]


def told(api: Api, *pieces: bytes) -> Any:
    reply = api.reply(SERVER, tools=True)
    deltas = [delta for piece in pieces for delta in reply.push(piece)] + reply.end()
    calls = [(call.name, call.arguments) for call in calls_of(deltas)]
    return [delta.text for delta in deltas], calls, deltas[-1].finish, deltas[-1].tokens_out


@for_each(("api", "kind"), EVERY)
def test_byte_by_byte(api: Api, kind: str) -> None:
    for data in written(api, kind):
        assert told(api, *(data[n : n + 1] for n in range(len(data)))) == told(
            api, b"".join(events(api, kind))
        )


@for_each(("api", "kind"), [(api, kind) for api, kind in EVERY if CUT_ALL or kind == CUT.get(api.name)])
def test_cut_at_every_byte(api: Api, kind: str) -> None:
    whole = told(api, b"".join(events(api, kind)))
    for data in written(api, kind):
        for cut in range(len(data) + 1):
            assert told(api, data[:cut], data[cut:]) == whole, data[:cut][-30:]
