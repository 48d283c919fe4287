"""Tools of others: packages that name theirs as entry points of the group ``aloud.tools``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.runtime.plugins import installed, removal
from pipeline.tools.base import Tool

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "aloud.tools"


@dataclass(frozen=True, slots=True)
class BrokenTool:
    """An entry point that gave no tool, and why."""

    name: str
    reason: str
    todo: str = ""

    def __str__(self) -> str:
        return f"The tool {self.name} cannot be used: {self.reason}"


@dataclass(frozen=True, slots=True)
class PluginTools:
    tools: tuple[Tool, ...] = ()
    broken: tuple[BrokenTool, ...] = ()


def plugin_tools() -> PluginTools:
    """All that are installed, and those that are broken (blocking: their packages are imported)."""
    try:
        entries = sorted(installed(GROUP), key=lambda entry: entry.name)
    except Exception as error:  # what is installed is damaged
        return PluginTools(broken=(BrokenTool("of other packages", f"{type(error).__name__}: {error}."),))
    loaded = [_load(entry) for entry in entries]
    return PluginTools(
        tuple(tool for tool in loaded if isinstance(tool, Tool)),
        tuple(broken for broken in loaded if isinstance(broken, BrokenTool)),
    )


def _load(entry: EntryPoint) -> Tool | BrokenTool:
    try:
        found: object = entry.load()
    except (Exception, SystemExit) as error:  # others' code: whatever it does, the conversation goes on
        reason = f"{entry.value} could not be loaded ({type(error).__name__}: {error})."
        return BrokenTool(entry.name, reason, removal(entry))
    if isinstance(found, Tool):
        return found
    return BrokenTool(entry.name, f"{entry.value} is no Tool.", removal(entry))
