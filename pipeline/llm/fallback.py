"""A second model, which answers the same question where the first does not.

The first is given up for this question before anything of its answer was said: what has been said, or asked
of a tool, is not said again by another. Then it is left in peace for a while, and asked for one word beside
an answer of the second, so that nobody waits to learn whether it is back.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from math import inf
from typing import Any

import anyio

from config.errors import AloudError, DeviceError, EngineError, LlmError, RefusedError, TtsError
from pipeline.llm.base import Capabilities, Delta, Llm, Message, ToolSpec
from pipeline.llm.candidate import Candidate
from pipeline.llm.circuit import Circuit
from pipeline.llm.server import QuestionError
from vision.images.picture import ImageLimits

_log = logging.getLogger(__name__)

CHECK_S = 20.0
_CHECK = (Message("user", "Say yes."),)

Request = Callable[[Llm], Awaitable[tuple[Sequence[Message], Sequence[ToolSpec]]]]
"""What is asked, made ready for the one that is asked: pictures in words for one that is blind."""
Waits = Callable[[], Awaitable[None]]
"""Tells a person that it takes a while, before it is known who answers. What it raises is no model's fault.
"""


async def _in_silence() -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """``deltas`` from the first one on, which has come."""

    by: Llm
    deltas: AsyncIterator[Delta]
    instead_of: Candidate | None = None
    """The one that failed."""
    for_now: bool = False
    """That one is not asked again for a while."""


class FallbackLlm:
    """Two models as one (``pipeline.llm.base.Llm``): what is said of it is true of the one asked next.

    Conversations share it: what it knows is of the models. ``after_s``: so long the first has for its first
    word.
    """

    def __init__(self, first: Candidate, second: Candidate, *, after_s: float = 10.0) -> None:
        self.first = first
        self.second = second
        self.circuit = Circuit()
        self.spec = first.spec
        self._after_s = after_s
        self._checking = False
        self._failed_question = False

    @property
    def next(self) -> Candidate:
        return self.second if self.circuit.rests or self.first.llm is None else self.first

    @property
    def remote_host(self) -> str:
        return self.next.remote_host

    @property
    def capabilities(self) -> Capabilities:
        return self.next.capabilities

    @property
    def image_limits(self) -> ImageLimits | None:
        return self.next.image_limits

    async def warm(self) -> None:
        if self.next.llm:
            await self.next.llm.warm()

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        """Pictures are shown to one that sees; where the other is asked alone, it raises ``LlmError``."""

        async def as_it_is(llm: Llm) -> tuple[Sequence[Message], Sequence[ToolSpec]]:
            if not llm.capabilities.sees and any(message.pictures for message in messages):
                raise QuestionError(f"The model {llm.spec} cannot see pictures.")
            return messages, tools

        async with self.answering(as_it_is) as answer:
            yield answer.deltas

    @asynccontextmanager
    async def answering(self, request: Request, waits: Waits = _in_silence) -> AsyncIterator[Answer]:
        """Raises ``LlmError`` when neither answers."""
        due = self.circuit.due and not self._checking
        async with AsyncExitStack() as stack:
            answer = await self._answer(stack, request, waits)
            if due and self.circuit.due and answer.by is self.second.llm:
                await stack.enter_async_context(_beside(self._check))
            yield answer

    async def aclose(self) -> None:
        await self.first.aclose()
        await self.second.aclose()

    async def _answer(self, stack: AsyncExitStack, request: Request, waits: Waits) -> Answer:
        errors: list[AloudError] = []
        pair = (self.first, self.second)
        for candidate in reversed(pair) if self.circuit.rests else pair:
            within_s = self._after_s if candidate is self.first and not errors else inf
            try:
                llm = await candidate.opened()
                deltas = await _enter(stack, llm, request, within_s, waits)
            except (DeviceError, TtsError):
                raise
            except (EngineError, RefusedError) as error:
                _log.info("%s does not answer: %s", candidate.spec, error)
                errors.append(error)
                self._note(candidate, error)
            else:
                if candidate is self.first:
                    self._worked()
                    return Answer(llm, await stack.enter_async_context(aclosing(self._watched(deltas))))
                return Answer(llm, deltas, self.first, self.circuit.open)
        raise _both(errors)

    def _worked(self) -> None:
        self.circuit.worked()
        self._failed_question = False

    def _note(self, candidate: Candidate, error: AloudError) -> None:
        """One question that the first cannot answer is that question's fault; two in a row are not."""
        if candidate is not self.first:
            return
        of_question, before = isinstance(error, QuestionError), self._failed_question
        self._failed_question = of_question
        if before or not of_question:
            self.circuit.failed()

    async def _watched(self, deltas: AsyncIterator[Delta]) -> AsyncGenerator[Delta, None]:
        """The first's answer; one that breaks off counts against it."""
        try:
            async for delta in deltas:
                yield delta
        except LlmError as error:
            self._note(self.first, error)
            raise

    async def _check(self) -> None:
        """Ask the first for one word. Nothing of a conversation is sent."""
        self._checking = True
        try:
            with anyio.fail_after(CHECK_S):
                llm = await self.first.opened()
                async with llm.reply(_CHECK) as deltas:
                    async for delta in deltas:
                        if delta.text:
                            break
            self._worked()
        except (AloudError, TimeoutError) as error:
            _log.info("%s is not back: %s", self.first.spec, error)
            self.circuit.failed()
        except anyio.get_cancelled_exc_class():  # the answer is over
            self.circuit.cut_short()
            raise
        finally:
            self._checking = False


def next_of(llm: Llm) -> Llm:
    """The model that is asked next."""
    return llm.next.llm or llm if isinstance(llm, FallbackLlm) else llm


def answering(llm: Llm, request: Request, waits: Waits = _in_silence) -> AbstractAsyncContextManager[Answer]:
    """The answer of ``llm``, whichever model gives it. Raises ``LlmError``, on entering unless something was
    said.
    """
    return llm.answering(request, waits) if isinstance(llm, FallbackLlm) else _alone(llm, request)


def remote_hosts(llm: Llm) -> dict[str, bool]:
    """The hosts that words may go to, and whether pictures may, too."""
    if isinstance(llm, FallbackLlm):
        pair = (llm.first, llm.second)
        hosts = {each.remote_host for each in pair if each.remote_host}
        return {h: any(each.may_see for each in pair if each.remote_host == h) for h in sorted(hosts)}
    return {llm.remote_host: llm.capabilities.sees} if llm.remote_host else {}


def seeing_hosts(llm: Llm) -> list[str]:
    """Those that pictures may go to."""
    return [host for host, sees in remote_hosts(llm).items() if sees]


@asynccontextmanager
async def _alone(llm: Llm, request: Request) -> AsyncIterator[Answer]:
    async with AsyncExitStack() as stack:
        yield Answer(llm, await _enter(stack, llm, request, inf, _in_silence))


async def _enter(
    stack: AsyncExitStack, llm: Llm, request: Request, within_s: float, waits: Waits
) -> AsyncIterator[Delta]:
    """Asked once more, in words, when its server has just refused pictures."""
    shown = llm.capabilities.sees
    try:
        return await stack.enter_async_context(_begun(llm, request, within_s, waits))
    except LlmError:
        if not shown or llm.capabilities.sees:
            raise
    return await stack.enter_async_context(_begun(llm, request, within_s, waits))


@asynccontextmanager
async def _begun(
    llm: Llm, request: Request, within_s: float, waits: Waits
) -> AsyncIterator[AsyncIterator[Delta]]:
    """Raises ``LlmError`` on entering when nothing is said in time; where there is time enough (``inf``),
    when nothing comes: signs of life are then passed on.
    """
    messages, tools = await request(llm)
    with anyio.CancelScope(deadline=anyio.current_time() + within_s) as scope:
        async with llm.reply(messages, tools) as deltas:
            ahead = []
            async for delta in deltas:
                if delta.waits and within_s < inf:
                    await waits()
                if delta.text or delta.call or delta.finish or within_s == inf:
                    ahead.append(delta)
                if delta.text.strip() or delta.call or within_s == inf:
                    break
            scope.deadline = inf
            async with aclosing(_chained(ahead, deltas)) as chained:
                yield chained
    if scope.cancelled_caught:
        raise LlmError(f"{llm.spec} said nothing for {within_s:g} seconds.")


async def _chained(ahead: Sequence[Delta], deltas: AsyncIterator[Delta]) -> AsyncGenerator[Delta, None]:
    for delta in ahead:
        yield delta
    async for delta in deltas:
        yield delta


@asynccontextmanager
async def _beside(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Until it is left."""
    failure: Exception | None = None
    async with anyio.create_task_group() as group:
        group.start_soon(work)
        try:
            yield
        except Exception as error:
            failure = error  # raised below as it is: the group would wrap it
        group.cancel_scope.cancel()
    if failure:
        raise failure


def _both(errors: Sequence[AloudError]) -> LlmError:
    failed = " ".join(dict.fromkeys(error.failed for error in errors))
    retryable = all(isinstance(error, LlmError) and error.retryable for error in errors)
    return LlmError(failed, todo=next((e.todo for e in errors if e.todo), ""), retryable=retryable)
