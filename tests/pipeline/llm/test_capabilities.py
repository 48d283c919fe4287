from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.llm.base import Capabilities
from pipeline.llm.capabilities import Claimed, by_name, describe, discover
from pipeline.llm.listing import entries
from tests.pipeline.llm.apis.oracle import Vendor

if TYPE_CHECKING:
    from google.genai import types
else:
    types = Vendor("google.genai.types")

pytestmark = pytest.mark.anyio

NO = {"supported": False}
YES = {"supported": True}
CLAUDE = {
    "type": "model",
    "id": "claude-test",
    "display_name": "Claude Test",
    "created_at": "2026-05-01T00:00:00Z",
    "lifecycle": "active",
    "max_input_tokens": 200_000,
    "max_tokens": 64_000,
    "capabilities": {
        "batch": YES,
        "citations": YES,
        "code_execution": YES,
        "context_management": {**YES, "clear_thinking_20251015": YES},
        "effort": {**YES, "low": YES, "medium": YES, "high": YES, "xhigh": NO, "max": NO},
        "image_input": YES,
        "pdf_input": NO,
        "server_tools": {**YES, "code_execution": YES, "web_search": YES},
        "structured_outputs": YES,
        "thinking": {**YES, "types": {"adaptive": YES, "enabled": YES, "disabled": YES, "between_tools": NO}},
    },
}
GEMINI = {
    "name": "models/gemini-2.5-flash",
    "version": "001",
    "displayName": "Gemini 2.5 Flash",
    "inputTokenLimit": 1_048_576,
    "outputTokenLimit": 65_536,
    "supportedGenerationMethods": ["generateContent", "countTokens"],
    "temperature": 1,
    "thinking": True,
}


def routes(wire: Any, answers: dict[str, Any]) -> Any:
    async def respond(request: Any, stream: Any) -> bytes:
        answer = answers.get(request.path)
        return bytes(wire.http(404, {"error": "not found"}) if answer is None else wire.http(200, answer))

    return wire.serve(respond)


async def described(wire: Any, model: str, answers: dict[str, Any]) -> Claimed:
    async with routes(wire, answers) as server, httpx.AsyncClient() as client:
        return await describe(client, server.base_url, model, within_s=2)


async def discovered(wire: Any, model: str, answers: dict[str, Any]) -> Claimed:
    async with routes(wire, answers) as server, httpx.AsyncClient() as client:
        return await discover(client, server.base_url, model, within_s=2)


async def test_anthropic_tells_of_a_model(wire: Any) -> None:
    Vendor("anthropic.types").ModelInfo.model_validate(CLAUDE)
    told = await described(wire, "claude-test", {"/v1/models/claude-test": CLAUDE})
    assert told == Claimed(
        sees=True,
        calls_tools=True,
        context=200_000,
        thinks=True,
        reads_pdf=False,
        said_by="Anthropic",
    )


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "models/gemini-2.5-flash"])
async def test_gemini_tells_of_a_model_and_its_name_of_its_eyes(wire: Any, model: str) -> None:
    types.Model.model_validate({k: v for k, v in GEMINI.items() if k != "supportedGenerationMethods"})
    told = await described(wire, model, {"/v1/models/gemini-2.5-flash": GEMINI})
    assert told == Claimed(sees=True, context=1_048_576, thinks=True, said_by="Gemini, its name")


async def test_who_says_nothing_is_not_named(wire: Any) -> None:
    assert await described(wire, "gpt-4o", {}) == Claimed(sees=True, said_by="its name")
    assert await described(wire, "mystery", {"/v1/models/mystery": {"id": "mystery"}}) == Claimed()
    assert Claimed().capabilities == Capabilities(sees=True, calls_tools=True)


async def test_llama_cpp_tells_of_the_running_model(wire: Any) -> None:
    """A model that is not loaded is not to be, only to tell of it; and that one thinks its template says."""
    props = {
        "chat_template": "{{ '<think>' if enable_thinking }}",
        "default_generation_settings": {"n_ctx": 8192},
        "modalities": {"vision": False, "audio": True},
        "chat_template_caps": {"supports_tools": True, "supports_parallel_tool_calls": False},
    }
    listed = {"data": [{"id": "m", "meta": {"n_ctx_train": 32_768}}]}
    told = await discovered(wire, "m", {"/props?model=m&autoload=false": props, "/v1/models": listed})
    assert told == Claimed(
        sees=False,
        calls_tools=True,
        context=8192,
        hears=True,
        thinks=True,
        parallel_tools=False,
        program="llama.cpp",
        said_by="llama.cpp",
    )


async def test_ollama_tells_of_a_model(wire: Any) -> None:
    show = {
        "capabilities": ["completion", "tools", "thinking"],
        "model_info": {"general.architecture": "qwen3", "qwen3.context_length": 40_960},
        "remote_host": "https://ollama.com:443",
    }
    assert await discovered(wire, "qwen3:8b", {"/api/show": show}) == Claimed(
        sees=False,
        calls_tools=True,
        context=40_960,
        hears=False,
        thinks=True,
        passed_on_to="ollama.com",
        program="Ollama",
        said_by="Ollama",
    )


async def test_lm_studio_tells_of_the_context_that_is_loaded(wire: Any) -> None:
    model = {"id": "m", "type": "vlm", "capabilities": ["tool_use"], "max_context_length": 131_072}
    told = await discovered(wire, "m", {"/api/v0/models": {"data": [model]}})
    studio = "LM Studio"
    assert told == Claimed(sees=True, calls_tools=True, context=131_072, program=studio, said_by=studio)
    loaded = {**model, "loaded_context_length": 4096}
    assert (await discovered(wire, "m", {"/api/v0/models": {"data": [loaded]}})).context == 4096


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ({"id": "m", "max_model_len": 16_384}, Claimed(context=16_384, said_by="its list of models")),
        (
            {
                "id": "m",
                "context_length": 65_536,
                "architecture": {"input_modalities": ["text", "image", "file"]},
                "supported_parameters": ["tools", "reasoning"],
            },
            Claimed(
                sees=True,
                calls_tools=True,
                context=65_536,
                hears=False,
                thinks=True,
                parallel_tools=False,
                reads_pdf=True,
                said_by="its list of models",
            ),
        ),
    ],
    ids=["vLLM", "OpenRouter"],
)
async def test_a_list_of_models_tells_of_them(wire: Any, model: Any, told: Claimed) -> None:
    assert await discovered(wire, "m", {"/v1/models": {"data": [model]}}) == told


def test_one_claim_is_over_another_and_both_are_named() -> None:
    server, name = Claimed(sees=False, thinks=True, said_by="Ollama"), Claimed(sees=True, said_by="its name")
    assert server.over(name) == server
    both = Claimed(context=8, said_by="Gemini").over(name)
    assert both == Claimed(sees=True, context=8, said_by="Gemini, its name")
    assert both.capabilities == Capabilities(
        sees=True, calls_tools=True, context=8, said_by="Gemini, its name"
    )
    assert Claimed().over(by_name("gpt-4o")).said_by == "its name"


def test_a_list_as_gemini_has_it() -> None:
    assert [entry["id"] for entry in entries({"models": [GEMINI, {"name": "x"}, 5]})] == ["gemini-2.5-flash"]
    assert entries({"models": [{"name": "llama3.2:latest"}]}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    "capabilities",
                    "image_input",
                    "supported",
                    "models",
                    "data",
                    "name",
                    "id",
                    "inputTokenLimit",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_whatever_a_server_tells_it_is_a_claim(told: Any) -> None:
    from pipeline.llm import capabilities

    found = capabilities._from_anthropic(told).over(capabilities._from_gemini(told))
    assert found.sees in (None, True, False)
    assert found.context is None or found.context > 0
    assert all(entry["id"] for entry in entries(told))


async def test_a_context_that_nobody_can_have_is_none(wire: Any) -> None:
    """4000 digits were a number that no estimate could be divided by."""
    for told, context in (
        (8192, 8192),
        (10**9, 10**9),
        (10**400, None),
        (-1, None),
        (0, None),
        (8192.5, None),
    ):
        props = {"default_generation_settings": {"n_ctx": told}, "modalities": {"vision": False}}
        claimed = await discovered(wire, "m", {"/props?model=m&autoload=false": props})
        assert claimed.context == context, told


async def test_a_list_is_read_as_far_as_anybody_needs_it(wire: Any) -> None:
    assert len(entries({"data": [{"id": f"m{n}"} for n in range(300_000)]})) == 5000
    odd = ["", "\ud800", "\x1b[31m", "a\nb", "m" * 301, 5, None]
    assert entries({"data": [{"id": each} for each in odd]}) == []
    long = {"data": [{"id": "m", "more": "x" * 2_000_000, "context_length": 8}]}
    assert (await discovered(wire, "m", {"/v1/models": long})).context is None
