"""The MCP servers of a session: opened beside the talk, their approved tools offered, and closed with it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import anyio

from config.runtime.clean import clean
from config.settings.mcp import McpServer, usable
from config.settings.model import Settings
from pipeline.tools.base import Tool, ToolError, ToolResult
from pipeline.tools.mcp.approvals import Approvals
from pipeline.tools.mcp.listing import ListedTool
from pipeline.tools.mcp.offered import name_for, offered
from pipeline.tools.mcp.results import result_of
from pipeline.tools.mcp.server import Server

_log = logging.getLogger(__name__)

_LATE_S = 5.0


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told of a server, once a session. ``about``: of which state of its tools."""

    kind: Literal["new", "changed", "given_up"]
    server: str
    about: str = ""


class Servers:
    """A source of tools (``pipeline.tools.registry``): those that were approved, as they were then."""

    def __init__(self, settings: Sequence[McpServer], approvals: Approvals | None = None) -> None:
        self._approvals = approvals or Approvals()
        self._approved = {each.name: dict(self._approvals.of(each.name)) for each in settings}
        self._tools: dict[str, tuple[Tool, ...]] = {}
        self._told: set[Notice] = set()
        self._begun = anyio.Event()
        self._late = False
        self.all = tuple(Server(each, self._changed) for each in settings)
        self.tell: Callable[[Notice], None] = lambda notice: None
        """Who says it."""

    @property
    def tools(self) -> tuple[Tool, ...]:
        """In the order in which the servers opened first: what a model was told of stays where it stood."""
        return tuple(tool for tools in self._tools.values() for tool in tools)

    def named(self, name: str) -> Server | None:
        wanted = name.casefold()
        return next((each for each in self.all if each.settings.name.casefold() == wanted), None)

    def is_approved(self, server: Server, tool: ListedTool) -> bool:
        approved = self._approved[server.settings.name].get(tool.name)
        return approved is not None and approved == tool.fingerprint(server.settings.place)

    def waiting(self, server: Server) -> tuple[ListedTool, ...]:
        """Its tools that are not approved as they are now."""
        return tuple(tool for tool in server.tools if not self.is_approved(server, tool))

    def approve(self, server: Server, tools: Sequence[ListedTool]) -> None:
        """``tools``: as the person was told of them (blocking). Raises ``OSError`` where it cannot be kept;
        then they are approved for this session.
        """
        marks = {tool.name: tool.fingerprint(server.settings.place) for tool in tools}
        self._approved[server.settings.name] = marks
        self._approvals.approve(server.settings, tools)

    def offer(self, server: Server) -> None:
        """What is approved of it now."""
        settings = server.settings
        others = {tool.name for name, tools in self._tools.items() if name != settings.name for tool in tools}
        found: dict[str, Tool] = {}
        for tool in server.tools:
            if not self.is_approved(server, tool):
                continue
            name = name_for(settings.name, tool.name, {*others, *found})
            if made := offered(settings, tool, name, partial(_call, server)):
                found[name] = made
        self._tools[settings.name] = tuple(found.values())

    def _changed(self, server: Server) -> None:
        name = server.settings.name
        if server.condition.state == "open":
            self.offer(server)
            if waiting := self.waiting(server):
                known = any(tool.name in self._approved[name] for tool in waiting)
                self._tell(Notice("changed" if known else "new", name, mark_of(server)))
        elif server.condition.state == "given up":
            self._tell(Notice("given_up", name))

    def _tell(self, notice: Notice) -> None:
        if notice not in self._told:
            self._told.add(notice)
            self.tell(notice)

    def begin(self) -> None:
        """Open them now: nobody waits any more to be heard."""
        self._begun.set()

    async def ready(self) -> None:
        """Until it is known which tools there are, or ``_LATE_S``: an answer does not wait longer."""
        if not self._late:
            with anyio.move_on_after(_LATE_S):
                await self.all_settled()
            self._late = True

    async def all_settled(self) -> None:
        """Begins, and waits until it is known of each whether it opens."""
        self.begin()
        for server in self.all:
            await server.settled()

    async def run(self) -> None:
        """Once it is to begin; until cancelled, or none is left."""
        await self._begun.wait()
        async with anyio.create_task_group() as tasks:
            for server in self.all:
                tasks.start_soon(server.run)


def mark_of(server: Server) -> str:
    """Of all its tools as they are now."""
    marks = sorted(tool.fingerprint(server.settings.place) for tool in server.tools)
    return hashlib.sha256("".join(marks).encode()).hexdigest()[:16]


async def _call(server: Server, tool: str, arguments: dict[str, Any]) -> ToolResult:
    """What a server says of its failure is not ours either."""
    try:
        answer = await server.call(tool, arguments)
    except ToolError as failed:
        return ToolResult(clean(str(failed)), failed=True, untrusted=True)
    return await result_of(answer, server.settings.name)


@asynccontextmanager
async def open_servers(settings: Settings, approvals: Approvals | None = None) -> AsyncIterator[Servers]:
    """They open while the session goes on; at its end they are closed."""
    servers = Servers(usable(settings.mcp, offline=settings.offline), approvals)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(servers.run)
        yield servers
        tasks.cancel_scope.cancel()
