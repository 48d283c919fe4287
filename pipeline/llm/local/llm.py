"""A GGUF file as an LLM: loaded behind listening, read ahead behind speech, unloaded when nobody talks."""

from __future__ import annotations

import dataclasses
import logging
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress

import anyio

from config.errors import EngineError, LlmError
from config.models.llm_speed import learn_reading, learn_writing
from config.runtime import memory
from config.runtime.clock import BackgroundCall, in_thread
from config.runtime.cores import llm_threads
from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.image_limits import image_limits_for
from pipeline.llm.local.files import LocalFiles, local_files
from pipeline.llm.local.plan import Plan, plan
from pipeline.llm.local.worker import Load, Worker, lacking
from pipeline.llm.server import Server
from pipeline.llm.wire import LlmOptions
from vision.images.picture import ImageLimits

_log = logging.getLogger(__name__)
_NEXT = Message("user", ".")
"""Stands where the question will: some models' templates take no conversation that ends before one."""


async def open_gguf(text: str, options: LlmOptions) -> LocalLlm:
    """Looked at and fitted to the memory; it goes on loading by itself.

    Raises ``LlmError`` without the wheel, ``UsageError`` and ``ModelError`` for a name or path that leads to
    no model, for one that was not verified, is damaged, or does not fit.
    """
    files = await in_thread(local_files, text)
    if not has_wheel():
        raise lacking(files.path)
    return LocalLlm(files, plan(files, memory.available_mb()), options)


def has_wheel() -> bool:
    from importlib.util import find_spec

    try:
        return find_spec("xllamacpp") is not None
    except ValueError:  # it is barred
        return False


class LocalLlm:
    """Implements ``pipeline.llm.base.Llm``."""

    remote_host = ""

    def __init__(self, files: LocalFiles, fitted: Plan, options: LlmOptions) -> None:
        self.spec = files.spec
        self.files = files
        self.plan = fitted
        self.image_limits: ImageLimits | None = image_limits_for("127.0.0.1", "", options.vision)
        self.capabilities = Capabilities(
            sees=files.projector is not None,
            calls_tools=files.header.calls_tools,
            context=fitted.context,
            hears=False,
            said_by="its file",
        )
        self._options = options
        self._worker: Worker | None = None
        self._asked: HttpLlm | None = None
        self._reader: HttpLlm | None = None
        self._read: object = None
        self._reading = anyio.Lock()
        self._closed = False
        self._loading = BackgroundCall(self._load)

    @property
    def process(self) -> int | None:
        """Of the process that holds it, once it is loaded."""
        return self._worker.process if self._worker else None

    async def warm(self) -> None:
        """Until it is loaded. Never raises."""
        with suppress(EngineError):
            await self._ready()

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        """Read what a question will stand behind, while it is spoken; loads a model that was unloaded.

        Asked for while it is still reading, an answer waits for that: it would have to read the same. Never
        raises.
        """
        shown = (*(dataclasses.replace(message, pictures=()) for message in messages), _NEXT)
        with suppress(EngineError):
            async with self._reading:
                await self._ready()
                if self._read == (shown, tuple(tools)) or self._reader is None:
                    return
                began = time.monotonic()
                async with (
                    self._reader.reply(shown, tools) as deltas,
                    aclosing(self._timed(deltas, began)) as timed,
                ):
                    async for delta in timed:
                        if delta.finish:
                            _log.info("%s tokens, %s of them before", delta.tokens_in, delta.tokens_cached)
                self._read = (shown, tuple(tools))

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        """The answer as it comes. Raises ``LlmError`` on entering or while iterating."""
        llm = await self._ready()
        async with self._reading:  # until what comes first is read
            self._read = None
        began = time.monotonic()
        async with llm.reply(messages, tools) as deltas, aclosing(self._timed(deltas, began)) as timed:
            yield timed

    async def aclose(self) -> None:
        self._closed = True
        await _close((self._asked, self._reader))
        if self._worker:
            await in_thread(self._worker.end)

    def _load(self) -> None:
        load = Load(
            str(self.files.path.absolute()),
            str(self.files.projector.absolute()) if self.files.projector else "",
            self.files.name,
            self.plan.context,
            llm_threads(),
            self.plan.small_cache,
            round(self._options.settings.unload_s),
            secrets.token_urlsafe(24),
        )
        began = time.monotonic()
        worker = Worker(load)
        if self._closed:  # meanwhile, and nobody saw it
            worker.end()
            return
        self._key, self._worker = load.key, worker
        _log.info("%s was loaded in %.1f s", self.files.name, time.monotonic() - began)

    async def _ready(self) -> HttpLlm:
        """Loaded; anew where its process has ended. Raises ``LlmError``."""
        await self._mend()
        try:
            await in_thread(self._loading.wait)
        except LlmError:
            raise
        except EngineError as error:
            raise LlmError(error.failed, kept=error.kept, todo=error.todo) from None
        if self._worker is None:
            raise LlmError(f"The model {self.files.name} is closed.")
        if self._asked is None:
            self._asked, self._reader = await self._connect(self._worker)
        return self._asked

    async def _mend(self) -> None:
        gone, clients = self._worker, (self._asked, self._reader)
        if gone is None or gone.runs or self._closed or not self._loading.done:
            return
        _log.warning("the process of %s ended by itself; it is loaded anew", self.files.name)
        self._worker = self._asked = self._reader = self._read = None
        self._loading = BackgroundCall(self._load)
        await _close(clients)
        await in_thread(gone.end)

    async def _connect(self, worker: Worker) -> tuple[HttpLlm, HttpLlm]:
        base_url = f"{worker.address}/v1"
        server = Server(f"the model {self.files.name}", base_url, self.files.name, key=self._key)
        asked = HttpLlm(server, self._options, spec=self.spec)
        await asked.discover()
        self.capabilities = dataclasses.replace(asked.capabilities, sees=worker.sees)
        one_token = self._options.settings.model_copy(update={"max_tokens": 1})
        reader = HttpLlm(server, dataclasses.replace(self._options, settings=one_token), spec=self.spec)
        reader.capabilities = self.capabilities
        return asked, reader

    async def _timed(self, deltas: AsyncIterator[Delta], began: float) -> AsyncGenerator[Delta, None]:
        """The same, and what it tells of the model's speed is kept for the next prediction."""
        first = 0.0
        async for delta in deltas:
            first = first or time.monotonic()
            yield delta
            if delta.finish:
                await in_thread(self._learn, delta, first - began, time.monotonic() - first)

    def _learn(self, last: Delta, read_s: float, written_s: float) -> None:
        if self.files.model and last.tokens_in and last.tokens_out:
            learn_reading(self.files.model, last.tokens_in - (last.tokens_cached or 0), read_s)
            learn_writing(self.files.model, last.tokens_out - 1, written_s)


async def _close(clients: Sequence[HttpLlm | None]) -> None:
    for client in clients:
        if client:
            await client.aclose()
