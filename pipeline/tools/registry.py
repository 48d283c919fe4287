"""The tools of a conversation: which there are, which a model is offered, and how one is called."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import anyio

from config.errors import AloudError
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from pipeline.llm.base import ToolCall
from pipeline.tools.base import Tool, ToolError, ToolResult
from pipeline.tools.plugins import BrokenTool, PluginTools, plugin_tools
from pipeline.tools.schema import fault

LONGEST_RESULT = 8000
"""Letters of a result that a model gets."""
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
    when a model is first offered tools. ``sources``: of a name that is taken they give nothing.
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
        self._complete = False
        self._taking_in = anyio.Lock()

    async def offered(self) -> tuple[Tool, ...]:
        """Those that a model may call now."""
        async with self._taking_in:
            if not self._complete:
                self._take_in(await in_thread(self._plugins))
        for source in self._sources:
            await source.ready()
        return tuple(tool for tool in self._known().values() if tool.risk != "send" and _is_available(tool))

    def changes(self, call: ToolCall) -> bool:
        """Whether it is of a tool that does more than look something up."""
        tool = self._known().get(call.name)
        return tool is not None and tool.risk != "read"

    def takes_away(self, call: ToolCall) -> bool:
        tool = self._known().get(call.name)
        return tool is not None and tool.takes_away

    async def run(self, call: ToolCall) -> ToolResult:
        """What came of it. Nothing that a model sent, and nothing that a tool does wrong, is raised here."""
        try:
            tool = self._checked(call)
            return _bounded(await tool.run(**call.arguments))
        except (ToolError, AloudError) as refusal:
            return ToolResult(clean(str(refusal)), failed=True)
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
            self._tools = {tool.name: tool for tool in self._own()}
        return self._tools

    def _take_in(self, found: PluginTools) -> None:
        """Once. Of two tools with one name the first counts, so that none takes the place of one of ours."""
        for broken in found.broken:
            _log.warning("%s", broken)
        for tool in found.tools:
            if self._lasting().setdefault(tool.name, tool) is not tool:
                _log.warning("%s", BrokenTool(tool.name, "another tool has this name."))
        for tool in self._known().values():
            if tool.risk == "send":
                _log.info("The tool %s is not offered: it sends, and nobody has allowed that.", tool.name)
        self._complete = True

    def _checked(self, call: ToolCall) -> Tool:
        """The tool that is called. Raises ``ToolError`` where it must not be, with what to do about it."""
        if call.malformed:
            said = call.malformed[:_LONGEST_ECHO]
            raise ToolError(f"The arguments could not be read ({said}); call again with valid JSON.")
        tool = self._known().get(call.name)
        if tool is None:
            raise ToolError(f"There is no tool {call.name[:_LONGEST_ECHO]}. There are: {self._names()}.")
        if tool.risk == "send":
            raise ToolError(f"The tool {tool.name} sends, and nobody has allowed that: it was not run.")
        if said := clean(fault(call.arguments, tool.parameters)):
            raise ToolError(f"{said} The tool {tool.name} was not run.")
        return tool

    def _names(self) -> str:
        return ", ".join(name for name, tool in self._known().items() if tool.risk != "send")


def _is_available(tool: Tool) -> bool:
    try:
        return tool.available()
    except Exception as error:  # others' code
        _log.warning("The tool %s is not offered: %s.", tool.name, type(error).__name__)
        return False


def _bounded(result: ToolResult | str) -> ToolResult:
    """As much of it as a model can take in; what is neither raises ``ToolError``."""
    result = ToolResult(clean(result)) if isinstance(result, str) else result
    if not isinstance(result, ToolResult):
        raise ToolError("The tool gave no text.")
    text = clean(result.text)
    if (over := len(text) - LONGEST_RESULT) > 0:
        text = clean(f"{text[:LONGEST_RESULT]} … ({over} more letters were left out.)")
    return replace(result, text=text)
