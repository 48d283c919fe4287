"""``--llm openai:MODEL``: by the Responses API, of which nothing is stored there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.llm.spec import CLOUDS
from pipeline.llm.wire import LlmOptions, Spec, Wire

if TYPE_CHECKING:
    from pipeline.llm.base import Llm


def _spec(text: str, model: str, environment: Mapping[str, str]) -> Spec:
    return Spec("cloud", text, CLOUDS["openai"][0], model, "responses")


async def _open(spec: Spec, options: LlmOptions) -> Llm:
    from pipeline.llm.discovery import open_named

    return await open_named(spec, options)


OPENAI = Wire(_open, "MODEL", spec=_spec)
