"""Tools are approved by voice: "approve the tools of the calendar". What is approved is what is read back,
and it is asked for as all that sends is.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.language.any_language import AnyLanguage, Tables
from config.language.data import known, table
from config.language.normalise import words_only
from config.runtime.clean import clean, clean_line
from config.runtime.clock import in_thread
from pipeline.intents.wordings import wordings
from pipeline.skills.answer import SkillRequest
from pipeline.tools.base import Tool, ToolError, ToolResult
from pipeline.tools.mcp.listing import ListedTool
from pipeline.tools.mcp.server import Server
from pipeline.tools.mcp.servers import Servers, mark_of

_log = logging.getLogger(__name__)

NAME = "approve_mcp_tools"
_LONGEST_STORY = 80
_LONGEST = 2500
"""Letters of what is read back with the tools' own words; beyond it their names alone are."""
_LONGEST_SAID = 120


@dataclass(frozen=True, slots=True)
class Approved:
    """What came of it: a phrase of ``mcp.toml``."""

    phrase: str
    server: str

    def said(self, language: str) -> str:
        return say(language, self.phrase, server=self.server)


class ApprovingSkill:
    """A skill (``pipeline.skills.answer``)."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        parameters = {
            "type": "object",
            "properties": {"server": {"type": "string"}, "seen": {"type": "string"}},
            "required": ["server", "seen"],
        }
        # Never offered to a model: it is the person's words alone that ask for it.
        self.tools = (
            Tool(
                NAME,
                "Approves the tools of an MCP server.",
                parameters,
                risk="send",
                run=self._run,
                read_back=self._read_back,
                available=lambda: False,
            ),
        )

    def parse(self, text: str, language: str) -> SkillRequest | None:
        if len(text) > _LONGEST_SAID:
            return None
        for said in wordings(text):
            for code, _, slots in _sentences().readings(said):
                if server := self._meant(slots.get("server", "")):
                    return self._request(server, code)
        return None

    def _meant(self, said: str) -> Server | None:
        return next((each for each in self._servers.all if spoken(each.settings.name) == said), None)

    def _request(self, server: Server, language: str) -> SkillRequest:
        name = server.settings.name
        if server.condition.state != "open":
            return _plainly("not_there", name, language)
        if not self._servers.waiting(server):
            return _plainly("nothing_new", name, language)
        arguments = {"server": name, "seen": mark_of(server)}
        return SkillRequest(
            NAME, arguments, certain=True, say=functools.partial(_say, language=language), language=language
        )

    def _read_back(self, arguments: Mapping[str, Any], language: str) -> str:
        server = self._servers.named(str(arguments["server"]))
        waiting = self._servers.waiting(server) if server else ()
        names = [spoken(tool.name) for tool in waiting]
        whole = [_introduced(tool) for tool in waiting]
        listed = whole if sum(map(len, whole)) <= _LONGEST else names
        return say(language, "offers", server=str(arguments["server"]), tools="; ".join(listed))

    async def _run(self, server: str, seen: str) -> ToolResult:
        found = self._servers.named(server)
        if found is None or seen != mark_of(found):
            raise ToolError("The server offers other tools now than it did: they are not approved.")
        kept = await in_thread(self._approve, found)
        self._servers.offer(found)
        done = Approved("approved" if kept else "approved_for_now", found.settings.name)
        return ToolResult(clean(done.said("en")), value=done, told=done.said)

    def _approve(self, server: Server) -> bool:
        """False: it could not be kept."""
        try:
            self._servers.approve(server, server.tools)
        except OSError as error:
            _log.warning("What is approved of %s is not kept: %s", server.settings.name, error)
            return False
        return True


def _introduced(tool: ListedTool) -> str:
    """By its name, and what it says of itself."""
    name, story = spoken(tool.name), clean_line(tool.description, _LONGEST_STORY).rstrip(". ")
    return f"{name}: {story}" if story and spoken(story) != name else name


def spoken(name: str) -> str:
    """As it is said and heard."""
    return words_only(name.replace("_", " ").replace("-", " "))


def say(language: str, phrase: str, **values: str) -> str:
    said: str = table(known(language), "mcp")["say"][phrase]
    return said.format(**values)


def _say(value: Approved, language: str) -> str:
    return value.said(language)


def _plainly(phrase: str, server: str, language: str) -> SkillRequest:
    return SkillRequest(text=say(language, phrase, server=server), certain=True, language=language)


@functools.cache
def _sentences() -> AnyLanguage:
    return AnyLanguage(_tables)


def _tables(language: str) -> Tables:
    asked = table(language, "mcp")
    return [({"approve": asked["asked"]["approve"]}, asked.get("rules", {}))]
