"""``--llm http://HOST:PORT/v1#MODEL``: a server that speaks as OpenAI's does, or as its maker's.

The end of an address may say what it is spoken to in: ``/responses``, ``/messages``, ``/api/chat``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from config.errors import UsageError
from config.runtime.hosts import host_of, shown_address
from pipeline.llm.wire import LlmOptions, Spec, Wire

if TYPE_CHECKING:
    from pipeline.llm.base import Llm


def _spec(text: str, rest: str, environment: Mapping[str, str]) -> Spec:
    address, _, model = text.partition("#")
    if "@" in address or "?" in address:
        raise UsageError(
            "A key does not belong in the address of a model server.",
            todo="Name the variable that holds it: aloud config set llm.api_key_env NAME",
        )
    if not (host := host_of(address)):
        raise UsageError(
            f"The address {shown_address(address)} of a model server is not valid.",
            todo="Like http://HOST:PORT/v1#MODEL",
        )
    parts = urlsplit(address)
    path, api = _api_of(parts.path.rstrip("/"), host)
    return Spec("server", text, f"{parts.scheme}://{parts.netloc}{path or '/v1'}", model, api)


_BY_ENDING = {
    "/chat/completions": "chat",
    "/responses": "responses",
    "/messages": "messages",
    "/api/chat": "ollama",
}
_BY_HOST = {
    "api.openai.com": "responses",
    "api.anthropic.com": "messages",
    "generativelanguage.googleapis.com": "gemini",
}


def _api_of(path: str, host: str) -> tuple[str, str]:
    """What an address is spoken to in, and its path without what says so."""
    for ending, api in _BY_ENDING.items():
        if path.endswith(ending):
            return path.removesuffix(ending), api
    return path, "chat" if path.endswith("/openai") else _BY_HOST.get(host, "chat")


async def _open(spec: Spec, options: LlmOptions) -> Llm:
    from pipeline.llm.discovery import open_named

    return await open_named(spec, options)


ADDRESS = Wire(_open, "//HOST:PORT/v1#MODEL", spec=_spec)
