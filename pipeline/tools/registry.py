"""The tools of a conversation: which there are, which a model is offered, and how one is called."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import anyio

from config.errors import AloudError
from config.runtime.clean import EMPTY, clean
from config.runtime.clock import in_thread
from pipeline.consent.gate import Agreed
from pipeline.llm.base import ToolCall
from pipeline.tools.base import Tool, ToolError, ToolResult
from pipeline.tools.leftovers import LONGEST_RESULT, Leftovers
from pipeline.tools.plugins import BrokenTool, PluginTools, plugin_tools
from pipeline.tools.schema import fault

__all__ = ["LONGEST_RESULT", "Toolbox"]

_LONGEST_ECHO = 80

_log = logging.getLogger(__name__)


class ToolSource(Protocol):
    """More tools, which may come and change while a conversation goes on."""

    @property
    def tools(self) -> tuple[Tool, ...]: ...

    async def ready(self) -> None:
        """Until it is known which there are; not for long."""
        ...


class Toolbox:
    """``own``: the program's tools, made at the first call. ``plugins``: those of others, which are imported
    when a model is first offered tools; a plain text that they give counts as somebody else's words.
    ``sources``: of a name that is taken they give nothing.
    """

    def __init__(
        self,
        own: Callable[[], Iterable[Tool]],
        plugins: Callable[[], PluginTools] = plugin_tools,
        sources: Sequence[ToolSource] = (),
    ) -> None:
        self._own = own
        self._plugins = plugins
        self._sources = sources
        self._tools: dict[str, Tool] = {}
        self._others: set[str] = set()
        """Names of the tools of other packages."""
        self._complete = False
        self._taking_in = anyio.Lock()
        self._leftovers = Leftovers()

    async def offered(self, *, sends: bool = False) -> tuple[Tool, ...]:
        """Those that a model may call now. ``sends``: somebody is there to agree to what sends."""
        async with self._taking_in:
            if not self._complete:
                self._take_in(await in_thread(self._plugins))
        for source in self._sources:
            await source.ready()
        known = self._known().values()
        return tuple(tool for tool in known if (sends or tool.risk != "send") and _is_available(tool))

    def tool(self, call: ToolCall) -> Tool | None:
        """The one that is called; None: there is none."""
        return self._known().get(call.name)

    def wrong(self, call: ToolCall) -> ToolResult | None:
        """Why a model's call cannot be run as it stands; None: it can."""
        try:
            if not _is_available(tool := self._checked(call)):
                raise ToolError(f"The tool {tool.name} cannot be used now. It was not run.")
        except ToolError as refusal:
            return ToolResult(clean(str(refusal)), failed=True)
        return None

    async def run_agreed(self, agreed: Agreed) -> ToolResult:
        """What a person said yes to, once and as it was read back."""
        call = agreed.take()
        if call is None:
            return ToolResult(clean("It was not run: it is not what was agreed to."), failed=True)
        return await self._run(ToolCall(call.id, call.name, call.arguments), agreed=True)

    async def run(self, call: ToolCall) -> ToolResult:
        """What came of it. Nothing that a model sent, and nothing that a tool does wrong, is raised here."""
        return await self._run(call, agreed=False)

    async def _run(self, call: ToolCall, *, agreed: bool) -> ToolResult:
        try:
            tool = self._checked(call)
            if tool.risk == "send" and not agreed:
                raise ToolError(f"The tool {tool.name} sends, and nobody has agreed to that: it was not run.")
            given = await tool.run(**call.arguments)
            plain = isinstance(given, str) and tool.name in self._others
            result = self._leftovers.cut(*_whole(given))
            return replace(result, untrusted=True) if plain else result
        except (ToolError, AloudError) as refusal:
            told = clean(str(refusal))
            return ToolResult(told, failed=True, untrusted=call.name in self._others)
        except Exception as error:  # others' code, or ours: the conversation goes on
            _log.warning("The tool %s failed: %s.", call.name, type(error).__name__)
            _log.debug("It failed here:", exc_info=True)
            return ToolResult(clean(f"The tool {call.name} failed ({type(error).__name__})."), failed=True)

    def _known(self) -> Mapping[str, Tool]:
        more = {tool.name: tool for source in reversed(self._sources) for tool in reversed(source.tools)}
        lasting = self._lasting()
        return {**lasting, **{name: tool for name, tool in reversed(more.items()) if name not in lasting}}

    def _lasting(self) -> dict[str, Tool]:
        if not self._tools:
            self._tools = {tool.name: tool for tool in (*self._own(), self._leftovers.tool)}
        return self._tools

    def _take_in(self, found: PluginTools) -> None:
        """Once. Of two tools with one name the first counts, so that none takes the place of one of ours."""
        for broken in found.broken:
            _log.warning("%s", broken)
        for tool in found.tools:
            if self._lasting().setdefault(tool.name, tool) is not tool:
                _log.warning("%s", BrokenTool(tool.name, "another tool has this name."))
            else:
                self._others.add(tool.name)
        self._complete = True

    def _checked(self, call: ToolCall) -> Tool:
        """The tool that is called. Raises ``ToolError`` where it must not be, with what to do about it."""
        if call.malformed:
            said = call.malformed[:_LONGEST_ECHO]
            raise ToolError(f"The arguments could not be read ({said}); call again with valid JSON.")
        tool = self._known().get(call.name)
        if tool is None:
            raise ToolError(f"There is no tool {call.name[:_LONGEST_ECHO]}. There are: {self._names()}.")
        if said := clean(fault(call.arguments, tool.parameters)):
            raise ToolError(f"{said} The tool {tool.name} was not run.")
        return tool

    def _names(self) -> str:
        return ", ".join(name for name, tool in self._known().items() if _is_available(tool))


def _is_available(tool: Tool) -> bool:
    try:
        return tool.available()
    except Exception as error:  # others' code
        _log.warning("The tool %s is not offered: %s.", tool.name, type(error).__name__)
        return False


def _whole(result: ToolResult | str) -> tuple[ToolResult, str]:
    """With its text, which may be too long to be cleaned here. Raises ``ToolError`` for what is neither."""
    if isinstance(result, str):
        return ToolResult(EMPTY), result
    if not isinstance(result, ToolResult):
        raise ToolError("The tool gave no text.")
    return result, result.text
