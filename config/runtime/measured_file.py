"""Small figures, measured once and kept in a file of JSON. Best effort: what is lost is measured again."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

from config.runtime.cores import cores
from config.runtime.private import own_folder

LONGEST = 1_000_000
"""Bytes. What is larger was not written here."""


def of_this_machine(folder: Path) -> Path:
    """A file in it: a home may be shared by several machines."""
    node = "".join(c if c.isalnum() or c in "-." else "_" for c in platform.node()) or "here"
    return folder / f"{node}-{cores()}.json"


def read(file: Path) -> dict[str, Any]:
    """Nothing, where there is no such file or it is damaged."""
    try:
        if file.stat().st_size > LONGEST:
            return {}
        kept = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def keep(file: Path, name: str, value: Any) -> None:
    """Beside what is kept there; a file is whole at any moment."""
    with contextlib.suppress(OSError):
        own_folder(file.parent)
        number, part = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(number, "w", encoding="utf-8") as out:
            json.dump(read(file) | {name: value}, out, indent=1)
        os.replace(part, file)
