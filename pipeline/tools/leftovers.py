"""What of a long result a model was not given at once, and the tool that gives it: ``read_more``."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from config.runtime.clean import clean
from pipeline.tools.base import Tool, ToolError, ToolResult

LONGEST_RESULT = 8000
"""Letters of a result that a model gets at once."""
_HEAD, _TAIL, _NEXT = 6000, 1500, 7500
_MOST_OF_ONE, _MOST_KEPT = 1_000_000, 4_000_000
"""Letters that are kept of a result, and of all of a conversation; the oldest go."""


@dataclass(frozen=True, slots=True)
class _Kept:
    text: str
    """As it came: to clean a megabyte takes a quarter of a second, and nobody may ask for it."""
    length: int
    """Of the whole result: the end of one that was too long is not kept."""
    untrusted: bool


class Leftovers:
    """Of one conversation."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._count = 0
        self.tool = Tool(
            "read_more",
            "Gives more of a result that was too long to be given at once.",
            {
                "type": "object",
                "properties": {
                    "result": {"type": "integer", "description": "its number, as the result says"},
                    "at": {"type": "integer", "minimum": 0, "description": "the letter to go on at"},
                },
                "required": ["result"],
            },
            risk="read",
            run=self._more,
            available=lambda: bool(self._kept),
        )

    def cut(self, result: ToolResult, text: str) -> ToolResult:
        """With as much of ``text`` as a model can take in: its head and its tail, and how to get the rest."""
        if len(text) <= LONGEST_RESULT:
            return replace(result, text=clean(text))
        number = self._keep(_Kept(text[:_MOST_OF_ONE], len(text), result.untrusted))
        over = len(text) - _HEAD - _TAIL
        how = f"{over} more letters are left out here; call read_more with result {number} and at {_HEAD}"
        return replace(result, text=clean(f"{text[:_HEAD]}\n[{how}]\n{text[-_TAIL:]}"))

    def _keep(self, kept: _Kept) -> int:
        self._count += 1
        self._kept[self._count] = kept
        while sum(len(each.text) for each in self._kept.values()) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return self._count

    async def _more(self, result: int, at: int = _HEAD) -> ToolResult:
        kept = self._kept.get(result)
        if kept is None:
            there = ", ".join(map(str, self._kept)) or "none"
            raise ToolError(f"Of result {result} nothing is kept. There are: {there}.")
        if at >= len(kept.text):
            raise ToolError(f"Result {result} has {kept.length} letters, of which {len(kept.text)} are kept.")
        end = at + _NEXT
        over = kept.length - end
        more = (
            f"\n[{over} more letters; call read_more with result {result} and at {end}]" if over > 0 else ""
        )
        return ToolResult(clean(f"{kept.text[at:end]}{more}"), untrusted=kept.untrusted)
