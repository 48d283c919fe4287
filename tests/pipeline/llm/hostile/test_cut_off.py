"""Connections that end too early, in each API, wherever that is."""

from __future__ import annotations

import pytest

from bench.hostile.llm_cases.streams import SAID, SOUND, Sound
from config.errors import LlmError
from pipeline.llm.apis.registry import open_api
from pipeline.llm.server import Server
from tests.tables import for_each

SERVER = Server("the server", "http://127.0.0.1:1/v1", "m")


@for_each(
    ("sound", "events"), [(each, events) for each in SOUND.values() for events in (each.said, each.called)]
)
def test_an_answer_that_is_cut_off_is_told_as_that(sound: Sound, events: tuple[object, ...]) -> None:
    """Inside its first event, between two, inside a letter: the server spoke well as long as it spoke."""
    body = sound.stream(events, plain=True)
    told = {at: _told(sound.api, body[:at]) for at in range(0, len(body), 13)}
    assert not {at: said for at, said in told.items() if "closed the connection" not in said and said}
    assert "" not in [told[at] for at in told if at < len(body) * 0.6]


def _told(api: str, body: bytes) -> str:
    """ "" of an answer."""
    reply = open_api(api, "m").reply(SERVER, tools=True)
    try:
        reply.push(body)
        reply.end()
    except LlmError as error:
        return error.failed
    return ""


def test_a_mark_of_the_byte_order_before_a_stream_is_none_of_it() -> None:
    for sound in SOUND.values():
        reply = open_api(sound.api, "m").reply(SERVER)
        said = reply.push(b"\xef\xbb\xbf" + sound.stream(sound.said)) + reply.end()
        assert "".join(delta.text for delta in said) == "".join(SAID), sound.api


def test_a_whole_last_event_counts_though_nothing_ended_it() -> None:
    for sound in SOUND.values():
        reply = open_api(sound.api, "m").reply(SERVER)
        said = reply.push(sound.stream(sound.said).removesuffix(sound.last).rstrip(b"\n")) + reply.end()
        assert said[-1].finish == "stop", sound.api


@pytest.mark.parametrize("body", [b"<html>hi</html>", b"<html>hi</html>\n", b"Hello.\n\ndata: \n\n"])
def test_what_is_no_stream_is_not_told_as_cut_off(body: bytes) -> None:
    reply = open_api("chat", "m").reply(SERVER)
    with pytest.raises(LlmError, match="nothing that could be read"):
        assert reply.push(body) + reply.end() is None
