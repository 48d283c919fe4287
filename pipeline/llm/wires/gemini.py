"""``--llm gemini:MODEL``: by the API of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.llm.spec import CLOUDS
from pipeline.llm.wire import LlmOptions, Spec, Wire

if TYPE_CHECKING:
    from pipeline.llm.base import Llm


def _spec(text: str, model: str, environment: Mapping[str, str]) -> Spec:
    return Spec("cloud", text, CLOUDS["gemini"][0], model, "gemini")


async def _open(spec: Spec, options: LlmOptions) -> Llm:
    from pipeline.llm.discovery import open_named

    return await open_named(spec, options)


GEMINI = Wire(_open, "MODEL", spec=_spec)
