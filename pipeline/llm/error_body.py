"""What a server's error says, whichever of the usual shapes and words it has. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from config.runtime.json_values import read_json

_CONTEXT = re.compile(
    r"context.?(length|size|window)|(maximum|exceed\w*).context|too many tokens|(prompt|input) is too long",
    re.IGNORECASE,
)
_UNREAD_CALL = re.compile(r"pars\w+ (the )?(tool call|input at pos)", re.IGNORECASE)
"""llama.cpp and Ollama, when they could not read the call that the model wrote."""
_UNKNOWN = re.compile(
    r"unknown|unrecogni[sz]ed|unexpected|unsupported|not support|not permitted|invalid|extra", re.IGNORECASE
)
_BLIND = re.compile(
    r"image input is not supported|(not|n't) support\w* (\w+ )?(image|vision|multimodal|pictures?)"
    r"|(image|vision|multimodal)[\w ]* (is|are) not (supported|enabled|allowed)|not a multimodal|mmproj"
    r"|unknown variant .?image_url|at most 0 image|only supports text",
    re.IGNORECASE,
)
"""llama.cpp, Ollama, OpenAI, vLLM (two wordings), and serde-based servers, when the model has no eyes."""
_DEEPEST = 8
_TOKENS = r"(\d{1,3}(?:,\d{3})+|\d{3,9})"
_TAKES = re.compile(rf"context (?:length|size|window)\D{{0,30}}?{_TOKENS}|> {_TOKENS} maximum", re.IGNORECASE)
_ASKED = re.compile(rf"(?:request \(|you requested |too long: ){_TOKENS}", re.IGNORECASE)
"""In the words of llama.cpp, of OpenAI and vLLM, and of Anthropic."""


def _number(pattern: re.Pattern[str], said: str) -> int | None:
    found = pattern.search(said)
    return next((int(n.replace(",", "")) for n in found.groups() if n), None) if found else None


def context_in(said: str) -> int | None:
    """Tokens that the model takes in, where a refusal says so."""
    return _number(_TAKES, said)


def tokens_in(said: str) -> int | None:
    """And those that it was asked."""
    return _number(_ASKED, said)


def is_unread_call(message: str) -> bool:
    return bool(_UNREAD_CALL.search(message))


def too_long(body: str) -> bool:
    """Whether the conversation does not fit into the model's context."""
    return bool(_CONTEXT.search(body))


def unknown_field(body: str) -> bool:
    """Whether the server refused what it does not know, rather than what was in it."""
    return bool(_UNKNOWN.search(body))


def cannot_see(body: str) -> bool:
    return bool(_BLIND.search(body))


def error_message(error: object) -> str:
    """The human part of an error body, whichever of the usual shapes it has. "" when there is none."""
    if isinstance(error, str):
        try:
            parsed: object = read_json(error)
        except ValueError:
            return "" if "<" in error[:200] or error.lstrip().startswith(("{", "[")) else error
        error = parsed
    told = ""
    for level in _levels(error):
        inner: Any = level.get("error") or level.get("message") or level.get("detail") or ""
        told = "" if isinstance(inner, dict | list) else str(inner)
    return error if isinstance(error, str) else told


def error_kinds(error: object) -> set[str]:
    """What an error body says it is, by ``type`` or ``code``, and so does an object in it."""
    kinds = (kind for level in _levels(error) for kind in (level.get("type"), level.get("code")))
    return {kind for kind in kinds if isinstance(kind, str)}


def _levels(error: object) -> Iterator[dict[str, Any]]:
    """The object, and those in it in which others put theirs; no more than anybody has seen."""
    for _ in range(_DEEPEST):
        while isinstance(error, list) and error:
            error = error[0]
        if not isinstance(error, dict):
            return
        yield error
        error = error.get("error") or error.get("message") or error.get("detail")
