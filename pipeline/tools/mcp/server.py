"""A server of the settings: kept running beside a talk, and called."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import anyio

from config.errors import AloudError, first_cause
from config.runtime.clean import EMPTY, CleanText, clean, clean_line
from config.runtime.clock import in_thread
from config.runtime.hosts import shown_address
from config.runtime.installation import added_line
from config.runtime.secrets import masked
from config.settings.mcp import McpServer
from pipeline.tools.base import ToolError
from pipeline.tools.mcp.calls import Call, WaitingCalls
from pipeline.tools.mcp.connection import Connection
from pipeline.tools.mcp.errors import ServerError
from pipeline.tools.mcp.listing import ListedTool
from pipeline.tools.mcp.program import StandardError

if TYPE_CHECKING:
    from mcp_types import CallToolResult

_log = logging.getLogger(__name__)

GIVEN_UP_AFTER = 5
"""Starts in a row that came to nothing."""
_LONGEST_PAUSE_S = 60.0
_QUEUE = 16

State = Literal["off", "starting", "open", "waiting", "given up"]


@dataclass(frozen=True, slots=True)
class Condition:
    """How it is with a server. ``why``: a sentence where it is not open."""

    state: State
    why: CleanText = EMPTY
    todo: CleanText = EMPTY


class Server:
    """``changed``: called whenever its tools or its condition are others than before."""

    def __init__(self, settings: McpServer, changed: Callable[[Server], None]) -> None:
        self.settings = settings
        self.tools: tuple[ListedTool, ...] = ()
        """What it last said that it has; they stay while it is started anew."""
        self.condition = Condition("starting")
        self._changed = changed
        self._calls = WaitingCalls(_QUEUE)
        self._settled = anyio.Event()

    async def run(self) -> None:
        """Open it, serve, open it anew when it ends; give it up when that comes to nothing. Runs until
        cancelled or given up: this one task enters and leaves all that belongs to it.
        """
        if why := await _unusable():
            self._is("off", why)
            return
        failures = 0
        legacy = False
        while failures < GIVEN_UP_AFTER:
            told, began = StandardError(self.settings.name), anyio.current_time()
            connection = Connection(self.settings, told, self._opened)
            try:
                await connection.serve(self._calls, legacy=legacy)
                why = _told(ServerError("it ended"), self.settings, told)
            except Exception as error:  # whatever it does, the talk goes on
                why = _told(error, self.settings, told)
            if self.condition.state != "open":
                legacy = not legacy  # some end at a greeting that they do not know
            worked = connection.answered or anyio.current_time() - began > _LONGEST_PAUSE_S
            failures = 1 if worked else failures + 1
            _log.info("The MCP server %s: %s.", self.settings.name, why)
            if failures < GIVEN_UP_AFTER:
                self._is("waiting", why)
                if failures > 1:
                    self._settled.set()
                await anyio.sleep(min(_LONGEST_PAUSE_S, 2.0 ** (failures - 1)))
        self._is("given up", why)
        self._calls.refuse(self._not_there())

    async def settled(self) -> None:
        """Until it is open, or has failed in both ways to begin."""
        await self._settled.wait()

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """Raises ``ToolError`` where there is no result, with what is known of why."""
        if self.condition.state in ("off", "given up"):
            raise ToolError(self._not_there())
        call = Call(tool, arguments)
        if not self._calls.add(call):
            raise ToolError(f"The server {self.settings.name} has too much to do; nothing was asked.")
        longest_s = self.settings.start_s + 2 * self.settings.timeout_s
        try:
            with anyio.move_on_after(longest_s):
                await call.answered.wait()
        finally:
            call.scope.cancel()
        if call.result is None:
            raise ToolError(
                call.failed or f"The server {self.settings.name} did not open in time; nothing was asked."
            )
        return call.result

    def _opened(self, tools: tuple[ListedTool, ...]) -> None:
        self.tools = tools
        self._is("open")

    def _is(self, state: State, why: ServerError | None = None) -> None:
        told = f"{masked(why.told)}." if why else ""
        self.condition = Condition(state, clean_line(told, 500), clean(why.todo if why else ""))
        if state != "waiting":
            self._settled.set()
        self._changed(self)

    def _not_there(self) -> str:
        name, why = self.settings.name, self.condition.why
        if self.condition.state == "off":
            return f"The server {name} is not used: {why}"
        return f"The server {name} ended {GIVEN_UP_AFTER} times in a row and is left alone now: {why}"


async def _unusable() -> ServerError | None:
    """Why it is not to be opened at all."""
    try:
        await in_thread(import_mcp)
    except ImportError:
        line = added_line("mcp")
        return ServerError(
            "the package mcp, which speaks with such servers, is not installed", todo=f"Install it: {line}"
        )
    return None


def import_mcp() -> None:
    """Blocking, 0.7 s. Raises ``ImportError``."""
    # What it has to say of a server is said here; without this its warnings go to standard error.
    for name in ("mcp", "httpx2", "httpcore2"):
        if not (logger := logging.getLogger(name)).handlers:
            logger.addHandler(logging.NullHandler())
    import mcp.client.streamable_http  # noqa: F401


def _told(error: Exception, server: McpServer, told: StandardError) -> ServerError:
    """What went wrong, in words that go on in a sentence."""
    cause = first_cause(error)
    why, todo = _why(cause, server), ""
    if isinstance(cause, ServerError | AloudError):
        todo = cause.todo
    return ServerError(why, todo=todo, wrote=told.last)


def _why(cause: BaseException, server: McpServer) -> str:
    if isinstance(cause, ServerError):
        return str(cause)
    if isinstance(cause, AloudError):
        return cause.failed.rstrip(".")
    if type(cause).__name__ in ("ConnectError", "ConnectTimeout"):
        return f"nothing answers at {shown_address(server.url)}"
    why = clean_line(str(cause), 200).rstrip(".") or type(cause).__name__
    if why == "Connection closed":
        return "it ended before it had begun"
    if "Unsupported protocol version" in why:
        return f"it speaks a version of MCP that is not known here ({why})"
    return f"it did not begin ({why})"
