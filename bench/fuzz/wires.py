"""What model servers send, in each API: streams cut where the bytes say, and whole bodies.

The first byte chooses the API and what is done with the rest, the second where it is cut. What was read is
then asked back, as a conversation does.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator

from bench.hostile.llm_cases.streams import SOUND, Sound
from config.errors import LlmError
from config.runtime.clean import clean_line
from pipeline.llm.apis.base import Api, Reply, Request
from pipeline.llm.apis.registry import open_api
from pipeline.llm.base import Delta, Message
from pipeline.llm.error_body import context_in, error_kinds, error_message, tokens_in
from pipeline.llm.server import Server
from pipeline.skills.ring.tool_specs import LIST_TIMERS

_SERVER = Server("the server", "http://127.0.0.1:1/v1", "m", key="sk-test")
_SOUND = tuple(SOUND.values())
_WHOLE, _ERROR = 40, 60
"""From these first bytes on, of the hundred that mean something."""


def seeds() -> Iterator[bytes]:
    for n, sound in enumerate(_SOUND):
        for events in (sound.said, sound.called):
            body = sound.stream(events)
            yield bytes([n, 0]) + body
            yield bytes([n + 5, 7]) + body
            yield bytes([n + _WHOLE, 0]) + _whole(sound, events)
        yield (
            bytes([n + _ERROR, 0])
            + b'{"error": {"message": "too long: 9000 tokens > 8192 maximum", "type": "x"}}'
        )


def _whole(sound: Sound, events: Iterable[object]) -> bytes:
    """The last event of some APIs is a whole answer; a list of them is one to Gemini."""
    return json.dumps(list(events)).encode() if sound.api == "gemini" else json.dumps([*events][-1]).encode()


def fuzz(data: bytes) -> None:
    if len(data) < 2:
        return
    chosen, cuts, body = data[0] % 100, data[1], data[2:]
    api = open_api(_SOUND[chosen % 5].api, "m")
    reply = api.reply(_SERVER, tools=chosen % 10 >= 5)
    try:
        if chosen >= _ERROR:
            _refuse(body.decode("utf-8", "replace"))
        elif chosen >= _WHOLE:
            _go_on(api, [*reply.push_whole(body.decode("utf-8", "replace")), *reply.end()])
        else:
            _go_on(api, list(_read(reply, body, cuts)))
    except LlmError as error:
        _check(str(error))


def _read(reply: Reply, body: bytes, cuts: int) -> Iterator[Delta]:
    places = random.Random(cuts)
    while body:
        size = 1 + places.randrange(1 << places.randrange(1, 12)) if cuts else len(body)
        yield from reply.push(body[:size])
        body = body[size:]
    yield from reply.end()


def _go_on(api: Api, deltas: list[Delta]) -> None:
    """Ends whole, with nothing that a terminal would obey, and can be sent back."""
    said = "".join(delta.text for delta in deltas)
    said.encode()
    if any(ord(letter) < 32 and letter not in "\t\n\v\f\r" for letter in said):
        raise ValueError("a control character was let through")
    if not deltas[-1].finish:
        raise ValueError("an answer without an end")
    calls = tuple(delta.call for delta in deltas if delta.call)
    results = [Message("tool", "none", tool_call_id=call.id) for call in calls]
    answer = Message("assistant", said, calls=calls, opaque=deltas[-1].opaque)
    asked = [Message("user", "What timers are there?"), answer, *results, Message("user", "And now?")]
    body = api.body(Request("m", asked, [LIST_TIMERS]))
    json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


def _refuse(body: str) -> None:
    message = error_message(body)
    error_kinds(message), context_in(message), tokens_in(message)
    for status in (400, 401, 404, 429, 500):
        _check(str(_SERVER.refused(status, body, wait_s=float(len(body)))))
    raise _SERVER.stream_error(body, said=False)


def _check(sentence: str) -> None:
    if sentence != clean_line(sentence, 1000):
        raise ValueError("a sentence that nobody could read out")
