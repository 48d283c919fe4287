"""The commands of MCP servers, as they are typed."""

from __future__ import annotations

from typing import Annotated

import typer

from aloud.cli import options as o

mcp_app = typer.Typer(help="MCP servers and their tools: list, approve, forget.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As the settings file has it: [mcp.NAME].")]


@mcp_app.command("list")
@o.configured("plain")
def mcp_list(given: o.Given, json: o.Json = False) -> None:
    """Every server, opened just now: its tools, and which of them are approved."""
    from aloud.cli.mcp.listing import show

    show(given.settings(), json=json)


@mcp_app.command("approve")
@o.configured("plain")
def mcp_approve(
    given: o.Given,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Without a question.")] = False,
) -> None:
    """Read what a server says of its tools, and let models be offered them."""
    from aloud.cli.mcp.listing import approve

    approve(given.settings(), name, asks=not yes)


@mcp_app.command("forget")
@o.configured("plain")
def mcp_forget(given: o.Given, name: Name) -> None:
    """Take back what was approved of a server."""
    from aloud.cli.mcp.listing import forget

    forget(given.settings(), name)
