"""A model that a person named, opened as soon as it can be: a server may be started later than Aloud."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio

from config.errors import EngineError, LlmError, RefusedError
from pipeline.llm.base import Capabilities, Llm
from vision.images.picture import ImageLimits

Opens = Callable[[], Awaitable[Llm | None]]
"""None: there is none, of what was left to ``auto``. Raises as ``pipeline.llm.discovery.open_llm`` does."""


class Candidate:
    """``remote_host``: as far as the spec says it; ``sees``: whether pictures may be shown to it at all."""

    def __init__(self, spec: str, opens: Opens, *, remote_host: str = "", sees: bool = True) -> None:
        self.spec = spec
        self.llm: Llm | None = None
        self._opens = opens
        self._remote_host = remote_host
        self._sees = sees
        self._announced = False
        self._opening = anyio.Lock()

    @property
    def remote_host(self) -> str:
        return self.llm.remote_host if self.llm else self._remote_host

    @property
    def may_see(self) -> bool:
        """Whether pictures may be sent to it; of one that is not open yet nobody knows."""
        return self.llm.capabilities.sees if self.llm else self._sees

    @property
    def capabilities(self) -> Capabilities:
        return self.llm.capabilities if self.llm else Capabilities()

    @property
    def image_limits(self) -> ImageLimits | None:
        return self.llm.image_limits if self.llm else None

    async def find(self) -> EngineError | None:
        """Open it before anybody is told where words go; why it cannot be. It is tried again when asked.

        Raises ``RefusedError``, ``UsageError``.
        """
        try:
            await self.opened()
        except EngineError as error:
            return error
        finally:
            self._announced = True
        return None

    async def opened(self) -> Llm:
        """Raises ``EngineError``; ``RefusedError`` when words would go where nobody was told of."""
        async with self._opening:
            if self.llm is None:
                self.llm = await self._opened()
            return self.llm

    async def _opened(self) -> Llm:
        llm = await self._opens()
        if llm is None:
            raise LlmError("No model server answers on this machine.", todo="See what is there: aloud doctor")
        if self._announced and llm.remote_host != self._remote_host:
            await llm.aclose()
            raise RefusedError(f"{self.spec} would send your words to {llm.remote_host or 'this machine'}.")
        return llm

    async def aclose(self) -> None:
        if self.llm:
            await self.llm.aclose()
