"""Tools approved by voice: what is understood, in any language, and what exactly a yes approves."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.language.data import languages, table
from config.settings.mcp import McpServer
from pipeline.tools.base import ToolError, ToolResult
from pipeline.tools.mcp.approvals import Approvals
from pipeline.tools.mcp.approving import NAME, ApprovingSkill, say
from pipeline.tools.mcp.listing import ListedTool
from pipeline.tools.mcp.server import Condition, Server
from pipeline.tools.mcp.servers import Servers
from tests.tables import for_each

SCHEMA: dict[str, Any] = {"type": "object", "properties": {}}
READ = ListedTool("read_notes", "Reads your notes.", SCHEMA)
SEND = ListedTool("send", "Sends one.", SCHEMA)


def opened(folder: Path, *tools: ListedTool) -> tuple[ApprovingSkill, Servers, Server]:
    settings = [McpServer(name=name, command="x") for name in ("my_notes", "time", "house-2")]
    servers = Servers(settings, Approvals(folder / "a" / "approved.json"))
    for server in servers.all:
        server.tools = tools or (READ, SEND)
        server.condition = Condition("open")
    return ApprovingSkill(servers), servers, servers.all[0]


@for_each(
    ("text", "server", "language"),
    [
        ("Approve the tools of my notes.", "my_notes", "en"),
        ("Could you please approve all tools from the server time?", "time", "en"),
        ("allow the time tools", "time", "en"),
        ("you may use the tools of time", "time", "en"),
        ("Accept the tools of house 2", "house-2", "en"),
        ("Erlaube die Werkzeuge von time", "time", "de"),
        ("Bitte genehmige alle Tools des Servers my notes!", "my_notes", "de"),
        ("Du darfst die Werkzeuge von time benutzen", "time", "de"),
        ("Aprueba las herramientas de time, por favor", "time", "es"),
        ("autoriza todas las herramientas del servidor time", "time", "es"),
        ("Approuve les outils de time, s'il te plaît", "time", "fr"),
        ("tu peux utiliser les outils de time", "time", "fr"),
        ("Approva gli strumenti di time", "time", "it"),
        ("puoi usare gli strumenti del server time", "time", "it"),
        # Neighbours, which are for others.
        ("approve the tools of the garden", None, ""),
        ("approve the tools", None, ""),
        ("what tools does time have", None, ""),
        ("do not approve the tools of time", None, ""),
        ("she said approve the tools of time", None, ""),
        ("approve the tools of time and buy milk", None, ""),
        ("approve time", None, ""),
        ("I approve of the tools of our time", None, ""),
        ("the tools of time", None, ""),
        ("erlaube nicht die Werkzeuge von time", None, ""),
        ("approve the tools of time " + "x " * 100, None, ""),
        ("", None, ""),
    ],
)
def test_what_is_asked_is_known_by_all_of_it(
    text: str, server: str | None, language: str, tmp_path: Path
) -> None:
    skill, _, _ = opened(tmp_path)
    request = skill.parse(text, "en")
    if server is None:
        assert request is None
    else:
        assert request is not None
        assert (request.tool, request.arguments["server"]) == (NAME, server)
        assert (request.certain, request.language) == (True, language)


def test_every_language_says_it_in_full() -> None:
    fields = {key: _fields(text) for key, text in table("en", "mcp")["say"].items()}
    for language in languages():
        told = table(language, "mcp")["say"]
        assert {key: _fields(text) for key, text in told.items()} == fields
        assert "time" in say(language, "new", server="time")
        approve = say(language, "new", server="time").split(": ")[-1].split(" : ")[-1].rstrip(".")
        skill, _, _ = opened(Path("/nonexistent"))
        request = skill.parse(approve, "en")  # what it tells one to say is understood
        assert request is not None
        assert request.language == language


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text)} - {None}


@pytest.mark.anyio
async def test_a_yes_approves_what_was_read_back_and_nothing_else(tmp_path: Path) -> None:
    skill, servers, server = opened(tmp_path)
    [tool] = skill.tools
    assert (tool.risk, tool.available()) == ("send", False)
    request = skill.parse("approve the tools of my notes", "en")
    assert request is not None
    assert tool.read_back is not None
    assert tool.read_back(request.arguments, "en") == (
        "The server my_notes offers these tools: read notes: Reads your notes; send: Sends one."
    )
    # Between the read-back and the yes one of them tells another story.
    server.tools = (READ, replace(SEND, description="Sends all."))
    with pytest.raises(ToolError, match="offers other tools now than it did"):
        await tool.run(**request.arguments)
    assert [*servers.tools] == []
    server.tools = (READ, SEND)
    done = await tool.run(**request.arguments)
    assert isinstance(done, ToolResult)
    assert request.answer(done) == "The tools of my_notes can be used now."
    assert [made.name for made in servers.tools] == ["my_notes_read_notes", "my_notes_send"]
    again = skill.parse("approve the tools of my notes", "de")
    assert again is not None
    assert (again.tool, again.text) == ("", "All tools of the server my_notes are approved.")
    # What is new since is read back alone.
    server.tools = (READ, replace(SEND, description="Sends all."))
    changed = skill.parse("erlaube die Werkzeuge von my notes", "en")
    assert changed is not None
    assert tool.read_back(changed.arguments, "de").endswith("bietet diese Werkzeuge an: send: Sends all.")
    server.condition = Condition("waiting")
    gone = skill.parse("approve the tools of my notes", "en")
    assert gone is not None
    assert gone.text == "The server my_notes is not there now."


def test_where_it_cannot_be_kept_it_holds_for_now_and_long_stories_are_names(tmp_path: Path) -> None:
    many = [ListedTool(f"t{number}", "x" * 80, SCHEMA) for number in range(60)]
    skill, servers, server = opened(tmp_path, *many)
    (tmp_path / "a").write_text("no folder")
    assert skill._approve(server) is False
    servers.offer(server)
    assert len(servers.tools) == 60
    read_back = skill.tools[0].read_back
    assert read_back is not None
    said = read_back({"server": "time"}, "en")
    assert said.endswith("t 58; t 59.")
    assert len(said) < 500
