"""A call is taken out of what a model writes, and nothing else is."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from config.runtime.clean import clean
from pipeline.llm.bridges.call_reader import LONGEST_CALL, CallReader
from tests.tables import for_each

PING = '<tool_call>{"name": "ping", "arguments": {}}</tool_call>'
Read = tuple[str, list[tuple[str, Any]]]


def read(*pieces: str) -> Read:
    """What is told, and of the calls their names and arguments, or what could not be read."""
    reader = CallReader()
    told = "".join(map(reader.push, map(clean, pieces))) + reader.end()
    return told, [(call.name, call.malformed or call.arguments) for call in reader.calls]


def every_cut(text: str) -> list[Read]:
    return [read(*text), read(text), *(read(text[:at], text[at:]) for at in range(1, len(text)))]


NOTE = '{"text": "a } \\" </tool_call> {"}'
CALLS = [
    (PING, "", [("ping", {})]),
    (f" \t{PING} and so on\n{PING}", "", [("ping", {})]),
    (f"Let me see.\n{PING}", "Let me see.\n", [("ping", {})]),
    (f"```\ncode\n```\n{PING}", "```\ncode\n```\n", [("ping", {})]),
    (f'<tool_call>\n{{"name": "note", "arguments": {NOTE}}}\n', "", [("note", json.loads(NOTE))]),
    ('<tool_call>{"name": "a", "parameters": {"x": [1, {}]}}', "", [("a", {"x": [1, {}]})]),
    ('<tool_call>{"name": "a", "arguments": "{\\"x\\": 1}"}', "", [("a", {"x": 1})]),
    ('<tool_call>{"name": "a"}', "", [("a", {})]),
    ('<tool_call>[{"name": "a"}, {"name": "b"}]</tool_call>', "", [("a", {}), ("b", {})]),
    ('<tool_call>{"name": "a", "arguments": {"text": "two\nlines"}}', "", [("a", {"text": "two\nlines"})]),
]
UNREADABLE = [
    ('<tool_call>{"name": "a", "arguments": {"x": 1}', "", [("", '{"name": "a", "arguments": {"x": 1}')]),
    ('<tool_call>{"name": "a"</tool_call> Done.', "", [("", '{"name": "a"</tool_call>')]),
    ('<tool_call>{"tool": "a"}', "", [("", '{"tool": "a"}')]),
    ('<tool_call>{name: "a"}', "", [("", '{name: "a"}')]),
    ("<tool_call>[]", "", [("", "[]")]),
    ('<tool_call>{"name": "a", "arguments": 5}', "", [("a", '{"name": "a", "arguments": 5}')]),
]
WORDS = [
    "",
    "Paris.",
    '{"name": "ping", "arguments": {}}',
    f"One writes {PING} for that.",
    f"```json\n{PING}\n```",
    f"```\n{PING}\n",
    "<tool_call> is how a call begins.",
    "<tool_call>",
    "<tool_call>\n\n",
    "<tool",
    "<tool_cat>{}",
    "2 < 3\n<b>bold</b>\n  <tool",
    "<tool_call>" + " " * 40 + '{"name": "ping"}',
]


@for_each(("text", "told", "calls"), [*CALLS, *UNREADABLE, *((words, words, []) for words in WORDS)])
def test_wherever_it_is_cut_the_same_is_read(text: str, told: str, calls: list[tuple[str, Any]]) -> None:
    for found in every_cut(text):
        assert found == (told, calls)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<tool_call>", "</tool_call>", '{"name": "a"', "}", "[", '"', "\\", "\n", "```", " ", "<", "ab"]
        )
        | st.text(max_size=4).map(clean),
        max_size=12,
    )
)
def test_whatever_is_written_nothing_is_lost_and_no_cut_matters(pieces: list[str]) -> None:
    text = "".join(pieces)
    told, calls = read(text)
    assert read(*pieces) == read(*text) == (told, calls)
    assert text.startswith(told)
    assert calls or told == text


def test_a_call_without_an_end_is_ended() -> None:
    told, [(name, malformed)] = read('<tool_call>{"name": "a', "x" * LONGEST_CALL, "and more")
    assert (told, name) == ("", "")
    assert len(malformed) == LONGEST_CALL + 1
