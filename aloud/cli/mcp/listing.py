"""What ``aloud mcp`` shows and changes."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence

from aloud.cli.terminal.columns import paragraph, width_of
from config.errors import EngineError, UsageError
from config.language.close_matches import perhaps
from config.runtime.clean import EMPTY, CleanText, clean, clean_line
from config.runtime.installation import typed_here
from config.runtime.printing import print_json, print_text
from config.settings.mcp import McpServer
from config.settings.model import Settings
from config.settings.paths import config_file
from pipeline.session.engines import EngineChoice
from pipeline.session.run import run_async
from pipeline.tools.mcp.approvals import Approvals
from pipeline.tools.mcp.listing import ListedTool
from pipeline.tools.mcp.offered import risk_of
from pipeline.tools.mcp.server import Server
from pipeline.tools.mcp.servers import Servers, open_servers

_LONGEST = 300
"""Letters of a tool's own words in a list; those of one that is to be approved are shown whole."""


def show(settings: Settings, *, json: bool) -> None:
    """Each server of the settings file."""
    if not settings.mcp and not json:
        _say(settings, f"There is none. Write [mcp.NAME] into {config_file()}, as docs/mcp.md has it.")

    async def tell(servers: Servers) -> None:
        for each in settings.mcp:
            server = servers.named(each.name)
            if json:
                print_json(_fields(each, server, servers))
            else:
                _show(settings, each, server, servers)

    _opened(settings, tell)


def _show(settings: Settings, each: McpServer, server: Server | None, servers: Servers) -> None:
    _say(settings, f"{each.name}: {' '.join(filter(None, state_of(each, server, servers)))}")
    for tool in server.tools if server else ():
        approved = "" if server and servers.is_approved(server, tool) else ", not approved"
        risk = risk_of(each, tool)
        asks = "it only reads" if risk == "read" else "it is asked about before each call"
        told = f"{tool.shown_name} ({asks}{approved}): {clean_line(tool.description, _LONGEST)}"
        _say(settings, told, indent=4)


def state_of(each: McpServer, server: Server | None, servers: Servers) -> tuple[CleanText, CleanText]:
    """A sentence of how it is with a server, and one of what to do about it, or nothing."""
    if server is None:
        why = "it may reach what is elsewhere, and this is offline" if each.enabled else "enabled is false"
        return clean(f"not opened: {why}."), EMPTY
    if server.condition.state != "open":
        return server.condition.why, server.condition.todo
    count = f"{len(server.tools)} tool{'' if len(server.tools) == 1 else 's'}"
    if waiting := servers.waiting(server):
        todo = typed_here(f"To read and approve them: aloud mcp approve {each.name}")
        return clean(f"{count}, {len(waiting)} of them not approved."), clean(todo)
    there = {tool.name for tool in server.tools}
    lacking = ", ".join(name for name in each.reads if name not in there)
    missing = f" It has no {lacking}, which reads names." if lacking else ""
    return clean(f"{count}, approved.{missing}"), EMPTY


def _fields(each: McpServer, server: Server | None, servers: Servers) -> dict[str, object]:
    tools = [
        {
            "name": tool.shown_name,
            "description": clean(tool.description),
            "risk": risk_of(each, tool),
            "approved": server is not None and servers.is_approved(server, tool),
        }
        for tool in (server.tools if server else ())
    ]
    state = server.condition.state if server else "off"
    why, todo = state_of(each, server, servers)
    return {"name": each.name, "state": state, "why": why, "todo": todo, "tools": tools}


def approve(settings: Settings, name: str, *, asks: bool) -> None:
    """Raises ``UsageError`` for a name that none has, and where nobody can answer; ``EngineError`` where the
    server does not open.
    """
    each = _named(settings, name)

    async def read_out(servers: Servers) -> None:
        server = servers.named(each.name)
        if server is None or server.condition.state != "open":
            why, todo = state_of(each, server, servers)
            failed = f"The server {each.name} is not there: {why}"
            raise EngineError(failed, kept="Nothing was approved.", todo=todo)
        waiting = servers.waiting(server)
        if not waiting:
            _say(settings, f"All tools of {each.name} are approved.")
            return
        for line in _described(waiting):
            _say(settings, line)
        if asks and not _agrees(each.name):
            _say(settings, "Nothing was approved.")
            return
        _keep(lambda: servers.approve(server, server.tools))
        _say(settings, f"The tools of {each.name} are approved.")

    _opened(settings.replaced(mcp=(each,)), read_out)


def forget(settings: Settings, name: str) -> None:
    """Raises ``UsageError``."""
    each = _named(settings, name)
    _keep(lambda: Approvals().forget(each.name))
    _say(settings, f"No tool of {each.name} is approved any more.")


def _described(tools: Sequence[ListedTool]) -> Iterator[str]:
    for tool in tools:
        yield f"{tool.shown_name}: {' '.join(clean(tool.description).split()) or 'it says nothing of itself'}"


def _agrees(name: str) -> bool:
    """Raises ``UsageError`` where nobody is asked."""
    if not sys.stdin.isatty():
        raise UsageError(
            "Nobody is there to be asked.",
            kept="Nothing was approved.",
            todo=f"If you have read this: aloud mcp approve {name} --yes",
        )
    print_text(clean(f"May models be offered these tools of {name}? [y/N] "), end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _named(settings: Settings, name: str) -> McpServer:
    names = [each.name for each in settings.mcp]
    if name not in names:
        see = "See all: aloud mcp list"
        raise UsageError(f"There is no MCP server {name}.", todo=f"{perhaps(name, names)} {see}".strip())
    return next(each for each in settings.mcp if each.name == name)


def _keep(change: Callable[[], None]) -> None:
    try:
        change()
    except OSError as error:
        raise UsageError(f"What is approved cannot be kept: {error.strerror or error}.") from None


def _opened(settings: Settings, use: Callable[[Servers], Awaitable[None]]) -> None:
    async def run() -> None:
        async with open_servers(settings) as servers:
            await servers.all_settled()
            await use(servers)

    run_async(run)


async def examined(settings: Settings) -> list[EngineChoice]:
    """For the doctor."""
    async with open_servers(settings) as servers:
        await servers.all_settled()
        return [
            EngineChoice("mcp", each.name, *state_of(each, servers.named(each.name), servers))
            for each in settings.mcp
        ]


def _say(settings: Settings, text: str, indent: int = 0) -> None:
    width = width_of(settings.show, sys.stdout)
    print_text(clean("\n".join(paragraph(text, width, indent))))
