"""Opens what a spec names as the place where a text goes."""

from __future__ import annotations

import sys
from pathlib import Path

from config.errors import UsageError
from pipeline.dictation.targets.base import Say, Target


def open_target(spec: str, *, json: bool = False, say: Say | None = None) -> Target:
    """``stdout``, ``file:PATH``, ``clipboard``, ``window``, ``command:PROGRAM ARGUMENTS`` or ``speak``.

    ``json``: records on standard output are objects, a line each. ``say`` speaks a text; ``speak`` needs it.
    Raises ``UsageError`` for a spec that is none, ``TargetError`` for a tool that is not here.
    """
    kind, _, rest = spec.partition(":")
    match kind:
        case "stdout" | "-":
            from pipeline.dictation.targets.stdout import StandardOutput

            return StandardOutput(sys.stdout, json=json)
        case "file" if rest:
            from pipeline.dictation.targets.file import File

            return File(Path(rest))
        case "clipboard":
            from pipeline.dictation.targets.clipboard import Clipboard

            return Clipboard()
        case "window":
            from pipeline.dictation.targets.window import open_window

            return open_window()
        case "command" if rest.strip():
            from pipeline.dictation.targets.command import Command

            return Command(rest)
        case "speak" if say:
            from pipeline.dictation.targets.speak import SpeakTarget

            return SpeakTarget(say)
    raise UsageError(
        f"“{spec}” is nothing a text can be delivered to.",
        todo="Choose stdout, file:PATH, clipboard, window, command:PROGRAM or speak.",
    )
