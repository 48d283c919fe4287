"""What a model can do, asked of its server; by the model's name only where no server says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio

if TYPE_CHECKING:
    import httpx

_SEES = re.compile(
    r"gpt-4o|gpt-4\.1|gpt-4-turbo|gpt-5|chatgpt-4o|\bo[134](?!-mini)|\bo4-mini|claude|gemini|gemma-?3(?!.*\b1b)|pixtral"
    r"|mistral-(small-3\.[12]|medium-3)|ll?ava|qwen[\d.]*-?vl|qwen[\d.]*-omni|internvl|minicpm-v|moondream|molmo"
    r"|smolvlm|idefics|llama-?3\.2-.*vision|llama-?4|phi-?[34].*(vision|multimodal)|granite.*vision|glm-4[\d.]*v",
    re.IGNORECASE,
)
"""Families whose makers document picture input."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """None: nobody said."""

    sees: bool | None = None
    calls_tools: bool | None = None
    passed_on_to: str = ""
    """The host that a server on this machine passes everything on to, if it says so."""

    def over(self, other: Claimed) -> Claimed:
        return Claimed(
            other.sees if self.sees is None else self.sees,
            other.calls_tools if self.calls_tools is None else self.calls_tools,
            self.passed_on_to or other.passed_on_to,
        )


def by_name(model: str) -> Claimed:
    """A family that sees → True; any other name says nothing."""
    return Claimed(sees=True if _SEES.search(model) else None)


async def discover(client: httpx.AsyncClient, base_url: str, model: str, *, within_s: float) -> Claimed:
    """Ask a llama.cpp, Ollama, LM Studio or OpenRouter-like server, all at once. Never raises."""
    root = base_url.removesuffix("/v1")
    answers: dict[str, Any] = {}

    async def ask(name: str, method: str, url: str, **more: Any) -> None:
        answers[name] = await fetch(client, method, url, **more)

    with anyio.move_on_after(within_s):
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: ask("props", "GET", f"{root}/props"))
            group.start_soon(lambda: ask("show", "POST", f"{root}/api/show", json={"model": model}))
            group.start_soon(lambda: ask("studio", "GET", f"{root}/api/v0/models"))
            group.start_soon(lambda: ask("models", "GET", f"{base_url}/models"))
    return (
        _from_props(answers.get("props"))
        .over(_from_show(answers.get("show")))
        .over(_from_studio(entry(answers.get("studio"), model)))
        .over(_from_models(entry(answers.get("models"), model)))
        .over(by_name(model))
    )


async def fetch(client: httpx.AsyncClient, method: str, url: str, **more: Any) -> Any:
    """Decoded JSON of a 200, else None. Never raises."""
    import httpx

    try:
        response = await client.request(method, url, **more)
        return response.json() if response.status_code == 200 else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError):
        return None


def entries(listing: Any) -> list[dict[str, Any]]:
    """The models of a ``/models`` answer; [] when it is no such answer."""
    data = _dict(listing).get("data")
    models = [_dict(model) for model in data] if isinstance(data, list) else []
    return [model for model in models if isinstance(model.get("id"), str) and model["id"]]


def entry(listing: Any, model: str) -> dict[str, Any]:
    return next((e for e in entries(listing) if e["id"] == model), {})


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _has(values: object, word: str) -> bool | None:
    return word in values if isinstance(values, list) else None


def _from_props(props: Any) -> Claimed:
    """llama.cpp: ``/props``."""
    sees = _dict(_dict(props).get("modalities")).get("vision")
    tools = _dict(_dict(props).get("chat_template_caps")).get("supports_tools")
    return Claimed(_bool(sees), _bool(tools))


def _from_show(show: Any) -> Claimed:
    """Ollama: ``/api/show``, which lists ``completion``, ``vision``, ``tools``, ``thinking``."""
    capabilities = _dict(show).get("capabilities")
    remote = _dict(show).get("remote_host")
    host = urlsplit(remote).hostname or remote if isinstance(remote, str) else ""
    return Claimed(_has(capabilities, "vision"), _has(capabilities, "tools"), host)


def _from_studio(model: dict[str, Any]) -> Claimed:
    """LM Studio: ``/api/v0/models``, whose type is ``llm``, ``vlm`` or ``embeddings``."""
    kind = model.get("type")
    sees = kind == "vlm" if kind in ("llm", "vlm") else None
    return Claimed(sees, _has(model.get("capabilities"), "tool_use"))


def _from_models(model: dict[str, Any]) -> Claimed:
    """llama.cpp and OpenRouter: input modalities; OpenRouter: supported parameters as well."""
    sees = _has(_dict(model.get("architecture")).get("input_modalities"), "image")
    return Claimed(sees, _has(model.get("supported_parameters"), "tools"))
