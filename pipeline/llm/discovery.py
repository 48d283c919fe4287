"""Finds the LLM: what ``--llm`` names, or the best model server that runs on this machine.

Nothing beyond this machine is ever asked, let alone chosen, unless the person named it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio

from config.errors import EngineError, LlmError, RefusedError
from config.runtime.clock import busy
from config.runtime.hosts import is_loopback
from config.runtime.lazy_httpx import import_httpx
from pipeline.llm.listing import MOST_MODELS, entries, fetch, is_name
from pipeline.llm.registry import LLM
from pipeline.llm.spec import OLLAMA_PORT, ollama_url, parse_spec, server_of, split
from pipeline.llm.wire import LlmOptions, Spec

if TYPE_CHECKING:
    import httpx

    from pipeline.llm.base import Llm
    from pipeline.llm.http.client import HttpLlm
    from pipeline.llm.server import Server

PORTS: Mapping[str, int] = {"Ollama": OLLAMA_PORT, "llama.cpp": 8080, "LM Studio": 1234, "vLLM": 8000}
"""The ports their documentations give; and the order in which they are preferred."""
CONNECT_S = 0.3
_LISTEN = "0A"
"""The state in Linux's table of TCP sockets (include/net/tcp_states.h)."""
ANSWER_S = 1.0
_NO_CHAT = re.compile(
    r"embed|rerank|bge-|\be5-|gte-|minilm|whisper|\btts|kokoro|moderation|stable-diffusion|flux|dall-e|guard",
    re.IGNORECASE,
)
_LARGEST = 10e9
"""Bytes of a model that still answers at the pace of speech on one good graphics card: about 14 billion
parameters at four bits. A larger one is chosen only when it is loaded already, or alone."""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A model server on this machine. ``models``: those one can talk to, the best choice first."""

    name: str
    base_url: str
    models: tuple[str, ...]


async def open_llm(options: LlmOptions) -> Llm | None:
    """None: no model (``skills``, or ``auto`` and none runs here).

    Raises ``UsageError`` for an unknown spec, ``RefusedError`` when ``offline`` forbids it, ``LlmError``
    when a server on this machine does not answer or a key is missing, ``ModelError`` when a GGUF does not
    load, ``PluginError``.
    """
    spec = parse_spec(options.settings.engine)
    if spec.kind == "auto":
        found = await _open_found(options)
        return _with_tools(found, options) if found else None
    wire = None if spec.kind == "skills" else LLM.find(split(spec.text)[0])
    if wire is None:
        return None
    llm = await wire.open(spec, options)
    try:
        _refuse_offline(spec, options, llm.remote_host)
    except RefusedError:
        await llm.aclose()
        raise
    return _with_tools(llm, options)


def _with_tools(llm: Llm, options: LlmOptions) -> Llm:
    """As ``llm.tools`` says."""
    chosen = options.settings.tools
    if chosen == "auto" and not llm.capabilities.prompted_tools:
        return llm
    from pipeline.llm.bridges.prompted_tools import PromptedTools

    return PromptedTools(llm, chosen)


async def probe(ports: Mapping[str, int] | None = None) -> list[FoundServer]:
    """The model servers on this machine, asked all at once. Never raises."""
    with busy():
        return await _probe(ports)


async def _probe(ports: Mapping[str, int] | None) -> list[FoundServer]:
    bases = {name: f"http://127.0.0.1:{port}/v1" for name, port in (ports or PORTS).items()}
    if ports is None:
        bases["Ollama"] = ollama_url(os.environ)
    listening: set[str] = set()
    taken = listening_ports()
    async with anyio.create_task_group() as group:
        for name, base in bases.items():
            if taken is None or _port(base) in taken:
                group.start_soon(_note_if_listening, name, base, listening)
    if not listening:
        return []  # Without httpx, whose import would be a third of the start.
    import_httpx()
    import httpx

    found: dict[str, FoundServer] = {}
    async with httpx.AsyncClient(verify=False, trust_env=False, timeout=ANSWER_S) as client:
        with anyio.move_on_after(ANSWER_S):
            async with anyio.create_task_group() as group:
                for name in listening:
                    group.start_soon(_note_if_model_server, client, name, bases[name], found)
    return [found[name] for name in bases if name in found]


async def _open_found(options: LlmOptions) -> HttpLlm | None:
    for found in await probe():
        if not found.models:
            continue
        model = found.models[0]
        spec = Spec("server", f"{found.base_url}#{model}", found.base_url, model, found=True)
        if found.name == "Ollama":
            spec = Spec("ollama", f"ollama:{model}", found.base_url, model, "ollama", found=True)
        try:
            return await open_named(spec, options)
        except EngineError:
            continue
    return None


async def open_named(spec: Spec, options: LlmOptions) -> HttpLlm:
    """The model of a server. Raises as ``open_llm`` does."""
    server = server_of(spec, options.settings)
    remote_host = host_of(spec)
    _refuse_offline(spec, options, remote_host)
    if server.is_local and not await _listens(server.base_url):
        raise server.unreachable()
    if not server.model or spec.kind == "ollama":
        server = await _settle_model(server, spec, options)
    return await _make(server, spec, options, remote_host)


def host_of(spec: Spec) -> str:
    """Where words go, as far as the spec says it: "" for this machine."""
    if spec.kind == "ollama" and _runs_elsewhere(spec.model):
        return "ollama.com"
    return "" if is_loopback(spec.host) else spec.host


async def _make(server: Server, spec: Spec, options: LlmOptions, remote_host: str) -> HttpLlm:
    from pipeline.llm.apis.registry import open_api
    from pipeline.llm.capabilities import by_name
    from pipeline.llm.http.client import HttpLlm

    text = spec.text if spec.model else f"{server.base_url}#{server.model}"
    api = open_api(spec.api if options.settings.api == "auto" else options.settings.api, server.model)
    llm = HttpLlm(server, options, spec=text, api=api, remote_host=remote_host)
    if spec.kind == "cloud":
        llm.assume(by_name(server.model))
        return llm
    await llm.discover()
    try:
        _refuse_offline(spec, options, llm.remote_host)
    except RefusedError:
        await llm.aclose()
        raise
    return llm


def _refuse_offline(spec: Spec, options: LlmOptions, remote_host: str) -> None:
    if options.offline and remote_host:
        raise RefusedError(
            f"{spec.text} would send your words to {remote_host}, and offline is set.",
            todo="Choose a model on this machine: aloud talk --llm auto",
        )


async def _settle_model(server: Server, spec: Spec, options: LlmOptions) -> Server:
    """The first model that one can talk to; of Ollama the named one, in full (``llama3.2:latest``)."""
    from dataclasses import replace

    from pipeline.llm.apis.chat import ChatCompletions
    from pipeline.llm.http.connection import Connection

    connection = Connection(server, options.settings, ChatCompletions().headers(server.key))
    try:
        models = await connection.models()
    finally:
        await connection.aclose()
    if spec.kind == "ollama":
        full = next((m for m in (spec.model, f"{spec.model}:latest") if m in models), "")
        if models and not full:
            raise server.no_model(models)
        return replace(server, model=full or spec.model)
    chat = [model for model in models if not _NO_CHAT.search(model)]
    if not chat:
        failed = f"The model server at {urlsplit(server.base_url).netloc} lists no model."
        raise LlmError(failed, todo=f"Name one: aloud talk --llm {server.base_url}#MODEL")
    return replace(server, model=chat[0])


def _runs_elsewhere(model: str) -> bool:
    """Ollama passes models named so on to its own cloud (``gpt-oss:120b-cloud``)."""
    return model.endswith(("-cloud", ":cloud"))


def listening_ports(tables: Path = Path("/proc/net")) -> set[int] | None:
    """The TCP ports of this machine at which somebody listens, as Linux lists them; None: no telling.

    So nothing is connected to where nobody is.
    """
    ports: set[int] = set()
    try:
        lines = (tables / "tcp").read_text("ascii").splitlines()[1:]
        if (tables / "tcp6").exists():  # not where IPv6 is switched off
            lines += (tables / "tcp6").read_text("ascii").splitlines()[1:]
        for line in lines:
            local, _, state = line.split()[1:4]
            if state == _LISTEN:
                ports.add(int(local.rpartition(":")[2], 16))
    except (OSError, ValueError):
        return None
    return ports


def _port(base_url: str) -> int:
    parts = urlsplit(base_url)
    return parts.port or (443 if parts.scheme == "https" else 80)


async def _listens(base_url: str) -> bool:
    try:
        with busy(), anyio.fail_after(CONNECT_S):
            stream = await anyio.connect_tcp(urlsplit(base_url).hostname or "", _port(base_url))
            await stream.aclose()
    except (OSError, TimeoutError):
        return False
    return True


async def _note_if_listening(name: str, base_url: str, listening: set[str]) -> None:
    if await _listens(base_url):
        listening.add(name)


async def _note_if_model_server(
    client: httpx.AsyncClient, name: str, base_url: str, found: dict[str, FoundServer]
) -> None:
    """Any web server may be at 8080 or 8000: only a proper list of models is believed."""
    root = base_url.removesuffix("/v1")
    listing = await fetch(client, "GET", f"{base_url}/models")
    if not isinstance(listing, dict) or not isinstance(listing.get("data"), list):
        return
    models = [entry["id"] for entry in entries(listing)]
    if name == "Ollama":
        tags = await fetch(client, "GET", f"{root}/api/tags")
        models = rank_ollama(tags, await fetch(client, "GET", f"{root}/api/ps")) if tags else models
    elif name == "LM Studio":
        rich = entries(await fetch(client, "GET", f"{root}/api/v0/models"))
        talking = [entry for entry in rich if entry.get("type") != "embeddings"]
        models = (
            [e["id"] for e in sorted(talking, key=lambda e: e.get("state") != "loaded")] if rich else models
        )
    chat = tuple(model for model in models if not _NO_CHAT.search(model))
    found[name] = FoundServer(name, base_url, chat)


def rank_ollama(tags: Any, loaded: Any) -> list[str]:
    """Ollama's ``/api/tags`` and ``/api/ps``: loaded, then the largest that is quick enough, then the newest.

    Models that it passes on to its cloud are left out: they must be named.
    """

    def models(answer: Any) -> list[dict[str, Any]]:
        listed = answer.get("models") if isinstance(answer, dict) else None
        listed = listed[:MOST_MODELS] if isinstance(listed, list) else []
        return [m for m in listed if isinstance(m, dict) and is_name(m.get("name"))]

    def size(model: dict[str, Any]) -> float:
        bytes_ = model.get("size")
        return float(bytes_) if isinstance(bytes_, int | float) else 0.0

    in_memory = {model["name"] for model in models(loaded)}
    largest = min(_LARGEST, 0.6 * _memory_bytes())

    def rank(model: dict[str, Any]) -> tuple[bool, bool, float]:
        too_large = size(model) > largest
        return model["name"] not in in_memory, too_large, size(model) if too_large else -size(model)

    here = [m for m in models(tags) if not m.get("remote_host") and not _runs_elsewhere(m["name"])]
    newest_first = sorted(here, key=lambda model: str(model.get("modified_at")), reverse=True)
    return [model["name"] for model in sorted(newest_first, key=rank)]


def _memory_bytes() -> float:
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return 16e9
