"""Servers that never come to an end, or to the point: each is ended with a sentence, and in time."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import anyio
import pytest

from config.errors import LlmError
from pipeline.llm.base import Message
from pipeline.llm.http import client, reader

pytestmark = pytest.mark.anyio


async def failure(wire: Any, respond: Any, **settings: Any) -> LlmError:
    async with wire.serve(respond) as server, wire.llm_at(server.base_url, **settings) as llm:
        with anyio.fail_after(5), pytest.raises(LlmError) as caught:
            await wire.ask(llm, Message("user", "Hello?"))
    return caught.value


def drip(wire: Any, *pieces: bytes, head: bytes | None = None) -> Any:
    """The last piece again and again."""

    async def respond(request: Any, stream: Any) -> bytes:
        await stream.send(wire.sse if head is None else head)
        for piece in pieces:
            await stream.send(piece)
        while True:
            await stream.send(pieces[-1])
            await anyio.sleep(0.01)

    return respond


async def test_what_goes_on_and_comes_to_nothing(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign of life keeps no answer going for ever, whatever it is a sign of."""
    monkeypatch.setattr(reader, "MOST_EVENTS", 500)
    word, thought, nothing, space = (
        wire.event({"content": "well "}),
        wire.event({"reasoning_content": "hm "}),
        b'data: {"choices": []}\n\n',
        wire.event({"content": ""}),
    )
    first, whole = "had said nothing after 0.2 seconds", "took over 0.3 seconds, and was ended"
    short = {"timeout_s": 0.2, "first_word_s": 0.2, "answer_s": 0.3}
    head = b"HTTP/1.1 200 OK\r\nX: "
    wrong = []
    for name, respond, words in (
        ("signs of the connection's life", drip(wire, b": here\n\n"), "nothing came for 0.2 seconds"),
        ("no data", drip(wire, b"data:\n\n"), "nothing came for 0.2 seconds"),
        ("no choices", drip(wire, nothing), first),
        ("empty words", drip(wire, space), first),
        ("thoughts", drip(wire, thought), "had said nothing after 0.3 seconds"),
        ("reading", drip(wire, wire.event(prompt_progress={"processed": 1})), "nothing after 0.3 seconds"),
        ("words", drip(wire, word), whole),
        ("headers, letter by letter", drip(wire, b"x", head=head), "nothing came for 0.2 seconds"),
        ("a body, letter by letter", drip(wire, b" ", head=HEAD), "nothing came for 0.2 seconds"),
        ("many events", drip(wire, nothing * 300, head=wire.sse), "went on for too long"),
    ):
        error = await failure(wire, respond, **short)
        if words not in str(error):
            wrong.append((name, str(error)))
    assert not wrong


async def test_a_silence_is_no_longer_than_what_it_is_part_of(wire: Any) -> None:
    """A sign of life shortly before the end of the time for a first word, or an answer, lengthens neither."""
    nothing, word = b'data: {"choices": []}\n\n', wire.event({"content": "well "})
    for piece, settings, words in (
        (nothing, {"first_word_s": 0.2}, "had said nothing after 0.2 seconds"),
        (word, {"answer_s": 0.2}, "took over 0.2 seconds, and was ended"),
        (wire.event({"reasoning_content": "hm "}), {"answer_s": 0.2}, "had said nothing after 0.2 seconds"),
    ):

        async def respond(request: Any, stream: Any, piece: bytes = piece) -> bytes:
            await stream.send(wire.sse + piece)
            await anyio.sleep_forever()
            return b""

        assert words in str(await failure(wire, respond, **settings)), words


async def test_what_took_long_to_fail_is_not_tried_again(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times twenty seconds were a minute of silence."""
    monkeypatch.setattr(client, "LONGEST_WAIT_S", 0.05)
    asked = []

    async def respond(request: Any, stream: Any) -> bytes:
        asked.append(request)
        await anyio.sleep(0.1)
        return b""

    assert "closed the connection" in str(await failure(wire, respond))
    assert len(asked) == 1


HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"choices":'


async def test_nothing_is_unpacked_that_was_not_to_be_packed(wire: Any) -> None:
    packed = gzip.compress(wire.event({"content": "well "}) * 100_000)

    async def respond(request: Any, stream: Any) -> bytes:
        assert request.headers["accept-encoding"] == "identity"
        return bytes(wire.http(200, packed, kind="text/event-stream", Content_Encoding="gzip"))

    assert "answered with something compressed" in str(await failure(wire, respond))


async def test_when_to_come_again_is_told_as_a_person_can_use_it(
    wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "BACKOFF_S", (0.01, 0.01))
    for told, words in {
        "30": "Ask again in 30 seconds.",
        "3601": "Ask again later.",
        "1e308": "Ask again later.",
        "inf": "Ask again later.",
        "nan": "Ask again later.",
        "9" * 400: "Ask again later.",
        "-inf": "Ask again later.",
        "-5": "Ask again later.",
        "Wed, 21 Oct 2099 07:28:00 GMT": "Ask again later.",
        "Wed, 21 Oct 1999 07:28:00 GMT": "Ask again later.",
        "Fri, 31 Dec 9999 23:59:59 GMT": "Ask again later.",
        "Fri, 99 Foo 99999 99:99:99 GMT": "Ask again in a while.",
        "soon": "Ask again in a while.",
        "0": "Ask again in a while.",
        format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True): (
            "Ask again in 119 seconds.",
            "Ask again in 120 seconds.",
        ),
    }.items():

        async def respond(request: Any, stream: Any, told: str = told) -> bytes:
            return bytes(wire.http(429, json.dumps({"error": "slow"}), Retry_After=told))

        error = await failure(wire, respond)
        assert error.todo == words or error.todo in words, told


async def test_what_nobody_could_read_is_a_sentence_like_any_other(wire: Any) -> None:
    nested = b'[{"type": "text", "text": ' * 400 + b'"x"' + b"}]" * 400
    deep = b'data: {"choices": [{"delta": {"content": ' + nested + b"}}]}\n\n"
    for answer, words in (
        (
            b"HTTP/1.1 301 X\r\nLocation: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n",
            "an address that is none",
        ),
        (wire.http(400, b'{"error": ' * 450 + b'"x"' + b"}" * 450), "failed with HTTP status 400"),
        (wire.sse + deep + wire.event(finish="stop"), "something garbled"),
    ):

        async def respond(request: Any, stream: Any, answer: bytes = answer) -> bytes:
            return answer

        assert words in str(await failure(wire, respond)), words


async def test_a_host_that_is_none_is_another_machine(wire: Any) -> None:
    for told, host in {
        "http://[bad": "another machine",
        "\x1b]0;p\x07": "another machine",
        "https://a.b": "a.b",
    }.items():

        async def respond(request: Any, stream: Any, told: str = told) -> bytes:
            show = {"remote_host": told, "capabilities": ["completion"]}
            return bytes(wire.http(200, show) if request.path == "/api/show" else wire.http(404, "no"))

        async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
            await llm.discover()
            assert llm.remote_host == host


async def test_tokens_are_counted_as_far_as_anybody_can_have_counted_them(wire: Any) -> None:
    for told, counted in {
        "7": 7,
        "-5": None,
        "1.5": None,
        "9" * 400: None,
        "true": None,
        "NaN": None,
    }.items():

        async def respond(request: Any, stream: Any, told: str = told) -> bytes:
            said = b'data: {"choices": [{"delta": {"content": "Well."}, "finish_reason": "stop"}], "usage": {'
            usage = b'"prompt_tokens": %s, "completion_tokens": %s}}\n\n' % (told.encode(), told.encode())
            return bytes(wire.sse + said + usage)

        async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
            last = (await wire.ask(llm, "Hello?"))[-1]
        assert (last.tokens_in, last.tokens_out) == (counted, counted), told
