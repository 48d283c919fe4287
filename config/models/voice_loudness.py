"""How loud the voices speak by themselves, measured when one first speaks and kept."""

from __future__ import annotations

import math
from pathlib import Path

from config.files import measured_file
from config.settings.paths import state_dir


def _file() -> Path:
    return state_dir() / "loudness.json"


def _named(model: Path) -> str:
    """Another file under the same name is another voice."""
    told = model.stat()
    return f"{model.name} {told.st_size} {told.st_mtime_ns}"


def keep_loudness(model: Path, lufs: float) -> None:
    """``model``: the voice's file. Minus infinity, a voice that was not heard, is not kept."""
    if math.isfinite(lufs):
        measured_file.keep(_file(), _named(model), round(lufs, 2))


def kept_loudness(model: Path) -> float | None:
    """In LUFS; None before it was measured."""
    value = measured_file.read(_file()).get(_named(model))
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
