"""A model behind an OpenAI-compatible server: llama.cpp, Ollama, LM Studio, vLLM, and the clouds'."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio

from config.errors import LlmError
from config.runtime.clock import busy, in_thread
from pipeline.llm.base import Capabilities, Delta, Message, ToolSpec
from pipeline.llm.capabilities import Claimed, discover
from pipeline.llm.image_limits import image_limits_for
from pipeline.llm.openai.http import Connection, data_url, let_go, retry_after_s
from pipeline.llm.openai.request import Body, encode_messages, encode_tools, lighten
from pipeline.llm.openai.server import Server, cannot_see, error_message
from pipeline.llm.openai.stream import StreamedReply
from pipeline.llm.wire import LlmOptions
from vision.images.picture import ImageLimits, Picture

if TYPE_CHECKING:
    import httpx
    from httpx_sse import ServerSentEvent

BACKOFF_S = (0.25, 0.75)
"""Before the second and the third try. There is no fourth."""
LONGEST_WAIT_S = 4.0
"""A longer ``Retry-After`` is told to the person instead of being waited for in silence."""
WARM_S = 20.0
_TRY_AGAIN = frozenset({429, 502, 503, 504, 529})
_TRY_LIGHTER = frozenset({400, 404, 422, 500, 501})


class OpenAiLlm:
    """One model. Implements ``pipeline.llm.base.Llm``.

    ``capabilities`` are "try it" until ``discover`` has asked the server; where nobody says whether the model
    sees, ``sees_known`` stays False and the first picture shows it. ``release`` lets go of what the LLM
    owns beside its connections.
    """

    def __init__(
        self,
        server: Server,
        options: LlmOptions,
        *,
        spec: str,
        remote_host: str = "",
        release: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        vision = options.vision
        self.spec = spec
        self.remote_host = remote_host
        self.capabilities = Capabilities(sees=True, calls_tools=True)
        self.sees_known = False
        self.image_limits: ImageLimits | None = image_limits_for(server.host, remote_host, vision)
        self._vision = vision
        self._server = server
        self._llm_settings = options.settings
        self._connection = Connection(server, options.settings)
        self._release = release
        self._urls: dict[Picture, str] = {}
        self._extras: dict[str, Any] = {}
        self._left_out: list[str] = []
        self._warmed: float | None = None

    async def warm(self) -> None:
        """Open the connection while the person still speaks; at most once in ``WARM_S``. Never raises."""
        now = anyio.current_time()
        if self._warmed is None or now - self._warmed >= WARM_S:
            self._warmed = now
            await self._connection.models()

    async def models(self) -> tuple[str, ...]:
        """What the server lists; () when it lists nothing. Never raises."""
        return await self._connection.models()

    async def discover(self) -> Capabilities:
        """Ask the server what the model can do; what it does not say is tried. Never raises."""
        server, within_s = self._server, self._llm_settings.connect_s
        with busy():
            found = await discover(self._connection.client, server.base_url, server.model, within_s=within_s)
        return self.assume(found)

    def assume(self, found: Claimed) -> Capabilities:
        self.sees_known = found.sees is not None
        if found.passed_on_to and not self.remote_host:
            self.remote_host = found.passed_on_to
            self.image_limits = image_limits_for(self.remote_host, self.remote_host, self._vision)
        self.capabilities = Capabilities(
            sees=found.sees is not False, calls_tools=found.calls_tools is not False
        )
        return self.capabilities

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        """The answer as it comes. Leaving early closes the connection, so that the server stops."""
        from httpx_sse import EventSource

        response = await self._send(await self._body(messages, tools))
        events = EventSource(response).aiter_sse()
        try:
            async with aclosing(self._deltas(response, events)) as deltas:
                yield deltas
        finally:
            await let_go(response, events)

    async def aclose(self) -> None:
        await self._connection.aclose()
        if self._release:
            await self._release()

    async def _body(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Body:
        await self._encode_pictures(messages)
        called = {call.id for message in messages for call in message.calls}
        self._extras = {id: extra for id, extra in self._extras.items() if id in called}
        body: Body = {
            "model": self._server.model,
            "messages": encode_messages(messages, self._urls, self._extras),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": self._llm_settings.temperature,
            "max_tokens": self._llm_settings.max_tokens,
        }
        if tools and self.capabilities.calls_tools:
            body["tools"] = encode_tools(tools)
        for refusal in self._left_out:
            lighten(body, refusal)
        return body

    async def _encode_pictures(self, messages: Sequence[Message]) -> None:
        """Each once for the whole conversation."""
        urls: dict[Picture, str] = {}
        for picture in (picture for message in messages for picture in message.pictures):
            if not self.capabilities.sees:
                raise self._server.no_vision()
            if not (url := self._urls.get(picture, "")):
                url = await in_thread(data_url, picture, self.image_limits)
            urls[picture] = url
        self._urls = urls

    async def _send(self, body: Body) -> httpx.Response:
        """A response with status 200, its body still to come. Only here, before the first token, is it tried
        again."""
        tries = 0
        while True:
            wait_s = BACKOFF_S[tries] if tries < len(BACKOFF_S) else 0.0
            try:
                response = await self._connection.post(body)
            except LlmError as error:
                if not (error.retryable and wait_s):
                    raise
            else:
                if response.status_code == 200:
                    return response
                wait_s = await self._after_refusal(response, body, wait_s)
            if wait_s:
                tries += 1
                with busy():
                    await anyio.sleep(wait_s)

    async def _after_refusal(self, response: httpx.Response, body: Body, wait_s: float) -> float:
        """Seconds until the next try; 0: at once, with a lighter body. Raises when no try would help."""
        status = response.status_code
        try:
            text = await self._connection.read(response)
        finally:
            await let_go(response)
        if self._urls and cannot_see(text):
            self.capabilities = Capabilities(sees=False, calls_tools=self.capabilities.calls_tools)
            self.sees_known = True
            raise self._server.no_vision()
        if status in _TRY_LIGHTER and self._lighten(body, error_message(text)):
            return 0.0
        asked_s = retry_after_s(response)
        if status in _TRY_AGAIN and wait_s and asked_s <= LONGEST_WAIT_S and "insufficient_quota" not in text:
            return max(asked_s, wait_s)
        models = await self.models() if status == 404 else ()
        raise self._server.refused(status, text, models=models, wait_s=asked_s)

    def _lighten(self, body: Body, refusal: str) -> bool:
        had_tools = "tools" in body
        if not lighten(body, refusal):
            return False
        self._left_out.append(refusal)
        if had_tools and "tools" not in body:
            self.capabilities = Capabilities(sees=self.capabilities.sees, calls_tools=False)
        return True

    async def _deltas(
        self, response: httpx.Response, events: AsyncGenerator[ServerSentEvent, None]
    ) -> AsyncGenerator[Delta, None]:
        answer = StreamedReply(self._server)
        if "event-stream" in response.headers.get("content-type", ""):
            while event := await self._next(events, answer):
                for delta in answer.push(event.data) if event.data else ():
                    yield delta
        else:
            for delta in answer.push_whole(await self._connection.read(response)):
                yield delta
        end = answer.end()
        self._extras |= answer.extras
        for delta in end:
            yield delta
        if answer.done:
            await self._next(events, answer, drain=True)

    async def _next(
        self, events: AsyncGenerator[ServerSentEvent, None], answer: StreamedReply, *, drain: bool = False
    ) -> ServerSentEvent | None:
        if answer.done and not drain:
            return None
        ended = answer.done or bool(answer.finish)
        return await self._connection.next(events, said=answer.said, ended=ended)
