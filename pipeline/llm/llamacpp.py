"""A GGUF file as an LLM: llama.cpp's own server, from the ``xllamacpp`` wheel, inside this process."""

from __future__ import annotations

import itertools
import secrets
from pathlib import Path
from typing import Any

import anyio

from config.errors import LlmError, ModelError
from config.runtime.clock import in_thread
from config.runtime.cores import llm_threads
from config.runtime.installation import added_line
from config.runtime.priority import lowered
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server
from pipeline.llm.wire import LlmOptions

CONTEXT = 8192
"""Tokens: twenty spoken turns and a few pictures of about 1000 each. llama.cpp lowers it to the model's."""
BATCH = 64
"""Tokens that are read together. SmolLM2 takes half a second for them on one core, and for a long question a
twentieth longer than with 512 at once; with 32 it would take a third longer."""


async def open_gguf(path: Path, options: LlmOptions) -> HttpLlm:
    """Load the model and serve it on a free loopback port, with a key that only this process has.

    Raises ``LlmError`` without the wheel, ``ModelError`` when there is no such file or it does not load.
    """
    path = Path(await anyio.Path(path).expanduser())
    key = secrets.token_urlsafe(24)
    # Its threads are lowered: while it writes on, STT and TTS are waited for.
    held = [await in_thread(lowered, serve, path, key)]

    async def release() -> None:
        if held:
            await in_thread(held.clear)

    base_url = f"{held[0].listening_address}/v1"
    server = Server(f"the model file {path.name}", base_url, path.stem, key=key)
    llm = HttpLlm(server, options, spec=f"gguf:{path}", release=release)
    await llm.discover()
    return llm


def find_mmproj(path: Path) -> Path | None:
    """The eyes of a model lie beside it: ``mmproj*.gguf``; of several, the one whose name is most alike."""

    def likeness(candidate: Path) -> tuple[int, str]:
        name = candidate.stem.lower().replace("mmproj", "").strip("-_.")
        alike = itertools.takewhile(
            lambda pair: pair[0] == pair[1], zip(name, path.stem.lower(), strict=False)
        )
        return len(list(alike)), candidate.name

    found = [p for p in path.parent.glob("*.gguf") if "mmproj" in p.name.lower() and p != path]
    return max(found, key=likeness, default=None)


def serve(path: Path, key: str, threads: int = 0) -> Any:
    """Blocking. An ``xllamacpp.Server``, which runs until nothing refers to it. ``threads`` 0: those of
    ``config.runtime.cores``. Raises as ``open_gguf`` does.
    """
    if not path.is_file():
        failed = f"There is no model file {path}."
        raise ModelError(failed, todo="Name a .gguf file: aloud talk --llm gguf:PATH")
    try:
        import xllamacpp
    except ImportError:
        raise LlmError(
            f"The model file {path.name} needs the package xllamacpp, which is not installed.",
            todo=f"Install it: {added_line('xllamacpp')}",
        ) from None
    # Eyes that belong to another model do not load with this one: then it goes without, and says so.
    mmproj = find_mmproj(path)
    for projector in (mmproj, None) if mmproj else (None,):
        try:
            return xllamacpp.Server(_parameters(xllamacpp, path, projector, key, threads or llm_threads()))
        except RuntimeError:
            continue
    raise ModelError(
        f"The model file {path} could not be loaded.",
        todo="It may be damaged, not a GGUF, or too large for this machine's memory.",
    )


def _parameters(xllamacpp: Any, path: Path, mmproj: Path | None, key: str, threads: int) -> Any:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    if mmproj:
        parameters.mmproj.path = str(mmproj)
    parameters.n_ctx = CONTEXT
    # One answer, and the next beginning while the last is still being stopped; both in one memory.
    parameters.n_parallel = 2
    parameters.kv_unified = True
    # Between two batches it looks whether anybody still waits. Some eyes want a picture whole in one.
    parameters.n_batch = 512 if mmproj else BATCH
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    parameters.verbosity = 0
    parameters.model_alias = {path.stem}
    parameters.api_keys = [key]
    parameters.hostnames = ["127.0.0.1"]
    parameters.ui = False
    return parameters
