"""``--llm gguf:PATH``: a model file, in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import ModelError
from pipeline.llm.wire import LlmOptions, Spec, Wire

if TYPE_CHECKING:
    from pipeline.llm.base import Llm


def _spec(text: str, model: str, environment: Mapping[str, str]) -> Spec:
    return Spec("gguf", text, model=model)


def _check(path: str, came: str) -> None:
    if not Path(path).expanduser().is_file():
        raise ModelError(
            f"There is no model file {path}.", todo="Name a .gguf file: aloud talk --llm gguf:PATH"
        )


async def _open(spec: Spec, options: LlmOptions) -> Llm:
    from pipeline.llm.llamacpp import open_gguf

    return await open_gguf(Path(spec.model), options)


GGUF = Wire(_open, "PATH", check=_check, spec=_spec)
