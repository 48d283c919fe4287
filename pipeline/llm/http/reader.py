"""An answer is read off the connection, piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import anyio

from pipeline.llm.apis.base import Reply
from pipeline.llm.base import Delta
from pipeline.llm.http.connection import AFTER_END_S, Connection
from pipeline.llm.server import Server

if TYPE_CHECKING:
    import httpx


class Reader:
    """``chunks``: of the response's body. A server that sends nothing but signs of life of the connection has
    failed after ``timeout_s``, as a silent one has.
    """

    def __init__(
        self,
        connection: Connection,
        server: Server,
        answer: Reply,
        response: httpx.Response,
        chunks: AsyncIterator[bytes],
        timeout_s: float,
    ) -> None:
        self._connection = connection
        self._server = server
        self._answer = answer
        self._response = response
        self._chunks = chunks
        self._timeout_s = timeout_s
        self._events = 0
        self._until = anyio.current_time() + timeout_s
        self._read = self._ended = False

    async def next(self) -> list[Delta]:
        """What came next; [] at the end. Raises ``LlmError``."""
        while not self._ended:
            if deltas := await self._more():
                return deltas
        return []

    async def _more(self) -> list[Delta]:
        answer = self._answer
        if not _streams(self._response):
            self._ended = True
            return answer.push_whole(await self._connection.read(self._response)) + answer.end()
        if answer.done or self._read:
            self._ended = True
            last = answer.end()
            if not self._read:  # so that the connection can be used again
                await self._connection.next(self._chunks, said=answer.said, within_s=AFTER_END_S)
            return last
        left_s = self._until - anyio.current_time() if answer.finish else None
        data = await self._connection.next(self._chunks, said=answer.said, within_s=left_s)
        if data is None:
            self._read = True
            return []
        finished = bool(answer.finish)
        deltas = answer.push(data)
        self._watch(finished, went_on=bool(deltas))
        return deltas

    def _watch(self, finished: bool, *, went_on: bool) -> None:
        """Raises ``LlmError`` when the model has given no sign of life for too long. Some say of every piece
        that it is the last.
        """
        answer, now = self._answer, anyio.current_time()
        if answer.finish:
            if went_on or not finished:
                self._until = now + (self._timeout_s if finished else answer.lingers_s)
        elif answer.events != self._events:
            self._events, self._until = answer.events, now + self._timeout_s
        elif now > self._until:
            raise self._server.timeout(self._timeout_s, said=answer.said)


def _streams(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "")
    return "event-stream" in kind or "ndjson" in kind
