"""Keys to lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aloud.cli.terminal.keyboard import LineEditor


@pytest.mark.parametrize(
    ("keys", "lines", "left"),
    [
        (b"hello\r", ["hello"], ""),
        (b"helo\x7flo\n", ["hello"], ""),
        (b"one\ntwo\nthr", ["one", "two"], "thr"),
        (b"wrong\x15right\n", ["right"], ""),
        (b"two words  \x17more\n", ["two more"], ""),
        (b"\x1b[A\x1b[1;5Dup\x1bOH\x1bb!\n", ["up!"], ""),
        ("größe\n".encode(), ["größe"], ""),
        (b"\x7f\x7fa\n", ["a"], ""),
        (b"bell\x07\n", ["bell"], ""),
    ],
)
def test_editing(keys: bytes, lines: list[str], left: str) -> None:
    editor = LineEditor()
    assert editor.push(keys) == lines
    assert editor.text == left


@given(st.lists(st.binary(max_size=6), max_size=10))
def test_the_pieces_in_which_keys_come_do_not_matter(pieces: list[bytes]) -> None:
    one, many = LineEditor(), LineEditor()
    whole = one.push(b"".join(pieces))
    assert [line for piece in pieces for line in many.push(piece)] == whole
    assert many.text == one.text


@given(st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" "), max_size=30))
def test_what_is_typed_is_what_comes(text: str) -> None:
    assert LineEditor().push(f"{text}\n".encode()) == [text]
