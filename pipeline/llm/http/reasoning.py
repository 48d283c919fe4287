"""How long a model thinks while a person waits: asked for little, told that it is enough, asked anew."""

from __future__ import annotations

from dataclasses import replace

from config.errors import LlmError
from pipeline.llm.apis.base import Api, Body, Reply, Request
from pipeline.llm.base import Capabilities
from pipeline.llm.http.connection import Connection, let_go
from pipeline.llm.http.reader import OverthoughtError, Reader
from pipeline.llm.wire import LlmOptions

THINKING_TOKENS = 2048
"""Beside those of the answer, for a model that thinks: else it would use up the answer's. Ours."""


class Reasoning:
    """Of one model. Once it has thought for too long, it is asked to think no more while a person waits."""

    def __init__(self, api: Api, connection: Connection, options: LlmOptions) -> None:
        self._api = api
        self._connection = connection
        self._settings = options.settings
        self._spoken = options.spoken
        self._overthinks = False
        self._more = 0

    def asked(self, request: Request, capabilities: Capabilities, program: str) -> Request:
        """The ``request``, with what the model is told of thinking."""
        setting, thinks = self._settings.thinking, capabilities.thinks
        if setting == "off" or (setting == "auto" and self._overthinks):
            return replace(request, thinks=False)
        # Anthropic's models think only when they are told to, and their effort is that of the answer as well.
        little = self._spoken and thinks and self._api.name != "Messages"
        self._more = THINKING_TOKENS if thinks or setting == "high" else 0
        return replace(
            request,
            effort=setting if setting != "auto" else "low" if little else "",
            thinking_tokens=self._more,
            reasoning_control=bool(self._limit_s and thinks and program == "llama.cpp"),
        )

    def limit(self, reader: Reader, body: Body, without: Body | None) -> None:
        """``without``: the request to be made instead of ``body``, without thinking; None: there is none."""
        if self._more:
            reader.limit_answer(self._settings.max_tokens)
        if self._limit_s:
            breaks = without is not None and "reasoning_control" not in body
            reader.limit_thinking(self._limit_s, breaks=breaks)

    async def end(
        self,
        late: OverthoughtError,
        reader: Reader,
        answer: Reply,
        url: str,
        body: Body,
        without: Body | None,
    ) -> Body | None:
        """The request to be made instead; None: what comes of this one is waited for."""
        if not late.broken and await self._told(answer, url, body):
            self.limit(reader, body, without)
            return None
        if without is None:
            reader.limit_thinking(self._settings.answer_s, breaks=False)
        else:
            self._overthinks = True
        return without

    @property
    def _limit_s(self) -> float:
        return self._settings.thinking_s if self._spoken else 0.0

    async def _told(self, answer: Reply, url: str, body: Body) -> bool:
        """llama.cpp can be told, once."""
        if not answer.id or not body.pop("reasoning_control", None):
            return False
        try:
            enough = {"id": answer.id, "action": "reasoning_end"}
            response = await self._connection.post(f"{url}/control", enough)
            try:
                told = await self._connection.read(response)
                return response.status_code == 200 and '"success":true' in told.replace(" ", "")
            finally:
                await let_go(response)
        except LlmError:
            return False
