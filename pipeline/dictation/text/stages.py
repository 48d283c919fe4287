"""The text after each stage, and why: what ``--explain`` shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CleanupStage:
    """``name``: heard, commands, vocabulary, inline, fillers, repeats, numbers, capitals, marks, a style."""

    name: str
    text: str
    why: str = ""


def explained(stages: Iterable[CleanupStage]) -> list[str]:
    """A heading a stage, and below it the text where the stage changed it."""
    lines: list[str] = []
    before = None
    for stage in stages:
        same = " (no change)" if stage.text == before else ""
        lines.append(f"── {stage.name}{f': {stage.why}' if stage.why else ''}{same}")
        lines += [] if same else [stage.text]
        before = stage.text
    return lines
