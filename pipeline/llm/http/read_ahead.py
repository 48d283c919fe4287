"""What a request begins with is read by the server while the person still speaks: it answers sooner."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio

from config.errors import LlmError
from pipeline.llm.apis.base import Body
from pipeline.llm.http.connection import Connection, let_go

if TYPE_CHECKING:
    import httpx

    Send = Callable[[Body], Awaitable[httpx.Response]]

_log = logging.getLogger(__name__)

LONGEST_S = 30.0
"""What takes longer is let be: the server is at something else."""


class ReadAhead:
    """One at a time, of one model. A request that begins with what is being read follows it, since that has
    to be read first in any case; before any other the reading is ended.
    """

    def __init__(self, connection: Connection, send: Send) -> None:
        self._connection = connection
        self._send = send
        self._read: Body | None = None
        """What the server read last."""
        self._reading: Body | None = None
        self._scope = anyio.CancelScope()
        self._ended = anyio.Event()
        self._answers = 0

    async def read(self, body: Body) -> None:
        """The last message of ``body`` stands for what comes. Never raises ``LlmError``."""
        beginning = beginning_of(body)
        if self._answers or self._reading is not None or beginning == self._read:
            return
        self._reading, self._scope, self._ended = beginning, anyio.CancelScope(), anyio.Event()
        try:
            with self._scope, anyio.move_on_after(LONGEST_S):
                if await self._post(body):
                    self._read = beginning
        finally:
            self._reading = None
            self._ended.set()

    def forget(self) -> None:
        """The server has nothing of it any more."""
        self._read = None

    @asynccontextmanager
    async def followed_by(self, body: Body) -> AsyncIterator[None]:
        """While ``body`` is answered nothing is read ahead."""
        self._answers += 1
        try:
            if self._reading is not None:
                if _begins(body, self._reading):
                    await self._ended.wait()
                else:
                    self._scope.cancel()
            self._read = beginning_of(body)
            yield
        finally:
            self._answers -= 1

    async def _post(self, body: Body) -> bool:
        began = anyio.current_time()
        try:
            response = await self._send(body)
            try:
                await self._connection.read(response)
            finally:
                await let_go(response)
        except LlmError as error:
            _log.info("nothing was read ahead: %s", error)
            return False
        _log.info("read ahead in %.2f s", anyio.current_time() - began)
        return True


def beginning_of(body: Body) -> Body:
    """All that is read before the last message."""
    name = _messages(body)
    return {**{other: body[other] for other in _BEFORE if other in body}, name: body[name][:-1]}


_BEFORE = ("model", "system", "instructions", "tools")


def _begins(body: Body, beginning: Body) -> bool:
    """Whether ``body`` begins so."""
    name = _messages(body)
    first: list[Any] = beginning.get(name, [])
    whole = {**beginning_of(body), name: body[name][: len(first)]}
    return whole == beginning


def _messages(body: Body) -> str:
    return next(name for name in ("messages", "input", "contents") if name in body)
