"""Opens what a spec names as the place where a text goes."""

from __future__ import annotations

from config.errors import UsageError
from config.runtime.plugins import one_of
from pipeline.dictation.targets.base import DeliveryOptions, Say, Target
from pipeline.dictation.targets.registry import TARGETS


def open_target(spec: str, *, json: bool = False, say: Say | None = None) -> Target:
    """``stdout``, ``file:PATH``, ``clipboard``, ``window``, ``command:PROGRAM ARGUMENTS``, ``speak``, or what
    another package brings.

    ``json``: records on standard output are objects, a line each. ``say`` speaks a text; ``speak`` needs it.
    Raises ``UsageError`` for a spec that is none, ``TargetError`` for a tool that is not here,
    ``PluginError``.
    """
    kind, _, rest = spec.partition(":")
    factory = TARGETS.find(kind)
    if factory is None or not factory.takes(rest) or (kind == "speak" and say is None):
        raise UsageError(
            f"“{spec}” is nothing a text can be delivered to.", todo=f"Choose {one_of(TARGETS.forms())}."
        )
    return factory.open(rest, DeliveryOptions(json, say))
