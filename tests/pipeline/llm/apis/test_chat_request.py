from __future__ import annotations

import pytest
from PIL import Image

from pipeline.llm.apis.base import Base64Image, Request
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.apis.chat_request import encode_messages, encode_tools
from pipeline.llm.base import Message, Opaque, ToolCall, ToolSpec
from vision.images.picture import Picture

API = ChatCompletions.name
IMAGE = Base64Image("image/png", "AAAA")


def test_pictures_go_before_the_text() -> None:
    picture = Picture("a.png", Image.new("RGB", (4, 4)))
    asked = Request("m", [Message("user", "What?", pictures=(picture,))], images={picture: IMAGE})
    (message,) = encode_messages(asked, API)
    assert message["content"] == [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "text", "text": "What?"},
    ]


def test_pictures_of_a_tool_follow_all_its_answers() -> None:
    picture = Picture("a.png", Image.new("RGB", (4, 4)))
    calls = (ToolCall("a", "look", {}), ToolCall("b", "clock", {}))
    signed = Opaque(API, "m", {"calls": {"a": {"extra_content": {"signed": 1}}}})
    messages = [
        Message("assistant", "Let me see.", calls=calls, opaque=signed),
        Message("tool", "shown", pictures=(picture,), tool_call_id="a"),
        Message("tool", "noon", tool_call_id="b"),
    ]
    encoded = encode_messages(Request("m", messages, images={picture: IMAGE}), API)
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
    assert ChatCompletions().lighten(body, message)
    assert gone not in body
    assert len(body) == 4
    assert not ChatCompletions().lighten(body, message)


def test_other_errors_change_nothing() -> None:
    body = {"model": "m", "temperature": 0.3, "max_tokens": 5}
    assert not ChatCompletions().lighten(body, "CUDA out of memory")
    assert body == {"model": "m", "temperature": 0.3, "max_tokens": 5}


@pytest.mark.parametrize(
    ("api", "model", "sent"), [(API, "m", True), (API, "n", False), ("Gemini", "m", False)]
)
def test_what_another_model_or_api_wanted_back_is_not_sent(api: str, model: str, sent: bool) -> None:
    kept = {"message": {"reasoning": "Hm."}, "calls": {"a": {"extra_content": 1}}}
    asked = Message("assistant", "", calls=(ToolCall("a", "look", {}),), opaque=Opaque(api, model, kept))
    message, _ = encode_messages(Request("m", [asked]), API)
    assert ("reasoning" in message) is sent
    assert ("extra_content" in message["tool_calls"][0]) is sent
