"""JSON from outside, read with a bound: what is nested a thousand deep ends whoever looks into it. Pure."""

from __future__ import annotations

import json
from typing import Any

DEEPEST_ARGUMENTS = 32
"""Levels of what a tool is called with."""
DEEPEST = 64
"""Levels of what a server sends: an answer, which may hold such arguments, has ten."""


def read_json(text: str | bytes | bytearray, deepest: int = DEEPEST) -> Any:
    """Raises ``ValueError`` for what is no JSON, or nested more deeply."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if is_deeper(value, deepest):
        raise ValueError("nested too deeply")
    return value


def is_deeper(value: Any, levels: int) -> bool:
    """Whether there are objects or lists within each other more than ``levels`` times."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        if not level:
            return False
        level = [inner for outer in level for inner in _inner(outer) if isinstance(inner, dict | list)]
    return bool(level)


def _inner(outer: dict[str, Any] | list[Any]) -> Any:
    return outer.values() if isinstance(outer, dict) else outer
