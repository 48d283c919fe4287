"""A GGUF file as an LLM: loaded behind listening, read ahead behind speech, unloaded when nobody talks."""

from __future__ import annotations

import logging
import secrets
import socket
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace

from config.errors import EngineError, LlmError
from config.models.llm_speed import learn_reading, learn_writing
from config.runtime.clock import BackgroundCall, in_thread
from config.system import memory
from config.system.cores import llm_threads
from pipeline.llm.base import AS_IT_COMES, Delta, Form, Message, ToolSpec
from pipeline.llm.capabilities import Claimed
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.local.files import LocalFiles, local_files
from pipeline.llm.local.plan import Plan, plan
from pipeline.llm.local.worker import Load, Worker, lacking
from pipeline.llm.server import Server
from pipeline.llm.shown import Identity
from pipeline.llm.wire import LlmOptions

_log = logging.getLogger(__name__)

FIRST_WORD_S = 120.0
"""To the first word: a large model on a slow machine reads a long talk."""


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


class LocalLlm(HttpLlm):
    """Whatever is asked of it waits until it is loaded."""

    def __init__(self, files: LocalFiles, fitted: Plan, options: LlmOptions) -> None:
        self.files = files
        self.plan = fitted
        self._load_told = Load(
            path=str(files.path.absolute()),
            projector=str(files.projector.absolute()) if files.projector else "",
            name=files.name,
            port=_free_port(),
            context=fitted.context,
            threads=llm_threads(),
            small_cache=fitted.small_cache,
            unload_s=options.settings.unload_s,
            key=secrets.token_urlsafe(24),
        )
        address, key = f"{self._load_told.address}/v1", self._load_told.key
        server = Server(f"the model {files.name}", address, files.name, key=key)
        super().__init__(server, _waiting_longer(options), spec=files.spec)
        header = files.header
        sees, tools = files.projector is not None, header.calls_tools
        self.assume(Claimed(sees=sees, calls_tools=tools, context=fitted.context, said_by="its file"))
        self._worker: Worker | None = None
        self._known = False
        self._closed = False
        self._used = 0.0
        self._loading = BackgroundCall(self._begin)

    @property
    def process(self) -> int | None:
        """Of the process that holds it, once it is loaded."""
        return self._worker.process if self._worker else None

    @property
    def identity(self) -> Identity:
        """Known before it is loaded, so that what a test once showed counts from the beginning."""
        found = self.files.path.stat()
        return replace(super().identity, build=f"{found.st_size} {found.st_mtime_ns}")

    @property
    def _may_be_unloaded(self) -> bool:
        unload_s = self._load_told.unload_s
        return bool(unload_s) and time.monotonic() - self._used > 0.9 * unload_s

    async def warm(self) -> None:
        """Until it is loaded. Never raises."""
        with suppress(EngineError):
            await self.load()

    async def version(self) -> str:
        await self.warm()
        return await super().version()

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        """Loads a model that was unloaded, too."""
        with suppress(EngineError):
            await self.load()
            if self._may_be_unloaded:
                self._ahead.forget()
            await super().read_ahead(messages, tools)
            self._used = time.monotonic()

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = (), form: Form = AS_IT_COMES
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        """The answer as it comes. Raises ``LlmError`` on entering or while iterating."""
        await self.load()
        began = time.monotonic()
        async with (
            super().reply(messages, tools, form) as deltas,
            aclosing(self._timed(deltas, began)) as timed,
        ):
            yield timed
        self._used = time.monotonic()

    async def aclose(self) -> None:
        self._closed = True
        await super().aclose()
        if self._worker:
            await in_thread(self._worker.end)

    def _begin(self) -> None:
        began = time.monotonic()
        worker = Worker(self._load_told)
        if self._closed:  # meanwhile, and nobody saw it
            worker.end()
            return
        self._worker = worker
        _log.info("%s was loaded in %.1f s", self.files.name, time.monotonic() - began)

    async def load(self) -> None:
        """Implements ``pipeline.llm.base.Loads``; anew where its process has ended. Raises ``LlmError``."""
        await self._mend()
        try:
            if self._loading.done:
                self._loading.wait()  # which raises what came of it, at once
            else:
                await in_thread(self._loading.wait)
        except LlmError:
            raise
        except EngineError as error:
            raise LlmError(error.failed, kept=error.kept, todo=error.todo) from None
        if self._worker is None:
            raise LlmError(f"The model {self.files.name} is closed.")
        if not self._known:
            await self.discover()
            self._known = True

    async def _mend(self) -> None:
        gone = self._worker
        if gone is None or gone.runs or self._closed or not self._loading.done:
            return
        _log.warning("the process of %s ended by itself; it is loaded anew", self.files.name)
        self._worker = None
        self._ahead.forget()
        self._loading = BackgroundCall(self._begin)
        await in_thread(gone.end)

    async def _timed(self, deltas: AsyncIterator[Delta], began: float) -> AsyncGenerator[Delta, None]:
        """The same, and what it tells of the model's speed is kept for the next prediction."""
        first = 0.0
        async for delta in deltas:
            first = first or (time.monotonic() if delta.text else 0.0)
            yield delta
            if delta.finish and first:
                await in_thread(self._learn, delta, first - began, time.monotonic() - first)

    def _learn(self, last: Delta, read_s: float, written_s: float) -> None:
        if self.files.model and last.tokens_in and last.tokens_out:
            learn_reading(self.files.model, last.tokens_in - (last.tokens_cached or 0), read_s)
            learn_writing(self.files.model, last.tokens_out - 1, written_s)


def _waiting_longer(options: LlmOptions) -> LlmOptions:
    """It works while it says nothing, as a server elsewhere may not: its process would be seen to end."""
    timeout_s = max(FIRST_WORD_S, options.settings.timeout_s)
    return replace(options, settings=options.settings.model_copy(update={"timeout_s": timeout_s}))


def _free_port() -> int:
    """Nothing is sent to it before the worker has said that it is the one who listens there."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
