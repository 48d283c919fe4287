"""Arguments that come a value at a time, each with its place in the object, as Gemini streams them. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from pipeline.llm.apis.reply import as_text

_STEP = re.compile(
    r"\.(?P<name>[^.\[\]]+)|\[(?P<index>\d{1,6})\]"
    r"|\['(?P<single>(?:[^'\\]|\\.)*)'\]|\[\"(?P<double>(?:[^\"\\]|\\.)*)\"\]"
)
"""Of a path as RFC 9535 writes it: ``$.a.b[0]``, ``$['a']``."""
DEEPEST = 32
_VALUES = ("stringValue", "numberValue", "boolValue")


class PartialArguments:
    """``value`` is what has come; ``broken``: something came for which there is no place in it."""

    def __init__(self) -> None:
        self.value: dict[str, Any] = {}
        self.broken = False
        self._growing: set[str] = set()
        """The paths of texts that go on."""

    def add(self, partial: dict[str, Any]) -> None:
        path = as_text(partial.get("jsonPath"))
        steps = _steps(path)
        if not steps or isinstance(steps[0], int):
            self.broken = True
            return
        try:
            self._put(steps, _value(partial), grows=path in self._growing)
        except (TypeError, IndexError):
            self.broken = True
        (self._growing.add if partial.get("willContinue") else self._growing.discard)(path)

    def _put(self, steps: list[str | int], value: Any, *, grows: bool) -> None:
        """Raises ``TypeError`` or ``IndexError`` where there is no such place."""
        inside: Any = self.value
        for step, following in pairwise(steps):
            empty: Any = [] if isinstance(following, int) else {}
            inside = _at(inside, step, empty)
        before = _at(inside, steps[-1], "" if isinstance(value, str) else None)
        inside[steps[-1]] = before + value if grows else value


def _steps(path: str) -> list[str | int]:
    """[] where it cannot be read."""
    steps: list[str | int] = []
    place = 1 if path.startswith("$") else 0
    while place < len(path):
        step = _STEP.match(path, place) if len(steps) < DEEPEST else None
        if step is None:
            return []
        name, index = step["name"], step["index"]
        quoted = step["single"] or step["double"] or ""
        steps.append(int(index) if index else name or re.sub(r"\\(.)", r"\1", quoted))
        place = step.end()
    return steps


def _value(partial: dict[str, Any]) -> Any:
    return next((partial[name] for name in _VALUES if name in partial), None)


def _at(inside: Any, step: str | int, empty: Any) -> Any:
    """What is there; if nothing is, ``empty`` is put there. A list grows by one at its end."""
    if isinstance(step, int):
        if not isinstance(inside, list):
            raise TypeError
        if step == len(inside):
            inside.append(empty)
        return inside[step]
    if not isinstance(inside, dict):
        raise TypeError
    return inside.setdefault(step, empty)
