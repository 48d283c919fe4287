"""``--llm gguf:NAME`` or ``gguf:PATH``: a language model of the catalogue, or a file, in this program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.llm.wire import LlmOptions, Spec, Wire

if TYPE_CHECKING:
    from pipeline.llm.base import Llm


def _spec(text: str, model: str, environment: Mapping[str, str]) -> Spec:
    return Spec("gguf", text, model=model)


def _check(model: str, came: str) -> None:
    from pipeline.llm.local.files import check_named

    check_named(model, came)


async def _open(spec: Spec, options: LlmOptions) -> Llm:
    from pipeline.llm.local.llm import open_gguf

    return await open_gguf(spec.model, options)


GGUF = Wire(_open, "NAME_OR_PATH", check=_check, spec=_spec)
