from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.llm.apis.events import LONGEST_LINE, Event, JsonLines, Lines, LongLineError, SseEvents

STREAM = (
    ": ping\n\nevent: content\r\ndata: {\"a\": 1}\r\nid: 7\r\nretry: 3\r\n\r\n"
    "data:{\"b\":\ndata: 2}\n\nevent: nothing\n\ndata: é…\n\n: bye\ndata: [DONE]"
).encode()  # fmt: skip
EVENTS = [Event("content", '{"a": 1}'), Event("", '{"b":\n2}'), Event("", "é…"), Event("", "[DONE]")]


def read(*pieces: bytes) -> list[Event]:
    events = SseEvents()
    return [event for piece in pieces for event in events.push(piece)] + events.flush()


def push_often(into: Lines | SseEvents, data: bytes, times: int) -> None:
    for _ in range(times):
        into.push(data)


@pytest.mark.parametrize("cut", range(len(STREAM) + 1))
def test_cut_at_any_byte_it_is_the_same(cut: int) -> None:
    assert read(STREAM[:cut], STREAM[cut:]) == EVENTS


def test_byte_for_byte_it_is_the_same() -> None:
    assert read(*[bytes([byte]) for byte in STREAM]) == EVENTS


def test_json_lines_cut_at_any_byte() -> None:
    stream = '{"a": "é"}\n\r\n{"b": 2}\r\n{"c": 3}'.encode()
    for cut in range(len(stream) + 1):
        lines = JsonLines()
        told = lines.push(stream[:cut]) + lines.push(stream[cut:]) + lines.flush()
        assert [event.data for event in told] == ['{"a": "é"}', '{"b": 2}', '{"c": 3}']


@pytest.mark.parametrize("piece", [100, 65_536, LONGEST_LINE + 10])
def test_a_line_without_an_end_is_not_kept(piece: int) -> None:
    lines = Lines()
    with pytest.raises(LongLineError):
        push_often(lines, b"x" * piece, LONGEST_LINE // piece + 2)


def test_an_event_of_many_lines_has_an_end_too() -> None:
    events = SseEvents()
    with pytest.raises(LongLineError):
        push_often(events, b"data: " + b"x" * 100_000 + b"\n", 20)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 60))
def test_whatever_comes_cutting_it_changes_nothing(data: bytes, cut: int) -> None:
    assert read(data[:cut], data[cut:]) == read(data)
