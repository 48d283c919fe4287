"""Requests that Google's own package would have made."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from pipeline.llm.apis.base import Base64Image, Body, Request
from pipeline.llm.apis.gemini import Gemini
from pipeline.llm.base import Message, Opaque, ToolCall, ToolSpec
from tests.pipeline.llm.apis.oracle import Vendor
from vision.images.picture import Picture

if TYPE_CHECKING:
    from google.genai import types
else:
    types = Vendor("google.genai.types")

API = Gemini("gemini-test")
URL = "https://g.test/v1beta"
PICTURE = Picture("a.png", Image.new("RGB", (4, 4)))
IMAGE = Base64Image("image/png", base64.b64encode(b"picture").decode())
INLINE = {"inlineData": {"mimeType": "image/png", "data": IMAGE.data}}
LOOK, CLOCK = ToolCall("a", "look", {"where": "door"}), ToolCall("b", "clock", {})
SIGNED = "c2lnbmVk"


def body(*messages: Message, tools: tuple[ToolSpec, ...] = (), model: str = "gemini-test") -> Body:
    """What is sent; Google's own types take every part of it."""
    made = API.body(Request(model, messages, tools, {PICTURE: IMAGE}))
    for content in made["contents"]:
        types.Content.model_validate(content)
        assert content["role"] in ("user", "model")
        assert content["parts"]
    config = {key: value for key, value in made.items() if key != "contents"}
    types.GenerateContentConfig.model_validate({**config.pop("generationConfig"), **config})
    return made


def contents(*messages: Message, **more: Any) -> Any:
    return body(*messages, **more)["contents"]


def tool(id: str, text: str, *pictures: Picture) -> Message:
    return Message("tool", text, pictures, tool_call_id=id)


def answer(call: ToolCall, text: str, **more: Any) -> Body:
    return {
        "functionResponse": {"id": call.id, "name": call.name, "response": {"output": text}, **more},
    }


def asked(call: ToolCall, **more: Any) -> Body:
    return {"functionCall": {"id": call.id, "name": call.name, "args": call.arguments}, **more}


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-test", "models/gemini-test"),
        ("models/gemini-test", "models/gemini-test"),
        ("tunedModels/mine", "tunedModels/mine"),
        ("a?b#c", "models/a%3Fb%23c"),
    ],
)
def test_the_model_is_in_the_address_and_not_in_the_body(model: str, path: str) -> None:
    api = Gemini(model)
    made = api.body(Request(model, [Message("user", "Hi")]))
    assert api.url(URL, made) == f"{URL}/{path}:streamGenerateContent?alt=sse"
    assert made == {
        "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
        "generationConfig": {"temperature": 0.3, "maxOutputTokens": 600},
    }


def test_the_key_has_a_header_of_its_own() -> None:
    assert API.headers("k") == {"x-goog-api-key": "k"}
    assert API.headers("") == {}


def test_an_answer_at_once_is_asked_for_elsewhere() -> None:
    whole = API.unstreamed(body(Message("user", "Hi")))
    assert whole == body(Message("user", "Hi"))
    assert API.url("https://h/v1beta", whole) == f"https://h/v1beta/models/{API.model}:generateContent"


def test_instructions_stand_apart() -> None:
    made = body(Message("system", "Be brief."), Message("user", "Hi"), Message("system", "It is noon."))
    assert made["systemInstruction"] == {"parts": [{"text": "Be brief."}, {"text": "It is noon."}]}
    assert made["contents"] == [{"role": "user", "parts": [{"text": "Hi"}]}]


def test_tools_are_described_by_their_schema() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "additionalProperties": False}
    made = body(Message("user", "Hi"), tools=(ToolSpec("timer", "rings", schema), ToolSpec("clock", "tells")))
    (tools,) = made["tools"]
    assert tools["functionDeclarations"][0] == {
        "name": "timer",
        "description": "rings",
        "parametersJsonSchema": schema,
    }
    assert [declared["name"] for declared in tools["functionDeclarations"]] == ["timer", "clock"]


def test_pictures_go_before_the_text_and_nothing_empty_goes_at_all() -> None:
    found = contents(
        Message("user", "What?", (PICTURE,)),
        Message("assistant", ""),
        Message("user", ""),
        Message("user", "Well?"),
    )
    assert found == [{"role": "user", "parts": [INLINE, {"text": "What?"}, {"text": "Well?"}]}]


def test_who_speaks_alternates() -> None:
    found = contents(
        Message("user", "One"), Message("user", "two"), Message("assistant", "A"), Message("assistant", "b")
    )
    assert found == [
        {"role": "user", "parts": [{"text": "One"}, {"text": "two"}]},
        {"role": "model", "parts": [{"text": "A"}, {"text": "b"}]},
    ]


def test_answers_to_calls_are_together_with_their_pictures_and_nothing_else() -> None:
    found = contents(
        Message("user", "Who is there?"),
        Message("assistant", "Let me see.", calls=(LOOK, CLOCK)),
        tool("b", "noon"),
        tool("a", "a cat", PICTURE),
        Message("user", "And now?"),
    )
    assert found[1:] == [
        {"role": "model", "parts": [{"text": "Let me see."}, asked(LOOK), asked(CLOCK)]},
        {"role": "user", "parts": [answer(LOOK, "a cat", parts=[INLINE]), answer(CLOCK, "noon")]},
        {"role": "user", "parts": [{"text": "And now?"}]},
    ]


def test_a_call_that_was_interrupted_was_not_run() -> None:
    found = contents(Message("assistant", "", calls=(LOOK,)), Message("user", "Stop."))
    assert found[1] == {"role": "user", "parts": [answer(LOOK, "Interrupted: this was not run.")]}
    assert found[2] == {"role": "user", "parts": [{"text": "Stop."}]}


def test_a_malformed_call_goes_back_without_arguments() -> None:
    broken = ToolCall("a", "look", {}, malformed='{"where": "do')
    found = contents(Message("assistant", "", calls=(broken,)), tool("a", "That was no JSON."))
    assert found[0]["parts"] == [{"functionCall": {"id": "a", "name": "look", "args": {}}}]


KEPT = [
    {"text": "Hm.", "thought": True},
    {"text": "Let me see.", "thoughtSignature": SIGNED},
    {"functionCall": {"name": "look", "args": {"where": "door"}}, "thoughtSignature": SIGNED},
    {"functionCall": {"id": "x", "name": "clock", "args": {}}},
    {"text": "", "thoughtSignature": SIGNED},
]


@pytest.mark.parametrize(
    ("api", "model", "sent"),
    [
        ("Gemini", "gemini-test", True),
        ("Gemini", "gemini-other", False),
        ("Chat Completions", "gemini-test", False),
    ],
)
def test_what_the_model_sent_goes_back_as_it_was(api: str, model: str, sent: bool) -> None:
    opaque = Opaque(api, model, {"parts": KEPT})
    message = Message("assistant", "Let me see.", calls=(LOOK, CLOCK), opaque=opaque)
    model_said, answers = contents(message, tool("a", "a cat"), tool("b", "noon"))
    plain = [{"text": "Let me see."}, asked(LOOK), asked(CLOCK)]
    assert model_said["parts"] == (KEPT if sent else plain)
    named = [part["functionResponse"] for part in answers["parts"]]
    assert [(n["name"], n.get("id")) for n in named] == (
        [("look", None), ("clock", "x")] if sent else [("look", "a"), ("clock", "b")]
    )


def test_what_is_kept_of_other_calls_does_not_go_back() -> None:
    opaque = Opaque("Gemini", "gemini-test", {"parts": KEPT})
    found = contents(Message("assistant", "", calls=(LOOK,), opaque=opaque), tool("a", "a cat"))
    assert found[0]["parts"] == [asked(LOOK)]


def refused(made: Body, refusal: str) -> Body:
    assert API.lighten(made, refusal)
    return made


ROUND = (
    Message("system", "Be brief."),
    Message("user", "Who is there?"),
    Message("assistant", "", calls=(LOOK, CLOCK)),
    tool("a", "a cat", PICTURE),
    tool("b", "noon"),
)


def test_pictures_that_an_answer_may_not_hold_follow_it() -> None:
    refusal = "Unable to submit request because `function_response.parts` is not supported for this model."
    made = refused(body(*ROUND), refusal)
    assert made["contents"][2:] == [
        {"role": "user", "parts": [answer(LOOK, "a cat"), answer(CLOCK, "noon")]},
        {"role": "user", "parts": [INLINE]},
    ]
    assert not API.lighten(made, refusal)


def test_a_call_of_another_model_is_signed_where_a_signature_is_missed() -> None:
    refusal = "Function call is missing a thought_signature in functionCall parts. This is required."
    made = refused(body(*ROUND), refusal)
    assert made["contents"][1]["parts"] == [
        asked(LOOK, thoughtSignature="skip_thought_signature_validator"),
        asked(CLOCK),
    ]
    assert not API.lighten(made, refusal)
    opaque = Opaque("Gemini", "gemini-test", {"parts": KEPT})
    own = body(Message("assistant", "", calls=(LOOK, CLOCK), opaque=opaque))
    assert not API.lighten(own, refusal)


def test_a_model_that_takes_no_instructions_hears_them_from_the_person() -> None:
    refusal = "Developer instruction is not enabled for models/gemma-3-27b-it"
    made = refused(body(*ROUND), refusal)
    assert made["contents"][0] == {
        "role": "user",
        "parts": [{"text": "Be brief."}, {"text": "Who is there?"}],
    }
    assert "systemInstruction" not in made
    assert not API.lighten(made, refusal)
    begun = refused(body(Message("system", "Be brief."), Message("assistant", "Hello.")), refusal)
    assert [content["role"] for content in begun["contents"]] == ["user", "model"]


@pytest.mark.parametrize(
    ("refusal", "gone"),
    [
        ("Function calling is not enabled for models/gemma-3-27b-it", "tools"),
        ("temperature must be in the range [1.0, 1.0]", "temperature"),
        ("Thinking level is not supported for this model.", "thinkingConfig"),
    ],
)
def test_what_a_model_refuses_is_left_out(refusal: str, gone: str) -> None:
    asked = Request("m", [Message("user", "Hi")], (ToolSpec("clock", "tells"),), effort="low")
    made = Gemini("m").body(asked)
    assert gone in {**made, **made["generationConfig"]}
    assert gone not in {**refused(made, refusal), **made["generationConfig"]}
    assert not API.lighten(made, refusal)


def test_other_errors_change_nothing() -> None:
    made = body(*ROUND)
    assert not API.lighten(made, "Internal error encountered.")
    assert made == body(*ROUND)


def test_half_a_character_can_be_sent() -> None:
    found = contents(Message("user", "a\ud83d"), Message("assistant", "", calls=(LOOK,)), tool("a", "\ud83d"))
    assert found[0]["parts"] == [{"text": "a?"}]
    assert found[2]["parts"] == [answer(LOOK, "?")]
