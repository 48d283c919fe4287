"""What was measured of the engines on this machine, kept from one start to the next."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

from config.catalogue import Model
from config.cores import cores
from config.paths import state_dir


def _file() -> Path:
    """One for each machine: a home may be shared by several."""
    node = "".join(c if c.isalnum() or c in "-." else "_" for c in platform.node()) or "here"
    return state_dir() / "speeds" / f"{node}-{cores()}.json"


def _read() -> dict[str, Any]:
    try:
        kept = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(name: str, seconds: float) -> None:
    """Best effort: where it cannot be kept, it is measured again another time."""
    file = _file()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        number, part = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(number, "w", encoding="utf-8") as out:
            json.dump(_read() | {name: round(seconds, 4)}, out, indent=1)
        os.replace(part, file)


def keep_kernel(seconds: float) -> float:
    """The quickest that was ever seen here: other programs can only make it slower."""
    before = _number(_read(), "kernel")
    if before is None or seconds < before:
        _keep("kernel", seconds)
        return seconds
    return before


def quickest_kernel_s() -> float | None:
    """None: it was never measured here."""
    return _number(_read(), "kernel")


def keep_draft(model: Model, seconds: float) -> None:
    """Of three seconds of speech."""
    _keep(model.name, seconds)


def _number(kept: dict[str, Any], name: str) -> float | None:
    value = kept.get(name)
    return float(value) if isinstance(value, int | float) and value > 0 else None


def draft_s(model: Model, *, correction: float = 1.0) -> float | None:
    """Seconds that a draft of three seconds of speech takes: measured, else predicted, else None.

    ``correction``: by what the last prediction was wrong.
    """
    measured, predicted = measured_draft_s(model), predicted_draft_s(model)
    if measured is not None:
        return measured
    return predicted * correction if predicted is not None else None


def predicted_draft_s(model: Model) -> float | None:
    """By the speed of the machine, whatever was measured since; None before that was measured."""
    kernel = _number(_read(), "kernel")
    return kernel * model.kernels if kernel and model.kernels else None


def measured_draft_s(model: Model) -> float | None:
    return _number(_read(), model.name)
