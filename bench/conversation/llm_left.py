"""An answer that is left: how soon its server sees it, on each API, and how soon llama.cpp stops.

A server in a process of its own sends so many events and waits; the answer is left, and the server says when
it saw the connection end. Then SmolLM2, where it has been fetched, is left while it reads
a long question and while it writes, and asked (``/slots``) until nothing is worked on.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import anyio

from aloud.cli.bench import Figure, percentile
from bench.conversation.local import processor_s
from bench.conversation.wire_streams import APIS, MODEL, STREAMS, events
from config.runtime.clock import in_thread
from config.settings.loading import load
from config.settings.model import Settings
from config.settings.paths import models_dir
from pipeline.llm.base import Message, ToolSpec
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.local.llm import LocalLlm, open_gguf
from pipeline.llm.server import Server
from pipeline.llm.wire import LlmOptions

if TYPE_CHECKING:
    import httpx

LIMIT_MS = 10.0
TIMES = 10
"""The model is left so often, in either state."""
SMOLLM2 = "smollm2-135m-instruct"
LONGEST_S = 60.0
_TOOLS = (ToolSpec("clock", "tells the time"),)


def interrupt() -> list[Figure]:
    """Of each API by itself, and of all."""
    from pipeline.session.run import run_async

    with _waiting_server() as (port, told):
        found = {api.name: run_async(partial(_every_event, n, port, told)) for n, api in enumerate(APIS)}
    every = [ms for each in found.values() for ms in each]
    return [
        Figure("interrupt: until the server sees it, p50", percentile(every, 50), "ms", LIMIT_MS),
        Figure("interrupt: until the server sees it, p95", percentile(every, 95), "ms", LIMIT_MS),
        Figure("interrupt: until the server sees it, worst", max(every), "ms"),
        *(Figure(f"  {name}, p95", percentile(each, 95), "ms") for name, each in found.items()),
        *(Figure(f"  {name}, events", len(each), "") for name, each in found.items()),
    ]


@contextmanager
def _waiting_server() -> Iterator[tuple[int, IO[str]]]:
    command = [sys.executable, "-m", "bench.conversation.waiting_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline()), server.stdout
        finally:
            server.kill()


async def _every_event(number: int, port: int, told: IO[str]) -> list[float]:
    """Milliseconds from leaving to the server's seeing it, one for each event but the last."""
    api, found = APIS[number], []
    settings = load({}, environment={}).settings
    for kind in STREAMS[api.name]:
        for count in range(-1, len(events(api, kind))):
            server = Server("test", f"http://127.0.0.1:{port}/{number}/{kind}/{count}/v1", MODEL)
            llm = HttpLlm(server, LlmOptions(settings.llm, settings.vision), spec="test", api=api)
            async with anyio.create_task_group() as group:
                group.start_soon(_listen, llm, "Hello.", anyio.Event())
                await in_thread(told.readline)
                await anyio.sleep(0.01)  # what was sent has been read
                left_at = time.monotonic()
                group.cancel_scope.cancel()
            found.append(1000 * (float(await in_thread(told.readline)) - left_at))
            await llm.aclose()
    return found


async def _listen(llm: HttpLlm, question: str, begun: anyio.Event) -> None:
    async with llm.reply([Message("user", question)], _TOOLS) as deltas:
        async for delta in deltas:
            if delta.text:
                begun.set()


def cancel() -> list[Figure]:
    """[] where the model has not been fetched, or cannot be loaded."""
    from pipeline.session.run import run_async

    model = models_dir() / "llm" / SMOLLM2 / f"{SMOLLM2}.gguf"
    if not model.is_file():
        return []
    settings = load({}, environment={}).settings
    found = run_async(partial(_cancelled, model, settings))
    return [
        Figure(f"cancel: SmolLM2 idle again, {state}, {name}", value, unit)
        for state, each in found.items()
        for unit, values in (
            ("ms", [one.ms for one in each]),
            ("ms of a core", [one.core_ms for one in each]),
        )
        for name, value in (("p50", percentile(values, 50)), ("worst", max(values)))
    ]


@dataclass(frozen=True)
class Stopped:
    """How long it took, and what the processor did for it meanwhile: a busy machine takes longer."""

    ms: float
    core_ms: float


async def _cancelled(model: Path, settings: Settings) -> dict[str, list[Stopped]]:
    import httpx

    llm = await open_gguf(str(model), LlmOptions(settings.llm, settings.vision))
    await llm.load()
    root, key = llm._server.base_url.removesuffix("/v1"), llm._server.key
    found: dict[str, list[Stopped]] = {"reading": [], "writing": []}
    try:
        async with httpx.AsyncClient(base_url=root, headers={"Authorization": f"Bearer {key}"}) as client:
            for number in range(TIMES):
                for state, times in found.items():
                    times.append(await _one_cancelled(llm, client, state, number))
    finally:
        await llm.aclose()
    return found


async def _one_cancelled(llm: LocalLlm, client: httpx.AsyncClient, state: str, number: int) -> Stopped:
    words = f"the {number}. of all words " * (120 if state == "reading" else 1)
    begun, process = anyio.Event(), llm.process
    assert process
    async with anyio.create_task_group() as group:
        group.start_soon(_listen, llm, f"{words}. Tell me a long story.", begun)
        if state == "writing":
            await begun.wait()
        else:
            await _until(client, busy=True)
            await anyio.sleep(0.3)  # in the midst of it
        left_at, spent = time.monotonic(), processor_s(process)
        group.cancel_scope.cancel()
    await _until(client, busy=False)
    return Stopped(1000 * (time.monotonic() - left_at), 1000 * (processor_s(process) - spent))


async def _until(client: httpx.AsyncClient, *, busy: bool) -> None:
    """Raises ``TimeoutError`` after ``LONGEST_S``."""
    with anyio.fail_after(LONGEST_S):
        while any(slot["is_processing"] for slot in (await client.get("/slots")).json()) != busy:  # noqa: ASYNC110
            await anyio.sleep(0.005)
