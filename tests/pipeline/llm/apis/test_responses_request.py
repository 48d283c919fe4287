"""Requests are what the vendor's own types say that they are."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from pipeline.llm.apis.base import Base64Image, Request
from pipeline.llm.apis.responses import Responses
from pipeline.llm.base import Message, Opaque, Role, ToolCall, ToolSpec
from tests.pipeline.llm.apis.oracle import Told, as_told
from vision.images.picture import Picture

API = Responses()
PARAMS = Told("openai.types.responses.response_create_params:ResponseCreateParamsStreaming")
PICTURE = Picture("a.png", Image.new("RGB", (4, 4)))
IMAGES = {PICTURE: Base64Image("image/png", "AAAA")}
SHOWN = {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "auto"}
LOOK = ToolCall("a", "look", {"at": "é"})
CLOCK = ToolCall("b", "clock", {})


def body(*messages: Message, tools: tuple[ToolSpec, ...] = (), model: str = "m") -> dict[str, Any]:
    made = API.body(Request(model, messages, tools, IMAGES))
    assert as_told(PARAMS, made) == made
    return made


def test_what_is_asked_for() -> None:
    made = body(
        Message("system", "Be brief."), Message("user", "Hello."), tools=(ToolSpec("clock", "tells"),)
    )
    assert made == {
        "model": "m",
        "instructions": "Be brief.",
        "input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello."}]}],
        "stream": True,
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "temperature": 0.3,
        "max_output_tokens": 600,
        "tools": [
            {
                "type": "function",
                "name": "clock",
                "description": "tells",
                "parameters": {"type": "object", "properties": {}},
                "strict": False,
            }
        ],
    }


def test_what_is_not_there_is_not_sent() -> None:
    assert not {"instructions", "tools", "reasoning"} & body(Message("user", "Hello.")).keys()


def test_pictures_go_before_the_text() -> None:
    (item,) = body(Message("user", "What?", pictures=(PICTURE,)))["input"]
    assert item["content"] == [SHOWN, {"type": "input_text", "text": "What?"}]


def test_the_history_goes_with_it() -> None:
    """llama.cpp takes an answer only in this, its longest form."""
    history = [Message("user", "Hello."), Message("assistant", "Hi."), Message("user", "And?")]
    made = body(*history)["input"]
    assert [item["role"] for item in made] == ["user", "assistant", "user"]
    assert made[1] == {
        "type": "message",
        "role": "assistant",
        "id": "msg_1",
        "status": "completed",
        "content": [{"type": "output_text", "text": "Hi.", "annotations": []}],
    }


def test_ids_of_answers_differ() -> None:
    made = body(*[Message(role, "x") for role in ("user", "assistant", "assistant", "user", "assistant")])
    ids = [item["id"] for item in made["input"] if "id" in item]
    assert len(set(ids)) == len(ids) == 3


@pytest.mark.parametrize("role", ["user", "assistant", "system"])
def test_nothing_empty_is_sent(role: Role) -> None:
    made = body(Message(role, ""), Message("user", "Hello."))
    assert len(made["input"]) == 1
    assert "instructions" not in made


def test_a_picture_of_a_tool_goes_back_in_place() -> None:
    made = body(
        Message("user", "Look."),
        Message("assistant", "Let me see.", calls=(LOOK, CLOCK)),
        Message("tool", "shown", pictures=(PICTURE,), tool_call_id="a"),
        Message("tool", "noon", tool_call_id="b"),
    )["input"]
    assert made[1]["content"][0]["text"] == "Let me see."
    assert made[2:] == [
        {"type": "function_call", "call_id": "a", "name": "look", "arguments": '{"at": "é"}'},
        {"type": "function_call", "call_id": "b", "name": "clock", "arguments": "{}"},
        {
            "type": "function_call_output",
            "call_id": "a",
            "output": [SHOWN, {"type": "input_text", "text": "shown"}],
        },
        {"type": "function_call_output", "call_id": "b", "output": "noon"},
    ]


def test_where_pictures_of_a_tool_are_refused_they_follow_all_its_answers() -> None:
    made = body(
        Message("assistant", "", calls=(LOOK, CLOCK)),
        Message("tool", "shown", pictures=(PICTURE,), tool_call_id="a"),
        Message("tool", "noon", tool_call_id="b"),
        Message("user", "And?"),
    )
    assert API.lighten(made, "Output of tool call should be 'Input text'")
    assert as_told(PARAMS, made) == made
    assert [item.get("output") for item in made["input"][2:4]] == ["shown", "noon"]
    assert made["input"][4] == {"type": "message", "role": "user", "content": [SHOWN]}
    assert made["input"][5]["content"][0]["text"] == "And?"
    assert not API.lighten(made, "Output of tool call should be 'Input text'")


REASONING = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA"}
KEPT: list[dict[str, Any]] = [
    REASONING,
    {
        "type": "message",
        "id": "msg_a",
        "role": "assistant",
        "status": "completed",
        "phase": "commentary",
        "content": [{"type": "output_text", "text": "Let me see.", "annotations": []}],
    },
    {"type": "function_call", "id": "fc_1", "call_id": "a", "name": "look", "arguments": '{"at":"é"}'},
    {**REASONING, "id": "rs_2"},
    {"type": "function_call", "id": "fc_2", "call_id": "b", "name": "clock", "arguments": "{}"},
]


def test_all_of_the_output_goes_back_as_it_was_before_the_results() -> None:
    made = body(
        Message("assistant", "", calls=(LOOK, CLOCK), opaque=Opaque(API.name, "m", KEPT)),
        Message("tool", "noon", tool_call_id="b"),
        Message("tool", "shown", tool_call_id="a"),
        Message("user", "And?"),
    )["input"]
    assert made[:5] == KEPT
    assert [(item["call_id"], item["output"]) for item in made[5:7]] == [("a", "shown"), ("b", "noon")]
    assert made[7]["role"] == "user"


@pytest.mark.parametrize(("api", "model"), [(API.name, "other"), ("Messages", "m")])
def test_another_apis_or_models_output_is_written_plainly(api: str, model: str) -> None:
    asked = Message("assistant", "", calls=(CLOCK,), opaque=Opaque(api, model, KEPT))
    made = body(asked, Message("tool", "noon", tool_call_id="b"))["input"]
    assert [item["type"] for item in made] == ["function_call", "function_call_output"]


@pytest.mark.parametrize("opaque", [None, Opaque(API.name, "m", KEPT)])
def test_every_call_has_a_result(opaque: Opaque | None) -> None:
    """An interrupted one would have every later request refused."""
    made = body(
        Message("assistant", "", calls=(LOOK, CLOCK), opaque=opaque),
        Message("tool", "noon", tool_call_id="b"),
        Message("user", "And?"),
    )["input"]
    outputs = {item["call_id"]: item["output"] for item in made if item["type"] == "function_call_output"}
    assert outputs == {"a": "Interrupted: this was not run.", "b": "noon"}


def test_an_id_may_come_again_in_a_later_round() -> None:
    """As some servers number them."""
    made = body(
        Message("assistant", "", calls=(CLOCK,)),
        Message("tool", "noon", tool_call_id="b"),
        Message("assistant", "", calls=(CLOCK,)),
        Message("tool", "one", tool_call_id="b"),
    )["input"]
    assert [item["output"] for item in made if "output" in item] == ["noon", "one"]


def test_a_result_without_its_call_is_not_sent() -> None:
    made = body(Message("tool", "noon", tool_call_id="b"), Message("user", "And?"))["input"]
    assert [item["type"] for item in made] == ["message"]


def test_a_malformed_call_is_sent_as_an_empty_one() -> None:
    made = body(Message("assistant", "", calls=(ToolCall("a", "look", {}, malformed='{"at": '),)))["input"]
    assert made[0]["arguments"] == "{}"


def test_what_a_terminal_could_not_decode_is_replaced() -> None:
    call = ToolCall("a", "look", {"at": "\udcff"})
    made = body(
        Message("system", "\udcff"), Message("user", "\udcff"), Message("assistant", "\udcff", calls=(call,))
    )
    assert "\udcff" not in str(made)
    str(made).encode()


@pytest.mark.parametrize(
    ("refusal", "gone"),
    [
        ("Encrypted content is not supported with this model.", "include"),
        ("Unknown parameter: 'include'.", "include"),
        ("Unsupported parameter: 'temperature' is not supported with this model.", "temperature"),
        ("Unsupported parameter: 'reasoning.effort' is not supported with this model.", "reasoning"),
        ("This model does not support tools.", "tools"),
    ],
)
def test_what_a_server_refuses_is_left_out(refusal: str, gone: str) -> None:
    made = {**body(Message("user", "Hello."), tools=(ToolSpec("clock", "tells"),)), "reasoning": {}}
    before = made.keys() - {gone}
    assert API.lighten(made, refusal)
    assert made.keys() == before
    assert not API.lighten(made, refusal)


@pytest.mark.parametrize(
    "refusal", ["Unknown parameter: 'store'.", "CUDA out of memory", "Please include it"]
)
def test_other_errors_change_nothing(refusal: str) -> None:
    """Least of all that nothing is to be stored."""
    made = body(Message("user", "Hello."))
    assert not API.lighten(made, refusal)
    assert made == body(Message("user", "Hello."))


def test_where_it_is_asked_and_how_the_key_is_shown() -> None:
    made = body(Message("user", "Hello."))
    assert API.url("https://host.test/v1", made) == "https://host.test/v1/responses"
    assert API.headers("k") == {"Authorization": "Bearer k"}
    assert API.headers("") == {}
    assert API.unstreamed(made) == {name: made[name] for name in made if name != "stream"}
