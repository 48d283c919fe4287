"""``--llm SPEC``: its forms, the address behind each, and the key that may be sent there."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from config.errors import LlmError, UsageError
from config.settings.model import LlmSettings
from pipeline.llm.openai.server import Server, is_loopback

FORMS = (
    "auto",
    "skills",
    "ollama:MODEL",
    "openai:MODEL",
    "anthropic:MODEL",
    "gemini:MODEL",
    "gguf:PATH",
    "http://HOST:PORT/v1#MODEL",
)
CLOUDS: Mapping[str, tuple[str, str]] = {
    "openai": ("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "anthropic": ("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
    "gemini": ("https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
}
"""Their OpenAI-compatible endpoints, and the variables their own tools read."""
_KEYS_BY_HOST = {urlsplit(url).hostname: variable for url, variable in CLOUDS.values()} | {
    "openrouter.ai": "OPENROUTER_API_KEY",
    "api.groq.com": "GROQ_API_KEY",
    "api.mistral.ai": "MISTRAL_API_KEY",
    "api.deepseek.com": "DEEPSEEK_API_KEY",
    "api.together.xyz": "TOGETHER_API_KEY",
}
_DEFAULT_KEY = LlmSettings().api_key_env
OLLAMA_PORT = 11434


@dataclass(frozen=True, slots=True)
class Spec:
    kind: Literal["auto", "skills", "gguf", "ollama", "cloud", "server"]
    text: str
    base_url: str = ""
    model: str = ""
    """A model's name, "" for the first that the server lists; of a GGUF its path."""

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""


def parse_spec(text: str, environment: Mapping[str, str] | None = None) -> Spec:
    """Raises ``UsageError`` listing the forms."""
    environment = os.environ if environment is None else environment
    text = text.strip()
    if text in ("auto", "skills"):
        return Spec("auto" if text == "auto" else "skills", text)
    if text.lower().startswith(("http://", "https://")):
        return _parse_url(text)
    kind, _, model = text.partition(":")
    if model and kind == "gguf":
        return Spec("gguf", text, model=model)
    if model and kind == "ollama":
        return Spec("ollama", text, ollama_url(environment), model)
    if model and kind in CLOUDS:
        return Spec("cloud", text, CLOUDS[kind][0], model)
    raise UsageError(f"{text!r} names no model that answers.", todo=f"It is one of: {', '.join(FORMS)}.")


def _parse_url(text: str) -> Spec:
    address, _, model = text.partition("#")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise UsageError(
            f"The address {address} of a model server is not valid.", todo="Like http://HOST:PORT/v1#MODEL"
        )
    if parts.username or parts.password or parts.query:
        raise UsageError(
            "A key does not belong in the address of a model server.",
            todo="Name the variable that holds it: aloud config set llm.api_key_env NAME",
        )
    path = parts.path.rstrip("/").removesuffix("/chat/completions") or "/v1"
    return Spec("server", text, f"{parts.scheme}://{parts.netloc}{path}", model)


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

    A key goes to the host that it belongs to, and elsewhere only when ``llm.api_key_env`` was set by hand.
    """
    if llm_settings.api_key_env and llm_settings.api_key_env != _DEFAULT_KEY:
        return llm_settings.api_key_env
    if not spec.base_url.startswith("https://"):
        return ""
    return _KEYS_BY_HOST.get(spec.host, "")
