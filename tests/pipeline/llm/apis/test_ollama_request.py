from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.llm.apis.base import Base64Image, Body, Request
from pipeline.llm.apis.ollama import Ollama
from pipeline.llm.apis.ollama_request import context_for
from pipeline.llm.base import Message, Opaque, ToolCall, ToolSpec
from vision.images.picture import Picture

API = Ollama()
PICTURE = Picture("a.png", Image.new("RGB", (4, 4)))
IMAGE = Base64Image("image/png", "AAAA")
LOOK, CLOCK = ToolCall("a", "look", {"where": "door"}), ToolCall("b", "clock", {})
TOOL = ToolSpec("clock", "tells the time")


def body(*messages: Message, tools: tuple[ToolSpec, ...] = (), api: Ollama = API, model: str = "m") -> Body:
    return api.body(Request(model, messages, tools, {PICTURE: IMAGE}))


def messages(*told: Message, **more: Any) -> Any:
    return body(*told, **more)["messages"]


def tool(id: str, text: str, *pictures: Picture) -> Message:
    return Message("tool", text, pictures, tool_call_id=id)


@pytest.mark.parametrize("base_url", ["http://h:1/v1", "http://h:1", "http://h:1/", "http://h:1/v1/"])
def test_it_is_asked_at_the_root(base_url: str) -> None:
    assert API.url(base_url, {}) == "http://h:1/api/chat"


def test_nothing_is_to_be_cut_and_nothing_is_said_of_thinking() -> None:
    assert body(Message("system", "Be brief."), Message("user", "Hi")) == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "stream": True,
        "truncate": False,
        "shift": False,
        "options": {"num_ctx": 4096, "num_predict": 600, "temperature": 0.3},
    }


def test_a_key_is_shown_where_there_is_one() -> None:
    assert API.headers("k") == {"Authorization": "Bearer k"}
    assert API.headers("") == {}


def test_pictures_are_bare_and_beside_the_text() -> None:
    assert messages(Message("user", "What?", (PICTURE,))) == [
        {"role": "user", "content": "What?", "images": ["AAAA"]}
    ]


def test_an_empty_message_is_left_out() -> None:
    assert messages(Message("user", "Hi"), Message("assistant", "")) == [{"role": "user", "content": "Hi"}]


def test_a_round_of_tools() -> None:
    """The arguments are an object; an answer names its tool; and pictures follow all answers."""
    found = messages(
        Message("user", "Who is there?"),
        Message("assistant", "Let me see.", calls=(LOOK, CLOCK)),
        tool("a", "a cat", PICTURE),
        tool("b", "noon"),
        Message("user", "And now?"),
        tools=(TOOL,),
    )
    assert found[1:] == [
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [
                {"id": "a", "function": {"index": 0, "name": "look", "arguments": {"where": "door"}}},
                {"id": "b", "function": {"index": 1, "name": "clock", "arguments": {}}},
            ],
        },
        {"role": "tool", "content": "a cat", "tool_name": "look", "tool_call_id": "a"},
        {"role": "tool", "content": "noon", "tool_name": "clock", "tool_call_id": "b"},
        {"role": "user", "content": "", "images": ["AAAA"]},
        {"role": "user", "content": "And now?"},
    ]


def test_pictures_of_a_tool_may_be_the_last_thing() -> None:
    found = messages(Message("assistant", "", calls=(LOOK,)), tool("a", "a cat", PICTURE))
    assert found[-1] == {"role": "user", "content": "", "images": ["AAAA"]}


def test_a_call_that_was_interrupted_was_not_run() -> None:
    found = messages(Message("assistant", "", calls=(LOOK,)), Message("user", "Stop."))
    assert found[1] == {
        "role": "tool",
        "content": "Interrupted: this was not run.",
        "tool_name": "look",
        "tool_call_id": "a",
    }


def test_a_malformed_call_goes_back_without_arguments() -> None:
    """Else every later turn fails: llama.cpp#22948."""
    broken = ToolCall("a", "look", {}, malformed='{"where": "do')
    found = messages(Message("assistant", "", calls=(broken,)), tool("a", "That was no JSON."))
    assert found[0]["tool_calls"][0]["function"]["arguments"] == {}


@pytest.mark.parametrize(
    ("api", "model", "sent"), [("Ollama", "m", True), ("Ollama", "n", False), ("Gemini", "m", False)]
)
def test_thinking_goes_back_with_the_calls_that_it_led_to(api: str, model: str, sent: bool) -> None:
    kept = {"message": {"thinking": "Hm."}, "calls": [{"signed": 1}, {}]}
    told = Message("assistant", "", calls=(LOOK, CLOCK), opaque=Opaque(api, model, kept))
    asked = messages(told)[0]
    assert (asked.get("thinking") == "Hm.") is sent
    assert [call.get("signed") for call in asked["tool_calls"]] == ([1, None] if sent else [None, None])
    assert messages(Message("assistant", "", calls=(LOOK,), opaque=told.opaque))[0]["tool_calls"] == [
        {"id": "a", "function": {"index": 0, "name": "look", "arguments": {"where": "door"}}}
    ]


def test_unstreamed_is_the_same_at_once() -> None:
    made = body(Message("user", "Hi"))
    assert API.unstreamed(made) == {**made, "stream": False}
    assert made["stream"] is True


def written(characters: int) -> Body:
    return {"messages": [{"role": "user", "content": "x" * characters}]}


@pytest.mark.parametrize(
    ("characters", "pictures", "max_tokens", "context"),
    [
        (0, 0, 600, 4096),
        (9_000, 0, 600, 4096),
        (12_000, 0, 600, 8192),
        (0, 4, 600, 8192),
        (60_000, 4, 4000, 32_768),
        (900_000, 0, 600, 50_000),
    ],
)
def test_the_context_is_as_large_as_it_must_be(
    characters: int, pictures: int, max_tokens: int, context: int
) -> None:
    made = written(characters)
    made["messages"].append({"role": "user", "content": "", "images": ["A" * 100_000] * pictures})
    assert context_for(made, max_tokens, 50_000) == context


def test_tools_and_other_scripts_count() -> None:
    assert context_for({**written(0), "tools": [{"description": "x" * 12_000}]}, 600, 50_000) == 8192
    assert context_for({"messages": [{"content": "語" * 4000}]}, 600, 50_000) == 8192


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 3000), max_size=40), st.sampled_from([2048, 8192, 100_000]))
def test_a_conversation_that_grows_meets_few_contexts(lengths: list[int], most: int) -> None:
    """Each new one loads the model anew."""
    told: list[Body] = []
    contexts = []
    for length in lengths:
        told.append({"role": "user", "content": "x" * length})
        contexts.append(context_for({"messages": told}, 600, most))
        needed = sum(len(message["content"]) for message in told) / 3 + 600
        assert contexts[-1] >= min(needed, most)
        assert contexts[-1] <= most
    assert contexts == sorted(contexts)
    assert len(set(contexts)) <= 5


TOO_LONG = "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it"


@pytest.mark.parametrize("refusal", [TOO_LONG, "the input length exceeds the context length"])
def test_where_the_estimate_was_too_small_the_context_is_doubled(refusal: str) -> None:
    api = Ollama(most_context=12_000)
    made = body(Message("user", "Hi"), api=api)
    contexts = []
    while api.lighten(made, refusal):
        contexts.append(made["options"]["num_ctx"])
    assert contexts == [8192, 12_000]
    assert made["truncate"] is False


@pytest.mark.parametrize(
    ("refusal", "gone"),
    [
        ("registry.ollama.ai/library/gemma3:4b does not support tools", "tools"),
        ('"gemma3:4b" does not support thinking', "think"),
        ('json: unknown field "truncate"', "truncate"),
        ("Unexpected property: shift", "shift"),
        ("extra fields not permitted: keep_alive", "keep_alive"),
    ],
)
def test_what_a_server_refuses_is_left_out(refusal: str, gone: str) -> None:
    made = API.body(Request("m", [Message("user", "Hi")], (TOOL,), effort="high", cache_for="long"))
    before = dict(made)
    assert API.lighten(made, refusal)
    assert before.keys() - made.keys() == {gone}
    assert not API.lighten(made, refusal)


def test_other_errors_change_nothing() -> None:
    made = body(Message("user", "Hi"), tools=(TOOL,))
    assert not API.lighten(made, "llama runner process has terminated: exit status 2")
    assert not API.lighten(made, "cannot truncate the prompt any further")
    assert made == body(Message("user", "Hi"), tools=(TOOL,))
