from __future__ import annotations

import pytest
from PIL import Image

from pipeline.llm.base import Message, ToolCall, ToolSpec
from pipeline.llm.openai.request import encode_messages, encode_tools, lighten
from vision.images.picture import Picture


def test_pictures_go_before_the_text() -> None:
    picture = Picture("a.png", Image.new("RGB", (4, 4)))
    (message,) = encode_messages([Message("user", "What?", pictures=(picture,))], {picture: "data:x"}, {})
    assert message["content"] == [
        {"type": "image_url", "image_url": {"url": "data:x"}},
        {"type": "text", "text": "What?"},
    ]


def test_pictures_of_a_tool_follow_all_its_answers() -> None:
    picture = Picture("a.png", Image.new("RGB", (4, 4)))
    calls = (ToolCall("a", "look", {}), ToolCall("b", "clock", {}))
    encoded = encode_messages(
        [
            Message("assistant", "Let me see.", calls=calls),
            Message("tool", "shown", pictures=(picture,), tool_call_id="a"),
            Message("tool", "noon", tool_call_id="b"),
        ],
        {picture: "data:x"},
        {"a": {"signed": 1}},
    )
    assert [message["role"] for message in encoded] == ["assistant", "tool", "tool", "user"]
    assert encoded[0]["content"] == "Let me see."
    assert [call.get("extra_content") for call in encoded[0]["tool_calls"]] == [{"signed": 1}, None]


def test_a_tool_is_described_by_its_schema() -> None:
    (tool,) = encode_tools([ToolSpec("clock", "tells the time")])
    assert tool["function"]["parameters"] == {"type": "object", "properties": {}}


@pytest.mark.parametrize(
    ("message", "gone"),
    [
        ("Unknown field: stream_options", "stream_options"),
        ("Unsupported value: 'temperature' does not support 0.3", "temperature"),
        ('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', "tools"),
        ("No endpoints found that support tool use.", "tools"),
    ],
)
def test_what_a_server_refuses_is_left_out(message: str, gone: str) -> None:
    body = {"model": "m", "stream_options": {}, "temperature": 0.3, "tools": [], "max_tokens": 5}
    assert lighten(body, message)
    assert gone not in body
    assert len(body) == 4
    assert not lighten(body, message)


def test_other_errors_change_nothing() -> None:
    body = {"model": "m", "temperature": 0.3, "max_tokens": 5}
    assert not lighten(body, "CUDA out of memory")
    assert body == {"model": "m", "temperature": 0.3, "max_tokens": 5}
