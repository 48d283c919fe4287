"""A server's tools as a model is offered them: named, described, judged by the person's settings."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from config.runtime.clean import clean, clean_line
from config.settings.mcp import McpServer
from pipeline.tools.base import Risk, Tool, ToolResult
from pipeline.tools.mcp.listing import ListedTool
from pipeline.tools.mcp.schemas import usable

_log = logging.getLogger(__name__)

LONGEST_DESCRIPTION = 1000
_LONGEST_NAME = 64
_ODD = re.compile(r"[^A-Za-z0-9_-]+")

Calling = Callable[[str, dict[str, Any]], Awaitable[ToolResult]]


def name_for(server: str, tool: str, taken: Iterable[str] = ()) -> str:
    """``SERVER_TOOL``, of letters that every model's API takes; another where that is cut or ``taken``."""
    plain = f"{server}_{_ODD.sub('_', tool).strip('_') or 'tool'}"
    if len(plain) <= _LONGEST_NAME and plain not in taken:
        return plain
    mark = hashlib.sha256(f"{server}\0{tool}".encode("utf-8", "replace")).hexdigest()[:8]
    return f"{plain[: _LONGEST_NAME - 9]}_{mark}"


def risk_of(settings: McpServer, tool: ListedTool) -> Risk:
    """By the settings; a server's own claim can only forbid what they allow."""
    allowed = tool.name in settings.reads
    return "read" if allowed and tool.reads_only is not False and not tool.destroys else "send"


def reaches_out(settings: McpServer, tool: ListedTool) -> bool:
    return settings.is_elsewhere or not settings.local or bool(tool.open_world)


def offered(settings: McpServer, tool: ListedTool, name: str, call: Calling) -> Tool | None:
    """None where no model could call it."""
    schema = usable(tool.schema)
    if schema is None:
        _log.warning("The tool %s is left out: its arguments are too many, or too deep.", name)
        return None

    async def run(**arguments: Any) -> ToolResult:
        return await call(tool.name, arguments)

    try:
        return Tool(
            name,
            clean_line(tool.description, LONGEST_DESCRIPTION)
            or clean(f"{tool.shown_name} of {settings.name}"),
            schema,
            risk=risk_of(settings, tool),
            run=run,
            reaches_out=reaches_out(settings, tool),
        )
    except ValueError as error:
        _log.warning("The tool %s is left out: %s", name, clean_line(str(error)))
        return None
