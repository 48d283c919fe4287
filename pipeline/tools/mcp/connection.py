"""One connection to a server: opened, served and closed by one task, that of ``Server.run``."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import anyio

from config.runtime.clean import clean_line
from config.runtime.clock import busy
from config.settings.mcp import McpServer
from pipeline.tools.mcp.calls import Call, WaitingCalls
from pipeline.tools.mcp.errors import ServerError
from pipeline.tools.mcp.listing import ListedTool, listed
from pipeline.tools.mcp.program import StandardError
from pipeline.tools.mcp.transport import transport

if TYPE_CHECKING:
    from mcp.client import Client, IncomingMessage

_log = logging.getLogger(__name__)

AT_ONCE = 16
"""Calls that a server carries out at the same time."""
_RELIST_S = 5.0
"""A server that changes its tools is asked for them no more often."""
_FAREWELL_S = 0.05
_DEAF_AFTER = 3
"""Calls in a row without an answer in time, after which it is started anew."""
_ENDED = "The server {name} ended while it was at it: whether anything was done is not known."
_NOT_ASKED = "The server {name} ended; nothing was asked of it."


class Connection:
    """``opened`` is told of its tools, now and whenever they change."""

    def __init__(
        self, server: McpServer, told: StandardError, opened: Callable[[tuple[ListedTool, ...]], None]
    ) -> None:
        self._server = server
        self._told = told
        self._opened = opened
        self._closed = anyio.Event()
        self._changed = anyio.Event()
        self._at_once = anyio.CapacityLimiter(AT_ONCE)
        self._unanswered = 0
        self.answered = 0
        """Calls that it answered: it works."""

    async def serve(self, calls: WaitingCalls, *, legacy: bool) -> None:
        """Until it is closed from the other side. ``legacy``: it is greeted in the old way alone.

        Raises ``ServerError`` where it does not begin; what the package raises where it breaks.
        """
        from mcp.client import Client
        from mcp_types import Implementation

        client = Client(
            transport(self._server, self._told, self._closed),
            mode="legacy" if legacy else "auto",
            client_info=Implementation(name="aloud", version="1"),
            message_handler=self._heed,
            cache=None,
        )
        # Not a timeout around the opening: its scope would have to end before the connection's own do.
        with anyio.move_on_after(self._server.start_s) as opening, ExitStack() as work:
            work.enter_context(busy())
            async with client:
                found = await listed(client, self._server.name)
                opening.deadline = math.inf
                work.close()
                self._opened(found)
                await self._carry_out_all(client, calls)
        if opening.cancelled_caught:
            raise ServerError(f"it did not answer within {self._server.start_s:g} s")

    async def _carry_out_all(self, client: Client, calls: WaitingCalls) -> None:
        """Until it is closed; what is asked after that waits for the next connection."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._relist, client)
            with anyio.CancelScope() as taking:
                tasks.start_soon(self._until_closed, taking)
                while True:
                    tasks.start_soon(self._carry_out, client, await calls.next())
            await anyio.sleep(
                _FAREWELL_S
            )  # who waits for an answer hears from the package that there is none
            tasks.cancel_scope.cancel()

    async def _until_closed(self, taking: anyio.CancelScope) -> None:
        await self._closed.wait()
        taking.cancel()

    async def _carry_out(self, client: Client, call: Call) -> None:
        why = _NOT_ASKED.format(name=self._server.name)
        try:
            with call.scope:
                async with self._at_once:
                    why = _ENDED.format(name=self._server.name)
                    why = await self._called(client, call)
        finally:
            call.fail(why)

    async def _called(self, client: Client, call: Call) -> str:
        """Empty, or why there is no result."""
        from mcp.shared.exceptions import MCPError
        from mcp_types import CONNECTION_CLOSED

        name, tool, within_s = self._server.name, clean_line(call.tool, 64), self._server.timeout_s
        try:
            with busy(), anyio.fail_after(within_s):
                call.result = await client.call_tool(call.tool, dict(call.arguments))
        except TimeoutError:
            self._unanswered += 1
            if self._unanswered >= _DEAF_AFTER:
                self._closed.set()  # it hears nothing any more, or says nothing
            return (
                f"The server {name} did not answer within {within_s:g} s, and was told to stop: "
                f"whether {tool} was done is not known."
            )
        except MCPError as error:
            if error.code == CONNECTION_CLOSED or _is_lost(error):
                self._closed.set()
                return _ENDED.format(name=name)
            return f"The server {name} refused {tool}: {clean_line(error.message, 500)}"
        except Exception as error:  # the package's own: what came is no answer of the protocol
            _log.debug("%s answered with what is none:", name, exc_info=True)
            return f"The server {name} answered with what is no answer of MCP ({type(error).__name__})."
        self.answered += 1
        self._unanswered = 0
        return ""

    async def _heed(self, message: IncomingMessage) -> None:
        from mcp_types import ToolListChangedNotification

        if isinstance(message, ToolListChangedNotification):
            self._changed.set()

    async def _relist(self, client: Client) -> None:
        """Whenever it says that its tools have changed. Runs until cancelled."""
        while True:
            await self._changed.wait()
            self._changed = anyio.Event()
            try:
                with busy(), anyio.fail_after(self._server.start_s):
                    self._opened(await listed(client, self._server.name))
            except Exception as error:  # what it had is what it has
                _log.info("%s did not list its tools anew: %s.", self._server.name, type(error).__name__)
            await anyio.sleep(_RELIST_S)


def _is_lost(error: Exception) -> bool:
    """A server at an address that knows nothing of us any more: it was started anew."""
    return str(error) == "Session terminated"
