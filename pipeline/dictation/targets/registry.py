"""Where a text may go, by what ``--to NAME:REST`` names; other packages' by ``aloud.targets``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from config.runtime.plugins import Factory, Registry

if TYPE_CHECKING:
    from pipeline.dictation.targets.base import DeliveryOptions, Target

TargetFactory: TypeAlias = "Factory[[str, DeliveryOptions], Target]"
"""``open`` is given what stands after the colon. It raises ``UsageError`` or ``TargetError``."""

TARGETS: Registry[TargetFactory] = Registry(
    "aloud.targets",
    {
        "stdout": "pipeline.dictation.targets.stdout:STDOUT",
        "-": "pipeline.dictation.targets.stdout:STDOUT",
        "file": "pipeline.dictation.targets.file:FILE",
        "clipboard": "pipeline.dictation.targets.clipboard:CLIPBOARD",
        "window": "pipeline.dictation.targets.window:WINDOW",
        "command": "pipeline.dictation.targets.command:COMMAND",
        "speak": "pipeline.dictation.targets.speak:SPEAK",
    },
    has=("name", "deliver", "take_back", "arrived", "program"),
)
