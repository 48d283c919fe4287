"""A call as it was read back: from then on nothing changes it, and a change would be seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.runtime.clean import CleanText
from pipeline.llm.base import ToolCall


def _written(arguments: Mapping[str, Any], *, canonical: bool = False) -> str:
    return json.dumps(arguments, ensure_ascii=False, sort_keys=canonical)


def _digest(name: str, arguments: Mapping[str, Any]) -> str:
    canonical = json.dumps([name, _written(arguments, canonical=True)])
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class FrozenCall:
    """``written``: its arguments as JSON, which nobody holds a reference into."""

    id: CleanText
    name: CleanText
    written: str
    digest: str

    @classmethod
    def of(cls, call: ToolCall) -> FrozenCall:
        return cls(call.id, call.name, _written(call.arguments), _digest(call.name, call.arguments))

    @property
    def arguments(self) -> dict[str, Any]:
        """Made anew each time."""
        arguments: dict[str, Any] = json.loads(self.written)
        return arguments

    @property
    def is_whole(self) -> bool:
        """It is what was read back."""
        return _digest(self.name, self.arguments) == self.digest

    def is_of(self, call: ToolCall) -> bool:
        """Whether ``call`` would do the very same."""
        return _digest(call.name, call.arguments) == self.digest
