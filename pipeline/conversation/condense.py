"""What will make room in a conversation is condensed beside it, before there is none left."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import anyio

from config.errors import AloudError
from config.runtime.clock import in_thread
from pipeline.conversation.history import History
from pipeline.llm.base import Llm
from pipeline.small_work.note import condensed, written

_log = logging.getLogger(__name__)

QUIET_S = 1.0
"""After a turn: who goes on at once is not kept from the machine."""


class Condenser:
    """Works while nobody speaks. A model on this machine, whose cores an answer needs, is stopped as soon as
    somebody does, and begins anew after the turn.
    """

    def __init__(self, history: History, llm: Callable[[], Awaitable[Llm]] | None) -> None:
        """``llm``: asked when there is something to condense; None: nothing is."""
        self._history = history
        self._llm = llm
        self._language = "en"
        self._turns = 0
        self._quiet = anyio.Event()
        self._scope: anyio.CancelScope | None = None

    def speaks(self) -> None:
        """Somebody begins to speak."""
        if self._scope is not None:
            self._scope.cancel()

    def begins(self, language: str) -> None:
        """A turn."""
        self._language = language
        self._turns += 1
        self.speaks()

    def ends(self) -> None:
        """A turn."""
        self._turns -= 1
        if not self._turns:
            self._quiet.set()

    async def run(self) -> None:
        """Runs until cancelled."""
        while self._llm is not None:
            await self._quiet.wait()
            self._quiet = anyio.Event()
            with anyio.CancelScope() as self._scope:
                await anyio.sleep(QUIET_S)
                await self._condense(self._llm)
            self._scope = None

    async def _condense(self, llm: Callable[[], Awaitable[Llm]]) -> None:
        outgrown = self._history.outgrown
        if outgrown is None:
            return
        try:
            asked = await llm()
            if asked.remote_host:
                self._scope = None  # it takes nobody's cores, and was paid for
            text = await written(asked, outgrown.note, outgrown.said)
        except AloudError as error:
            _log.info("nothing was condensed: %s", error)
            return
        note = await in_thread(condensed, text, outgrown.note, outgrown.said, self._language)
        if note.condensed:
            self._history.leave(outgrown, note)
