"""A model behind a server, here or elsewhere, in whichever API it speaks."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio

from config.errors import LlmError
from config.runtime.clock import busy, in_thread
from pipeline.llm.apis.base import Api, Base64Image, Body, Request
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.base import AS_IT_COMES, Delta, Form, Message, ToolSpec
from pipeline.llm.capabilities import takes_grammar
from pipeline.llm.context import ContextWindow
from pipeline.llm.error_body import cannot_see, error_message, is_unread_call
from pipeline.llm.http.connection import Opened, let_go, retry_after_s
from pipeline.llm.http.known import KnownModel
from pipeline.llm.http.pictures import base64_image
from pipeline.llm.http.question import Question
from pipeline.llm.http.read_ahead import ReadAhead
from pipeline.llm.http.reader import OverthoughtError, Reader
from pipeline.llm.http.reasoning import Reasoning
from pipeline.llm.server import LostCallError, Server, TooLongError, UnreadCallError
from pipeline.llm.wire import LlmOptions
from vision.images.picture import Picture

if TYPE_CHECKING:
    import httpx

BACKOFF_S = (0.25, 0.75)
"""Before the second and the third try. There is no fourth."""
AT_ONCE_S = 0.01
"""Before the second try where no answer came: most likely the server had closed an idle connection."""
LONGEST_WAIT_S = 4.0
"""A longer ``Retry-After`` is told to the person instead of being waited for in silence, and what failed
after a longer time is not tried again.
"""
_TRY_AGAIN = frozenset({429, 502, 503, 504, 529})
_TRY_LIGHTER = frozenset({400, 404, 422, 500, 501})


class HttpLlm(KnownModel):
    """One model. Implements ``pipeline.llm.base.Llm``.

    Nothing of a conversation is kept: what a server refused is known of the model, and pictures keep what
    they were encoded as. ``release`` lets go of what the LLM owns beside its connections.
    """

    def __init__(
        self,
        server: Server,
        options: LlmOptions,
        *,
        spec: str,
        api: Api | None = None,
        remote_host: str = "",
        release: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(server, options, spec=spec, api=api or ChatCompletions(), remote_host=remote_host)
        self._release = release
        self._window = ContextWindow()
        self._left_out: list[str] = []
        self._ahead = ReadAhead(self._connection, self._send)
        self._reasoning = Reasoning(self._api, self._connection, options)
        # Of nobody and of nothing that was said: OpenAI sends what has the same one to the same machine.
        self._cache_key = secrets.token_hex(8) if server.host == "api.openai.com" else ""

    async def read_ahead(self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()) -> None:
        """Implements ``pipeline.llm.base.ReadsAhead``."""
        if not self._may_read_ahead:
            return
        try:
            question = self._question([*messages, Message("user", ".")], tools, AS_IT_COMES)
            body, _ = await self._body(question)
        except LlmError:
            return  # of a picture that it cannot see, which is told when it is asked
        if ahead := self._api.read_ahead(body):
            await self._ahead.read(ahead)

    @property
    def _may_read_ahead(self) -> bool:
        """By itself only on this machine, by a server that keeps what it has read; elsewhere, where it is
        paid for, if the maker means it so.
        """
        prewarm = self._llm_settings.prewarm
        if self.remote_host or not self._server.is_local:
            return prewarm == "on" and self._api.name == "Messages"
        keeps = bool(self._claimed.program) or self._api.name == "Ollama"
        return prewarm == "on" or (prewarm == "auto" and keeps)

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = (), form: Form = AS_IT_COMES
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        """The answer as it comes. Leaving early closes the connection, so that the server stops."""
        question = self._question(messages, tools, form)
        body, shown = await self._body(question)
        async with self._ahead.followed_by(body):
            body, response = await self._send_what_fits(body, question, shown=shown)
            opened = Opened(response)
            try:
                async with aclosing(self._deltas(opened, body, question)) as deltas:
                    yield deltas
            finally:
                await opened.let_go()

    def reply_in(
        self, form: Form, messages: Sequence[Message]
    ) -> AbstractAsyncContextManager[AsyncIterator[Delta]]:
        """Implements ``pipeline.llm.base.TakesForm``."""
        return self.reply(messages, (), form)

    async def aclose(self) -> None:
        await self._connection.aclose()
        if self._release:
            await self._release()

    def _question(self, messages: Sequence[Message], tools: Sequence[ToolSpec], form: Form) -> Question:
        longest = self._llm_settings.max_tokens
        return Question(self._window, messages, tools, form, context=self._context, longest_answer=longest)

    @property
    def _context(self) -> int | None:
        """Ollama is asked for as much of the model's as there is to be memory for."""
        limits = (self.capabilities.context, getattr(self._api, "most_context", None))
        return min((limit for limit in limits if limit), default=None)

    async def _body(self, question: Question) -> tuple[Body, bool]:
        """And whether pictures are in it."""
        images = await self._images(question.messages)
        offered = question.tools if self.capabilities.calls_tools else ()
        settings = self._llm_settings
        request = Request(
            self._server.model,
            question.messages,
            offered,
            images,
            question.longest_answer,
            settings.temperature,
            context=self.capabilities.context,
            cache_key=self._cache_key,
            cache_for=settings.cache,
            form=question.form,
            takes_grammar=takes_grammar(self._claimed.build),
        )
        request = self._reasoning.asked(request, self.capabilities, self._claimed.program)
        body = self._api.body(request)
        for refusal in self._left_out:
            self._api.lighten(body, refusal)
        return body, bool(images)

    async def _images(self, messages: Sequence[Message]) -> dict[Picture, Base64Image]:
        shown = [picture for message in messages for picture in message.pictures]
        if shown and not self.capabilities.sees:
            raise self._server.no_vision()
        return {picture: await in_thread(base64_image, picture, self.image_limits) for picture in shown}

    async def _send_what_fits(
        self, body: Body, question: Question, *, shown: bool = False
    ) -> tuple[Body, httpx.Response]:
        """Less of the conversation, where the server refuses it as too long, and does so in time."""
        until = anyio.current_time() + self._llm_settings.first_word_s
        while True:
            try:
                return body, await self._send(body, shown=shown)
            except TooLongError as refusal:
                if anyio.current_time() > until:
                    raise
                body, shown = await self._shorter(question, refusal)

    async def _shorter(self, question: Question, refusal: TooLongError) -> tuple[Body, bool]:
        """As ``_body``. Raises ``refusal`` where nothing could be left out."""
        told = [tokens for tokens in (self.capabilities.context, refusal.context) if tokens]
        self.capabilities = replace(self.capabilities, context=min(told, default=None))
        question.shorten(refusal)
        return await self._body(question)

    async def _send(self, body: Body, *, shown: bool = False) -> httpx.Response:
        """A response with status 200, its body still to come. Only here, before the first token, is it tried
        again.
        """
        url = self._api.url(self._server.base_url, body)
        tries = 0
        while True:
            wait_s = BACKOFF_S[tries] if tries < len(BACKOFF_S) else 0.0
            began = anyio.current_time()
            try:
                response = await self._connection.post(url, body)
            except LlmError as error:
                late = anyio.current_time() - began > LONGEST_WAIT_S
                if late or not (error.retryable and wait_s):
                    raise
                wait_s = wait_s if tries else AT_ONCE_S
            else:
                if response.status_code == 200:
                    return response
                wait_s = await self._after_refusal(response, body, wait_s, shown=shown)
            if wait_s:
                tries += 1
                with busy():
                    await anyio.sleep(wait_s)

    async def _after_refusal(
        self, response: httpx.Response, body: Body, wait_s: float, *, shown: bool
    ) -> float:
        """Seconds until the next try; 0: at once, with a lighter body. Raises when no try would help."""
        status = response.status_code
        try:
            text = await self._connection.read(response)
        finally:
            await let_go(response)
        if shown and cannot_see(text):
            self.capabilities = replace(self.capabilities, sees=False)
            self.sees_known = True
            raise self._server.no_vision(sent=True)
        if status == 500 and is_unread_call(text) and body.pop("tools", None):
            return 0.0  # another answer may use them again
        if status in _TRY_LIGHTER and self._lighten(body, error_message(text)):
            return 0.0
        asked_s = retry_after_s(response)
        if status in _TRY_AGAIN and wait_s and asked_s <= LONGEST_WAIT_S and "insufficient_quota" not in text:
            return max(asked_s, wait_s)
        models = await self.models() if status == 404 else ()
        raise self._server.refused(status, text, models=models, wait_s=asked_s)

    def _lighten(self, body: Body, refusal: str) -> bool:
        had_tools = "tools" in body
        if not self._api.lighten(body, refusal):
            return False
        self._left_out.append(refusal)
        if had_tools and "tools" not in body:
            self.capabilities = replace(self.capabilities, calls_tools=False)
        return True

    async def _deltas(self, opened: Opened, asked: Body, question: Question) -> AsyncGenerator[Delta, None]:
        anew: Body | None = asked
        began = anyio.current_time()
        while anew:
            body, anew = anew, None
            answer = self._api.reply(self._server, tools="tools" in body)
            reader = Reader(self._connection, self._server, answer, opened, self._llm_settings, began)
            without = self._without_thinking(body)
            self._reasoning.limit(reader, body, without)
            try:
                deltas = [Delta()]
                while deltas and not anew:
                    try:
                        deltas = await reader.next()
                    except OverthoughtError as late:
                        url = self._api.url(self._server.base_url, body)
                        anew = await self._reasoning.end(late, reader, answer, url, body, without)
                        deltas = [Delta(waits=True)]
                    for delta in deltas:
                        if delta.tokens_in:
                            question.counted(delta.tokens_in)
                        yield delta
            except TooLongError as refusal:  # OpenAI's Responses say so only now
                if answer.said:
                    raise
                anew, _ = await self._shorter(question, refusal)
            except LostCallError as error:
                whole = None if answer.said else self._api.unstreamed(body)
                if whole is None:
                    raise
                if isinstance(error, UnreadCallError):
                    whole.pop("tools", None)
                for delta in await self._whole(whole):
                    yield delta
            if anew:
                await opened.let_go()
                anew, response = await self._send_what_fits(anew, question)
                opened.begin(response)

    def _without_thinking(self, body: Body) -> Body | None:
        """The same request to a model that is not to think; None: it has been told so, or takes it not."""
        without = self._api.unthinking(body)
        for refusal in self._left_out if without else ():
            self._api.lighten(without or {}, refusal)
        return None if without == body else without

    async def _whole(self, body: Body) -> list[Delta]:
        """Asked once more, and not as a stream."""
        response = await self._send(body)
        answer = self._api.reply(self._server)
        try:
            return answer.push_whole(await self._connection.read(response)) + answer.end()
        finally:
            await let_go(response)
