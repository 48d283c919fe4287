"""What a skill hands back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class SkillAnswer:
    """A short answer that was worked out here, without a model."""

    text: str
    """Sentences to say; empty when ``wants`` asks the assistant to look."""
    skill: str
    """``time``, ``date``, ``timer``, ``sum``, ``units``, ``look`` or ``courtesy``."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """What was understood; JSON values only."""
    certain: bool = False
    """The whole utterance had a precise form: answer here even when a model is connected."""
    wants: Literal["", "read", "describe"] = ""


def sentence(text: str) -> str:
    """A capital in front."""
    return text[:1].upper() + text[1:]
