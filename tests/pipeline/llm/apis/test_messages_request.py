"""Requests are what the vendor's own types say that they are."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from pipeline.llm.apis.base import Base64Image, Request
from pipeline.llm.apis.messages import Messages
from pipeline.llm.base import Message, Opaque, ToolCall, ToolSpec
from tests.pipeline.llm.apis.oracle import Told, as_told
from vision.images.picture import Picture

API = Messages()
PARAMS = Told("anthropic.types.message_create_params:MessageCreateParamsStreaming")
PICTURE = Picture("a.png", Image.new("RGB", (4, 4)))
IMAGES = {PICTURE: Base64Image("image/png", "AAAA")}
SHOWN = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}
LOOK = ToolCall("a", "look", {"at": "é"})
CLOCK = ToolCall("b", "clock", {})
NOTHING = {"role": "user", "content": [{"type": "text", "text": "[nothing was said]"}]}


def body(*messages: Message, tools: tuple[ToolSpec, ...] = ()) -> dict[str, Any]:
    made = API.body(Request("m", messages, tools, IMAGES))
    assert as_told(PARAMS, made) == made
    roles = [message["role"] for message in made["messages"]]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"], "in turn, from user to user"
    assert all(message["content"] for message in made["messages"])
    return made


def said(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def test_what_is_asked_for() -> None:
    """No temperature: the newest models take none."""
    made = body(
        Message("system", "Be brief."), Message("user", "Hello."), tools=(ToolSpec("clock", "tells"),)
    )
    assert made == {
        "model": "m",
        "max_tokens": 600,
        "system": [{**said("Be brief."), "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": [said("Hello.")]}],
        "stream": True,
        "cache_control": {"type": "ephemeral"},
        "tools": [
            {
                "name": "clock",
                "description": "tells",
                "input_schema": {"type": "object", "properties": {}},
            }
        ],
    }


def test_what_is_not_there_is_not_sent() -> None:
    assert not {"system", "tools", "temperature"} & body(Message("user", "Hello.")).keys()


def test_all_instructions_stand_ahead() -> None:
    made = body(Message("system", "One."), Message("user", "Hello."), Message("system", "Two."))
    assert [block["text"] for block in made["system"]] == ["One.", "Two."]
    assert ["cache_control" in block for block in made["system"]] == [False, True]
    assert len(made["messages"]) == 1


def test_pictures_go_before_the_text() -> None:
    (message,) = body(Message("user", "What?", pictures=(PICTURE,)))["messages"]
    assert message["content"] == [SHOWN, said("What?")]


def test_a_picture_of_a_tool_goes_back_in_place() -> None:
    made = body(
        Message("user", "Look."),
        Message("assistant", "Let me see.", calls=(LOOK, CLOCK)),
        Message("tool", "shown", pictures=(PICTURE,), tool_call_id="a"),
        Message("tool", "", tool_call_id="b"),
    )["messages"]
    assert made[1]["content"] == [
        said("Let me see."),
        {"type": "tool_use", "id": "a", "name": "look", "input": {"at": "é"}},
        {"type": "tool_use", "id": "b", "name": "clock", "input": {}},
    ]
    assert made[2]["content"] == [
        {"type": "tool_result", "tool_use_id": "a", "content": [SHOWN, said("shown")]},
        {"type": "tool_result", "tool_use_id": "b"},
    ]


THOUGHT = {"type": "thinking", "thinking": "Hm. ", "signature": "EqQBCg=="}
KEPT: list[dict[str, Any]] = [
    THOUGHT,
    {"type": "redacted_thinking", "data": "EmwK"},
    said("Let me see."),
    {"type": "tool_use", "id": "a", "name": "look", "input": {"at": "é"}, "caller": {"type": "direct"}},
    {**THOUGHT, "signature": "second"},
    {"type": "tool_use", "id": "b", "name": "clock", "input": {}},
]


def test_all_blocks_go_back_as_they_were_and_the_results_first_behind_them() -> None:
    made = body(
        Message("user", "Look."),
        Message("assistant", "", calls=(LOOK, CLOCK), opaque=Opaque(API.name, "m", KEPT)),
        Message("tool", "noon", tool_call_id="b"),
        Message("tool", "shown", tool_call_id="a"),
        Message("user", "And?"),
    )["messages"]
    assert made[1] == {"role": "assistant", "content": KEPT}
    results, (asked,) = made[2]["content"][:2], made[2]["content"][2:]
    assert [(r["tool_use_id"], r["content"][0]["text"]) for r in results] == [("a", "shown"), ("b", "noon")]
    assert asked == said("And?")


def test_what_is_kept_is_not_changed_by_a_request() -> None:
    kept = [{**block} for block in KEPT]
    asked = Message("assistant", "", calls=(LOOK, CLOCK), opaque=Opaque(API.name, "m", kept))
    body(asked, Message("assistant", "More."))
    assert kept == KEPT


@pytest.mark.parametrize(("api", "model"), [(API.name, "other"), ("Responses", "m")])
def test_another_apis_or_models_blocks_are_written_plainly(api: str, model: str) -> None:
    asked = Message("assistant", "", calls=(CLOCK,), opaque=Opaque(api, model, KEPT))
    made = body(asked, Message("tool", "noon", tool_call_id="b"))["messages"]
    assert [block["type"] for block in made[1]["content"]] == ["tool_use"]


def test_another_apis_ids_are_spelt_so_that_they_are_taken() -> None:
    call = ToolCall("functions.clock:0", "clock", {})
    made = body(Message("assistant", "", calls=(call,)), Message("tool", "noon", tool_call_id=call.id))
    _, asked, answered = made["messages"]
    assert asked["content"][0]["id"] == answered["content"][0]["tool_use_id"] == "functions_clock_0"
    assert answered["content"][0]["content"] == [said("noon")]


@pytest.mark.parametrize("opaque", [None, Opaque(API.name, "m", KEPT)])
def test_every_call_has_a_result(opaque: Opaque | None) -> None:
    """An interrupted one would have every later request refused."""
    made = body(
        Message("assistant", "", calls=(LOOK, CLOCK), opaque=opaque),
        Message("tool", "noon", tool_call_id="b"),
        Message("user", "And?"),
    )["messages"]
    assert made[2]["content"] == [
        {
            "type": "tool_result",
            "tool_use_id": "a",
            "content": [said("Interrupted: this was not run.")],
            "is_error": True,
        },
        {"type": "tool_result", "tool_use_id": "b", "content": [said("noon")]},
        said("And?"),
    ]


def test_a_result_without_its_call_is_not_sent() -> None:
    made = body(Message("user", "Hello."), Message("tool", "noon", tool_call_id="b"), Message("user", "And?"))
    assert made["messages"] == [{"role": "user", "content": [said("Hello."), said("And?")]}]


def test_a_malformed_call_is_sent_as_an_empty_one() -> None:
    made = body(Message("assistant", "", calls=(ToolCall("a", "look", {}, malformed='{"at": '),)))
    assert made["messages"][1]["content"][0]["input"] == {}


def test_a_conversation_begins_and_ends_with_the_user() -> None:
    """A timer rings, and the model is asked to go on."""
    made = body(Message("assistant", "Your timer is over."), Message("user", ""))["messages"]
    assert made == [NOTHING, {"role": "assistant", "content": [said("Your timer is over.")]}, NOTHING]
    assert body(Message("system", "Be brief."), Message("user", " "))["messages"] == [NOTHING]


def test_who_says_two_things_says_them_in_one_message() -> None:
    made = body(
        Message("user", "Hello."),
        Message("assistant", ""),
        Message("user", "", pictures=(PICTURE,)),
        Message("assistant", "One."),
        Message("assistant", "Two."),
        Message("user", "And?"),
    )["messages"]
    assert made[0]["content"] == [said("Hello."), SHOWN]
    assert made[1]["content"] == [said("One."), said("Two.")]


def test_what_a_terminal_could_not_decode_is_replaced() -> None:
    call = ToolCall("a", "look", {"at": "\udcff"})
    made = body(
        Message("system", "\udcff"), Message("user", "\udcff"), Message("assistant", "\udcff", calls=(call,))
    )
    str(made).encode()
    assert made["messages"][1]["content"][1]["input"] == {"at": "\ufffd"}


def test_where_a_server_keeps_nothing_it_is_not_told_to() -> None:
    made = body(Message("system", "Be brief."), Message("user", "Hello."))
    assert API.lighten(made, "cache_control: Extra inputs are not permitted")
    assert "cache_control" not in str(made)
    assert as_told(PARAMS, made) == made
    assert not API.lighten(made, "cache_control: Extra inputs are not permitted")


def test_where_a_model_has_no_tools_they_are_left_out() -> None:
    made = body(
        Message("system", "Be brief."), Message("user", "Hello."), tools=(ToolSpec("clock", "tells"),)
    )
    assert API.lighten(made, "This model does not support tools.")
    assert "tools" not in made
    assert "cache_control" in made["system"][0]
    assert not API.lighten(made, "CUDA out of memory")


def test_a_model_is_asked_not_to_think_where_it_can_be() -> None:
    made = API.body(Request("m", [Message("user", "Hello.")], thinks=False))
    assert as_told(PARAMS, made) == made
    assert made["thinking"] == {"type": "disabled"}
    assert API.lighten(made, 'thinking.type: "disabled" is not supported by this model')
    assert "thinking" not in made


def test_where_it_is_asked_and_how_the_key_is_shown() -> None:
    made = body(Message("user", "Hello."))
    assert API.url("https://host.test/v1", made) == "https://host.test/v1/messages"
    assert API.headers("k") == {"anthropic-version": "2023-06-01", "x-api-key": "k"}
    assert API.headers("") == {"anthropic-version": "2023-06-01"}
    assert API.unstreamed(made) == {name: made[name] for name in made if name != "stream"}
