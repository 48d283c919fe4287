"""``--llm openai:MODEL``, ``anthropic:MODEL``, ``gemini:MODEL``: by their OpenAI-compatible endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.llm.spec import CLOUDS
from pipeline.llm.wire import LlmOptions, Spec, Wire

if TYPE_CHECKING:
    from pipeline.llm.base import Llm


async def _open(spec: Spec, options: LlmOptions) -> Llm:
    from pipeline.llm.discovery import open_named

    return await open_named(spec, options)


def _wire(base_url: str) -> Wire:
    def spec(text: str, model: str, environment: Mapping[str, str]) -> Spec:
        return Spec("cloud", text, base_url, model)

    return Wire(_open, "MODEL", spec=spec)


OPENAI, ANTHROPIC, GEMINI = (_wire(CLOUDS[name][0]) for name in ("openai", "anthropic", "gemini"))
