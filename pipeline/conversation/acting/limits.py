"""How much a model may have its tools do for one question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolLimits:
    """``rounds``: so often a model that asks for tools again and again is asked. ``tool_s``, ``turn_s``:
    seconds that one call, and all of a turn, may take.
    """

    rounds: int = 8
    tool_s: float = 60.0
    turn_s: float = 180.0
    changes: int = 10
    """Calls of tools that change something: nobody asks for more in a sentence."""
