"""What packages would tell their makers is switched off here, before any of them is imported.

Every package of ours imports ``config`` first and ``config`` this: ``import voice.turns.vad.silero`` in a
program of one's own is as silent as ``aloud``. Each switch is the package's own, and stands in the
environment, so that every process begun from here has it as well. What was found in which package:
docs/privacy.md.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping

SWITCHES: Mapping[str, str] = {"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""Environment variables and the values that switch off: of ONNX Runtime, and of the hub's client.

ONNX Runtime takes ``0`` and an empty value for "on", so what stands there already does not count.
"""
_OFF = {"1", "true", "yes"}
"""What ONNX Runtime takes for off."""
COLLECTS_FROM = (1, 29)
"""The first ONNX Runtime with a collector in it, outside of Windows."""


def switch_off() -> None:
    """For this process and its children. Warns when ONNX Runtime was imported before and may have begun."""
    late = _has_begun()
    os.environ.update(SWITCHES)
    if late:
        # It has made its device id by now; this keeps the rest of its events from being queued.
        sys.modules["onnxruntime"].disable_telemetry_events()
        warnings.warn(
            "onnxruntime was imported before Aloud could switch its telemetry off. "
            "Import Aloud first, or begin the program with ORT_DISABLE_TELEMETRY=1 in its environment.",
            RuntimeWarning,
            stacklevel=2,
        )


def _has_begun() -> bool:
    library = sys.modules.get("onnxruntime")
    if library is None or os.environ.get("ORT_DISABLE_TELEMETRY", "").lower() in _OFF:
        return False
    numbers = str(getattr(library, "__version__", "")).split(".")[:2]
    return not all(map(str.isdecimal, numbers)) or tuple(map(int, numbers)) >= COLLECTS_FROM
