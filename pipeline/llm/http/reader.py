"""An answer is read off the connection, piece by piece."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import anyio

from config.errors import LlmError
from config.settings.model import LlmSettings
from pipeline.llm.apis.base import Reply
from pipeline.llm.base import Delta
from pipeline.llm.http.connection import AFTER_END_S, Connection, Opened
from pipeline.llm.server import Server

if TYPE_CHECKING:
    import httpx

MOST_EVENTS = 100_000
"""Of one answer, which has an event a token."""


class OverthoughtError(Exception):
    """The model has thought for longer than a person waits. ``broken``: no more can be read."""

    def __init__(self, *, broken: bool) -> None:
        super().__init__()
        self.broken = broken


class Reader:
    """A server that sends nothing but signs of life of the connection has failed after ``llm.timeout_s``, as
    a silent one has; one whose model says nothing, after ``llm.first_word_s``, unless it is seen to read or
    to think; and whatever it does, after ``llm.answer_s``. ``began``: when it was asked, the first time.
    """

    def __init__(
        self,
        connection: Connection,
        server: Server,
        answer: Reply,
        opened: Opened,
        limits: LlmSettings,
        began: float,
    ) -> None:
        self._connection = connection
        self._server = server
        self._answer = answer
        self._response = opened.response
        self._streams = _streams(opened.response)
        self._chunks = opened.chunks
        self._limits = limits
        self._events = 0
        self._began = began
        self._until = anyio.current_time() + limits.timeout_s
        self._thinks_s: float | None = None
        self._thinks_until: float | None = None
        self._breaks = False
        self._most_said: int | None = None
        self._said = self._letters = 0
        self._read = self._ended = False

    def limit_thinking(self, seconds: float, *, breaks: bool) -> None:
        """From its beginning, or from now; then ``next`` raises ``OverthoughtError``. ``breaks``: also in the
        middle of a silence, after which no more can be read.
        """
        self._thinks_s, self._thinks_until, self._breaks = seconds, None, breaks

    def limit_answer(self, tokens: int) -> None:
        """Of what is said, by a model that may write more in all since it thinks."""
        self._most_said = tokens

    async def next(self) -> list[Delta]:
        """What came next; [] at the end. Raises ``LlmError``."""
        while not self._ended:
            if deltas := await self._more():
                return deltas if self._most_said is None else self._cut(deltas, self._most_said)
            if self._answer.thinking and self._thinks_s is not None:
                self._watch_thinking(self._thinks_s)
        return []

    async def _more(self) -> list[Delta]:
        answer = self._answer
        if not self._streams:
            self._ended = True
            return answer.push_whole(await self._connection.read(self._response)) + answer.end()
        if answer.done or self._read:
            self._ended = True
            last = answer.end()
            if not self._read:  # so that the connection can be used again
                await self._connection.next(self._chunks, said=answer.said, within_s=AFTER_END_S)
            return last
        data = await self._next()
        if data is None:
            self._read = True
            return []
        finished = bool(answer.finish)
        deltas = answer.push(data)
        self._watch(finished, went_on=bool(deltas))
        return deltas

    async def _next(self) -> bytes | None:
        said = self._answer.said
        if self._answer.finish:
            left_s = self._until - anyio.current_time()
            return await self._connection.next(self._chunks, said=said, within_s=left_s)
        breaks_at = self._thinks_until if self._thinks_until is not None and self._breaks else inf
        with anyio.CancelScope(deadline=min(breaks_at, self._over_at)) as scope:
            return await self._connection.next(self._chunks, said=said)
        assert scope.cancelled_caught
        if breaks_at < self._over_at:
            raise OverthoughtError(broken=True)
        raise self._over()

    def _cut(self, deltas: list[Delta], most: int) -> list[Delta]:
        """Most servers send a token at a time, and hardly any has fewer than three letters on average."""
        texts = [delta.text for delta in deltas if delta.text]
        self._said += len(texts)
        self._letters += sum(map(len, texts))
        if self._said <= most or self._letters <= 3 * most or deltas[-1].finish:
            return deltas
        self._ended = True
        return [*deltas, Delta(finish="length")]

    def _watch_thinking(self, seconds: float) -> None:
        now = anyio.current_time()
        if self._thinks_until is None:
            self._thinks_until = now + seconds
        elif now > self._thinks_until:
            raise OverthoughtError(broken=False)

    def _watch(self, finished: bool, *, went_on: bool) -> None:
        """Raises ``LlmError`` when the model has given no sign of life for too long, or no end of them. Some
        say of every piece that it is the last.
        """
        answer, limits, now = self._answer, self._limits, anyio.current_time()
        if answer.finish:
            if went_on or not finished:
                self._until = now + (limits.timeout_s if finished else answer.lingers_s)
        elif answer.events != self._events:
            self._events, self._until = answer.events, now + limits.timeout_s
        elif now > self._until:
            raise self._server.timeout(limits.timeout_s, said=answer.said)
        if answer.events > MOST_EVENTS:
            raise self._server.endless(said=answer.said)
        if now > self._over_at:
            raise self._over()

    @property
    def _over_at(self) -> float:
        """Whatever comes of it."""
        answer, limits = self._answer, self._limits
        begun = answer.length or answer.reads or answer.thinking
        return self._began + (limits.answer_s if begun else min(limits.first_word_s, limits.answer_s))

    def _over(self) -> LlmError:
        limits, took_s = self._limits, anyio.current_time() - self._began
        if took_s >= limits.answer_s:
            return self._server.too_slow(limits.answer_s, said=self._answer.said)
        if not self._answer.events and limits.timeout_s <= limits.first_word_s:
            return self._server.timeout(limits.timeout_s, said=False)
        return self._server.too_late(limits.first_word_s)


def _streams(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "")
    return "event-stream" in kind or "ndjson" in kind
