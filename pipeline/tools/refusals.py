"""What a model is told of a call that was not run, or not to its end."""

from __future__ import annotations

from typing import Final

from config.runtime.clean import clean
from pipeline.tools.base import ToolResult


def _refusal(text: str) -> ToolResult:
    return ToolResult(clean(text), failed=True)


ASKED: Final = ToolResult(
    clean("The person is asked whether to do it. It has not been done; do not say that it was.")
)
BUSY: Final = _refusal(
    "It was not run: the person is being asked about another call. Call it again afterwards."
)
DECIDED: Final = _refusal("It was not run: the person has decided about this very call just now.")
NOBODY: Final = _refusal("It was not run: it needs a person's yes, and nobody can be asked here.")
TOO_LONG: Final = _refusal(
    "It was not run: it needs a person's yes, and is too long to be read to them. Make it shorter."
)
NO_TIME: Final = _refusal("It was not run: the time for tools is over. Answer with what you have.")


def too_many_changes(most: int) -> ToolResult:
    return _refusal(f"It was not run: {most} changes were made for this question, the most.")


def stopped(name: str, seconds: float, *, changes: bool) -> ToolResult:
    """``changes``: it may have done something before."""
    known = " Nobody knows whether it was done; do not say that it was." if changes else ""
    return _refusal(f"The tool {name} did not end in {seconds:.0f} s and was stopped.{known}")
