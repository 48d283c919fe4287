"""What a model can do, asked of its server; by the model's name only where no server says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import anyio

from config.runtime.hosts import host_of, is_host_name
from pipeline.llm.base import Capabilities
from pipeline.llm.listing import as_dict, entry, fetch

if TYPE_CHECKING:
    import httpx

_SEES = re.compile(
    r"gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-5|chatgpt-4o|\bo[134](?!-mini)|\bo4-mini|claude|gemini|gemma-?3(?!.*\b1b)|pixtral"
    r"|mistral-(small-3\.[12]|medium-3)|ll?ava|qwen[\d.]*-?vl|qwen[\d.]*-omni|internvl|minicpm-v|moondream|molmo"
    r"|smolvlm|idefics|llama-?3\.2-.*vision|llama-?4|phi-?[34].*(vision|multimodal)|granite.*vision|glm-4[\d.]*v",
    re.IGNORECASE,
)
"""Families whose makers document picture input."""
_THINKS = re.compile(
    r"gpt-5(?!.*chat)|\bo[134](-|$)|gpt-oss|deepseek-r1|reasoner|qwq|magistral|thinking|gemini-(2\.5|[3-9])"
    r"|qwen-?3(?!.*(instruct|coder))",
    re.IGNORECASE,
)
"""Families that think before they answer, as their makers document it."""
_LONGEST_BUILD = 200
_MOST_CONTEXT = 10**9
LLAMA_CPP, OLLAMA, VLLM = "llama.cpp", "Ollama", "vLLM"
"""With which the build begins of their servers."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """None: nobody said."""

    sees: bool | None = None
    calls_tools: bool | None = None
    context: int | None = None
    hears: bool | None = None
    thinks: bool | None = None
    parallel_tools: bool | None = None
    reads_pdf: bool | None = None
    prompted_tools: bool | None = None
    passed_on_to: str = ""
    """The host that a server on this machine passes everything on to, if it says so."""
    build: str = ""
    """Of the server and the model, as far as it is told: another one may do other things."""
    program: str = ""
    """What the server is: ``llama.cpp``, ``Ollama``, ``LM Studio``; "" of any other."""
    said_by: str = ""
    """Whoever said any of it."""

    def over(self, other: Claimed) -> Claimed:
        """What is claimed here and, where nothing is, there."""
        added = {
            name: getattr(other, name)
            for name in _CLAIMS
            if getattr(self, name) is None and getattr(other, name) is not None
        }
        speakers = (self.said_by, other.said_by) if added else (self.said_by,)
        return replace(
            self,
            **added,
            passed_on_to=self.passed_on_to or other.passed_on_to,
            build=" ".join(filter(None, (self.build, other.build))),
            program=self.program or other.program,
            said_by=", ".join(filter(None, speakers)),
        )

    @property
    def capabilities(self) -> Capabilities:
        """What nobody denies is tried."""
        return Capabilities(
            self.sees is not False,
            self.calls_tools is not False,
            self.context,
            self.hears,
            self.thinks,
            self.parallel_tools,
            self.reads_pdf,
            self.prompted_tools,
            self.said_by,
        )


_PROGRAMS = ("llama.cpp", "Ollama", "LM Studio")
_THINKING = ("<think>", "enable_thinking", "reasoning_effort", "<|channel|>", "[THINK]", "thinking_budget")
_CLAIMS = (
    "sees",
    "calls_tools",
    "context",
    "hears",
    "thinks",
    "parallel_tools",
    "reads_pdf",
    "prompted_tools",
)


def by_name(model: str) -> Claimed:
    """A family that sees, or thinks → True; any other name says nothing."""
    sees, thinks = (True if family.search(model) else None for family in (_SEES, _THINKS))
    return _claim("its name", sees=sees, thinks=thinks)


async def describe(client: httpx.AsyncClient, base_url: str, model: str, *, within_s: float) -> Claimed:
    """Ask a server that tells of one model at a time, as those of Anthropic and Google do. Never raises."""
    path = model if model.startswith(("models/", "tunedModels/")) else f"models/{model}"
    told: Any = None
    with anyio.move_on_after(within_s):
        told = await fetch(client, "GET", f"{base_url}/{quote(path)}")
    return _from_anthropic(told).over(_from_gemini(told)).over(by_name(model))


async def discover(client: httpx.AsyncClient, base_url: str, model: str, *, within_s: float) -> Claimed:
    """Ask a llama.cpp, Ollama, LM Studio or OpenRouter-like server, all at once. Never raises."""
    root = base_url.removesuffix("/v1")
    answers: dict[str, Any] = {}
    # A llama.cpp that has many models would load one, which takes long, only to tell of it.
    here = {"model": model, "autoload": "false"}

    async def ask(name: str, method: str, url: str, **more: Any) -> None:
        answers[name] = await fetch(client, method, url, **more)

    async def find(name: str, url: str) -> None:
        answers[name] = entry(await fetch(client, "GET", url), model)

    with anyio.move_on_after(within_s):
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: ask("props", "GET", f"{root}/props", params=here))
            group.start_soon(lambda: ask("show", "POST", f"{root}/api/show", json={"model": model}))
            group.start_soon(lambda: find("studio", f"{root}/api/v0/models"))
            group.start_soon(lambda: find("models", f"{base_url}/models"))
    return (
        _from_props(answers.get("props"))
        .over(_from_show(answers.get("show")))
        .over(_from_studio(as_dict(answers.get("studio"))))
        .over(_from_models(as_dict(answers.get("models"))))
        .over(by_name(model))
    )


def takes_grammar(build: str) -> str:
    """The field of a request in which a server of this ``build`` takes one; "" where none is known."""
    return {LLAMA_CPP: "grammar", VLLM: "structured_outputs"}.get(build.split(" ")[0], "")


async def version_of(client: httpx.AsyncClient, base_url: str, build: str, *, within_s: float) -> str:
    """Of the server itself, where ``build`` says that it can be asked for; else "". Never raises."""
    root = base_url.removesuffix("/v1")
    paths = {OLLAMA: f"{root}/api/version", VLLM: f"{root}/version"}
    told: Any = None
    if url := paths.get(build.split(" ")[0]):
        with anyio.move_on_after(within_s):
            told = await fetch(client, "GET", url)
    return _build("", as_dict(told).get("version"))


def _claim(said_by: str, *, passed_on_to: str = "", build: str = "", **claims: Any) -> Claimed:
    said = any(value is not None for value in claims.values())
    program = said_by if said and said_by in _PROGRAMS else ""
    said_by = said_by if said else ""
    return Claimed(**claims, passed_on_to=passed_on_to, build=build, program=program, said_by=said_by)


def _build(server: str, told: object) -> str:
    """ "" where the server tells nothing."""
    return f"{server} {told}".strip()[:_LONGEST_BUILD] if isinstance(told, str | int) and told else ""


def _bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(*values: object) -> int | None:
    """The first that can be one, of tokens."""
    whole = (value for value in values if isinstance(value, int) and not isinstance(value, bool))
    return next((value for value in whole if 0 < value <= _MOST_CONTEXT), None)


def _has(values: object, word: str) -> bool | None:
    return word in values if isinstance(values, list) else None


def _supported(capabilities: dict[str, Any], name: str) -> bool | None:
    return _bool(as_dict(capabilities.get(name)).get("supported"))


def _from_props(props: Any) -> Claimed:
    """llama.cpp: ``/props``; the context is that of one conversation."""
    modalities = as_dict(as_dict(props).get("modalities"))
    template = as_dict(as_dict(props).get("chat_template_caps"))
    return _claim(
        "llama.cpp",
        sees=_bool(modalities.get("vision")),
        calls_tools=_bool(template.get("supports_tools")),
        context=_count(as_dict(as_dict(props).get("default_generation_settings")).get("n_ctx")),
        hears=_bool(modalities.get("audio")),
        thinks=_thinks(props),
        parallel_tools=_bool(template.get("supports_parallel_tool_calls")),
        build=_llama_build(props, sees=modalities.get("vision") is True),
    )


def _llama_build(props: Any, *, sees: bool) -> str:
    """And the model that it has, whatever it is called, with eyes or without."""
    path = as_dict(props).get("model_path")
    file = PurePath(path).name if isinstance(path, str) else ""
    build = _build(LLAMA_CPP, as_dict(props).get("build_info"))
    told = " ".join(filter(None, (build, file, "with eyes" if sees else "")))
    return told[:_LONGEST_BUILD] if build else ""


def _thinks(props: Any) -> bool | None:
    """As its chat template has it: there a model that thinks begins to, or is kept from it."""
    template = as_dict(props).get("chat_template")
    return any(mark in template for mark in _THINKING) if isinstance(template, str) else None


def _from_show(show: Any) -> Claimed:
    """Ollama: ``/api/show``. The context is the model's: how much of it is used, a request says."""
    capabilities = as_dict(show).get("capabilities")
    remote = as_dict(show).get("remote_host")
    info = as_dict(as_dict(show).get("model_info"))
    return _claim(
        "Ollama",
        sees=_has(capabilities, "vision"),
        calls_tools=_has(capabilities, "tools"),
        context=_count(*(value for name, value in info.items() if name.endswith(".context_length"))),
        hears=_has(capabilities, "audio"),
        thinks=_has(capabilities, "thinking"),
        passed_on_to=_host(remote) if isinstance(remote, str) and remote else "",
        build=_build(OLLAMA, as_dict(show).get("modified_at")),
    )


def _host(remote: str) -> str:
    """Its name, as a person can be told it."""
    host = host_of(remote if "//" in remote else f"//{remote}")
    return host if is_host_name(host) else "another machine"


def _from_studio(model: dict[str, Any]) -> Claimed:
    """LM Studio: ``/api/v0/models``, whose type is ``llm``, ``vlm`` or ``embeddings``."""
    kind = model.get("type")
    return _claim(
        "LM Studio",
        sees=kind == "vlm" if kind in ("llm", "vlm") else None,
        calls_tools=_has(model.get("capabilities"), "tool_use"),
        context=_count(model.get("loaded_context_length"), model.get("max_context_length")),
        build=_build("LM Studio", model.get("quantization")),
    )


def _from_models(model: dict[str, Any]) -> Claimed:
    """``/models``: modalities of llama.cpp and OpenRouter, OpenRouter's parameters, vLLM's context."""
    modalities = as_dict(model.get("architecture")).get("input_modalities")
    parameters = model.get("supported_parameters")
    meta = as_dict(model.get("meta"))
    return _claim(
        "its list of models",
        sees=_has(modalities, "image"),
        calls_tools=_has(parameters, "tools"),
        context=_count(model.get("context_length"), model.get("max_model_len"), meta.get("n_ctx_train")),
        hears=_has(modalities, "audio"),
        thinks=_has(parameters, "reasoning"),
        parallel_tools=_has(parameters, "parallel_tool_calls"),
        reads_pdf=_has(modalities, "file"),
        build=VLLM if model.get("owned_by") == "vllm" else _build("", meta.get("size")),
    )


def _from_anthropic(told: Any) -> Claimed:
    """``/v1/models/{id}``; tools are for all of them."""
    capabilities = as_dict(as_dict(told).get("capabilities"))
    return _claim(
        "Anthropic",
        sees=_supported(capabilities, "image_input"),
        calls_tools=True if capabilities else None,
        context=_count(as_dict(told).get("max_input_tokens")),
        thinks=_supported(capabilities, "thinking"),
        reads_pdf=_supported(capabilities, "pdf_input"),
    )


def _from_gemini(told: Any) -> Claimed:
    """``/models/{id}``."""
    return _claim(
        "Gemini",
        context=_count(as_dict(told).get("inputTokenLimit")),
        thinks=_bool(as_dict(told).get("thinking")),
    )
