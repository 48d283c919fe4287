"""What a server says that it has: tools, as they came, bounded in number and size."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.runtime.clean import CleanText, clean_line

if TYPE_CHECKING:
    from mcp.client import Client
    from mcp_types import Tool

_log = logging.getLogger(__name__)

MOST_TOOLS = 64
_MOST_PAGES = 20
_LONGEST_NAME = 128
"""As the protocol has it."""
_LONGEST = 65_536
"""Letters of one tool as JSON: what is longer is no description but a page."""


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool in the server's own words. ``reads_only``, ``destroys``, ``open_world``: what it claims."""

    name: str
    description: str
    schema: Mapping[str, Any]
    reads_only: bool | None = None
    destroys: bool | None = None
    open_world: bool | None = None

    @property
    def shown_name(self) -> CleanText:
        return clean_line(self.name, 64)

    def fingerprint(self, place: str) -> str:
        """Of it as a model would be told of it; another ``place`` is another server."""
        told = json.dumps([place, self.name, self.description, self.schema], sort_keys=True)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


async def listed(client: Client, server: str) -> tuple[ListedTool, ...]:
    """Page by page, in the server's order; of two with one name the first. Raises what the client does."""
    found: dict[str, ListedTool] = {}
    async with aclosing(_tools(client)) as tools:
        async for tool in tools:
            if len(found) == MOST_TOOLS:
                _log.warning("%s has more than %d tools: the others are left out.", server, MOST_TOOLS)
                break
            if (kept := _kept(tool, server)) and kept.name not in found:
                found[kept.name] = kept
    return tuple(found.values())


async def _tools(client: Client) -> AsyncGenerator[Tool, None]:
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        for tool in page.tools:
            yield tool
        cursor = page.next_cursor
        if not cursor:
            return


def _kept(tool: Tool, server: str) -> ListedTool | None:
    claims = tool.annotations
    try:
        size = len(json.dumps([tool.name, tool.description, tool.input_schema]))
    except (ValueError, RecursionError):
        size = _LONGEST + 1
    if size > _LONGEST or not 0 < len(tool.name) <= _LONGEST_NAME:
        _log.warning("A tool of %s is left out: it is too long (%s).", server, clean_line(tool.name, 40))
        return None
    return ListedTool(
        tool.name,
        tool.description or "",
        tool.input_schema,
        claims.read_only_hint if claims else None,
        claims.destructive_hint if claims else None,
        claims.open_world_hint if claims else None,
    )
