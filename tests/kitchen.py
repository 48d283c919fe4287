"""Somebody's skills, what they move, and the two ways to them: a person's words, and a model's calls."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pipeline.llm.base import ToolCall
from pipeline.skills.lists.kept import Lists
from pipeline.skills.skills import Skills
from pipeline.skills.timers import Timers
from pipeline.tools.base import ToolResult
from pipeline.tools.registry import Toolbox

T = TypeVar("T")

NOW = datetime(2026, 11, 22, 15, 5, tzinfo=ZoneInfo("Europe/Berlin"))  # a Sunday


def done(work: Coroutine[Any, Any, T]) -> T:
    """What waits for nothing, without a loop."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError


class Kitchen:
    """``lists``: kept; without a store there are none."""

    def __init__(self, language: str = "en", lists: Lists | None = None) -> None:
        self.language = language
        self.timers = Timers(lambda: 0.0)
        self.skills = Skills(self.timers, lambda: NOW, lists=lists)
        self._toolbox = Toolbox(lambda: self.skills.tools)

    def says(self, text: str) -> str:
        answer = done(self.skills.answer(text, self.language))
        assert answer is not None, text
        return answer.text

    def call(self, tool: str, /, **arguments: Any) -> ToolResult:
        """As a model does it: by what is left of the arguments on the wire."""
        return done(self._toolbox.run(ToolCall("1", tool, json.loads(json.dumps(arguments)))))
