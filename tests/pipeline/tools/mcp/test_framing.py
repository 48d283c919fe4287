"""Lines of a server: none is longer than is taken in, and each answer finds who waits for it."""

from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.tools.mcp.framing import LONGEST, Lines, Overlong
from tests.tables import for_each

TEXT = 'Über "quotes" \\ and\nlines. ' * 50_000
RESULT = {"content": [{"type": "text", "text": TEXT}]}
CUT = "(This is its beginning: "


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=20).map(lambda part: part.replace(b"\r", b"")), max_size=12))
def test_lines_are_the_same_wherever_they_are_cut(chunks: list[bytes]) -> None:
    lines, whole = Lines(), b"".join(chunks)
    found = [line for chunk in chunks for line in lines.feed(chunk)]
    assert found == whole.split(b"\n")[:-1]


def overlong(line: bytes) -> Overlong:
    assert len(line) > LONGEST
    lines = Lines()
    pieces = [line[at : at + 65_536] for at in range(0, len(line), 65_536)]
    found = [each for piece in (*pieces, b"\n", b"{}\n") for each in lines.feed(piece)]
    assert found[1] == b"{}"
    assert isinstance(found[0], Overlong)
    assert found[0].size == len(line)
    return found[0]


@for_each(
    ("message", "number"),
    [
        ({"jsonrpc": "2.0", "id": 7, "result": RESULT}, 7),
        ({"id": 7, "jsonrpc": "2.0", "result": RESULT}, 7),
        ({"result": RESULT, "jsonrpc": "2.0", "id": 7}, 7),
        ({"result": RESULT, "id": "a-7", "jsonrpc": "2.0"}, "a-7"),
        ({"jsonrpc": "2.0", "result": RESULT, "id": 7}, 7),
        # What a text says of numbers is no number of an answer.
        ({"result": {"content": [{"type": "text", "text": TEXT + '"id":9}'}]}, "jsonrpc": "2.0", "id": 7}, 7),
        ({"result": {**RESULT, "structuredContent": {"id": 9}}, "jsonrpc": "2.0", "id": 7}, 7),
    ],
)
def test_the_beginning_of_a_text_comes_to_who_asked(message: dict[str, Any], number: object) -> None:
    for separators, escaped in (((",", ":"), False), ((", ", ": "), True)):
        line = json.dumps(message, separators=separators, ensure_ascii=escaped).encode()
        answer = json.loads(overlong(line).shortened())
        assert answer["id"] == number
        text, _, _ = answer["result"]["content"][0]["text"].partition(f" … {CUT}")
        assert len(text) > 8_000
        assert TEXT.startswith(text)


@for_each(
    ("line", "number"),
    [
        (b'{"jsonrpc":"2.0","id":7,"result":{"tools":[' + b"1," * LONGEST + b"1]}}", 7),
        (b'{"result":"' + b"x" * LONGEST + b'","id":7}', 7),
        (b'{"result":{"id":9},"more":"' + b"x" * LONGEST + b'"}', None),
        (b"x" * 2 * LONGEST, None),
    ],
)
def test_without_a_text_it_fails_and_without_a_number_nobody_knows_whose_it_is(
    line: bytes, number: int | None
) -> None:
    answer = overlong(line).shortened()
    assert not overlong(line).asks
    if number is None:
        assert answer == b""
    else:
        told = json.loads(answer)
        assert told["id"] == number
        assert "too long" in told["error"]["message"]


def test_what_a_server_asks_at_length_is_no_answer() -> None:
    for head in (
        b'{"jsonrpc":"2.0","method":"m",',
        b'{"jsonrpc":"2.0","id":7,"method":"m",',
        b'{"method": "m",',
    ):
        assert overlong(head + b'"params":"' + b"x" * LONGEST + b'","id":7}').asks


def test_fifty_megabytes_cost_a_moment() -> None:
    lines, chunk = Lines(), b"x" * 65_536
    began = time.process_time()
    for _ in range(50_000_000 // len(chunk)):
        assert list(lines.feed(chunk)) == []
    assert time.process_time() - began < 0.5
    assert lines.overflow is not None
