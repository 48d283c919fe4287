"""``--llm SPEC``: its forms, the address behind each, and the key that may be sent there."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from config.errors import LlmError, UsageError
from config.models.catalogue import catalogue
from config.runtime.hosts import is_loopback, shown_address
from config.settings.model import LlmSettings
from pipeline.llm.registry import LLM
from pipeline.llm.server import Server
from pipeline.llm.wire import Spec

CLOUDS: Mapping[str, tuple[str, str]] = {
    "openai": ("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "anthropic": ("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
    "gemini": ("https://generativelanguage.googleapis.com/v1beta", "GEMINI_API_KEY"),
}
"""Where their APIs are, and the variables their own tools read."""
_KEYS_BY_HOST = {urlsplit(url).hostname: variable for url, variable in CLOUDS.values()} | {
    "openrouter.ai": "OPENROUTER_API_KEY",
    "api.groq.com": "GROQ_API_KEY",
    "api.mistral.ai": "MISTRAL_API_KEY",
    "api.deepseek.com": "DEEPSEEK_API_KEY",
    "api.together.xyz": "TOGETHER_API_KEY",
}
_DEFAULT_KEY = LlmSettings().api_key_env
OLLAMA_PORT = 11434
_LONGEST_SPEC = 1000


def parse_spec(text: str, environment: Mapping[str, str] | None = None) -> Spec:
    """Raises ``UsageError`` listing the forms, ``PluginError``."""
    environment = os.environ if environment is None else environment
    text = text.strip()
    if text in ("auto", "skills"):
        return Spec("auto" if text == "auto" else "skills", text)
    kind, model = split(text)
    wire = LLM.find(kind)
    if wire is None or not wire.takes(model) or not (kind == "gguf" or _can_be_sent(text)):
        perhaps = f"Is it gguf:{text}? " if _is_local(text) else ""
        raise UsageError(
            f"{shown_address(text)!r} names no model that answers.",
            todo=f"{perhaps}It is one of: {', '.join(forms())}.",
        )
    return wire.spec(text, model, environment)


def _can_be_sent(text: str) -> bool:
    """A name with half a letter, a control character, or a book's page in it is nobody's."""
    return text.isprintable() and len(text) <= _LONGEST_SPEC


def _is_local(text: str) -> bool:
    """A model of the catalogue, or the path of one, without its kind."""
    return text.lower().endswith(".gguf") or any(
        model.name == text for model in catalogue() if model.kind == "llm"
    )


def forms() -> list[str]:
    """What ``--llm`` takes."""
    return ["auto", "skills", *LLM.forms()]


def split(text: str) -> tuple[str, str]:
    """The wire's name, and what is to be reached; of an address (``HTTP:``) the name in small letters."""
    kind, _, model = text.partition(":")
    return (kind.lower() if kind.lower() in ("http", "https") else kind), model


def ollama_url(environment: Mapping[str, str]) -> str:
    """``OLLAMA_HOST`` counts only where it names this machine: words go elsewhere by an explicit address."""
    named = environment.get("OLLAMA_HOST", "").strip()
    try:
        parts = urlsplit(named if "//" in named else f"//{named}")
        host, port = parts.hostname or "127.0.0.1", parts.port or OLLAMA_PORT
    except ValueError:
        host, port = "", OLLAMA_PORT
    # A server told to listen on 0.0.0.0 is met on the loopback address.
    if host in ("0.0.0.0", "::") or not is_loopback(host) or parts.scheme == "https":
        port = port if host in ("0.0.0.0", "::") else OLLAMA_PORT
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if _is_v6(host) else host}:{port}/v1"


def _is_v6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def server_of(spec: Spec, llm_settings: LlmSettings, environment: Mapping[str, str] | None = None) -> Server:
    """Raises ``LlmError`` when a cloud's key is not set, or cannot be one."""
    environment = os.environ if environment is None else environment
    variable = key_variable(spec, llm_settings)
    key = environment.get(variable, "").strip() if variable else ""
    if not key and spec.kind == "cloud":
        raise LlmError(
            f"{spec.text} needs a key, and {variable} is not set.", todo=f"Set it: export {variable}=YOUR_KEY"
        )
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise LlmError(
            f"What {variable} holds cannot be a key.", todo=f"Set it anew: export {variable}=YOUR_KEY"
        )
    name, start = f"the model server at {urlsplit(spec.base_url).netloc}", ""
    if spec.kind == "ollama":
        name, start = "Ollama", "ollama serve"
    elif spec.kind == "cloud":
        name = spec.host
    return Server(name, spec.base_url, spec.model, key_env=variable, key=key, start=start)


def key_variable(spec: Spec, llm_settings: LlmSettings) -> str:
    """Where the key for this server comes from; "" where none is to be sent.

    A key goes to the host that it belongs to, and elsewhere only when ``llm.api_key_env`` was set by hand:
    never to a server that was found by itself, and without encryption to no other machine.
    """
    encrypted = spec.base_url.startswith("https://")
    if spec.found or not (encrypted or is_loopback(spec.host)):
        return ""
    if llm_settings.api_key_env and llm_settings.api_key_env != _DEFAULT_KEY:
        return llm_settings.api_key_env
    return _KEYS_BY_HOST.get(spec.host, "") if encrypted else ""
