"""Small figures, measured once and kept in a file of JSON. Best effort: what is lost is measured again."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import platform
from pathlib import Path
from typing import Any

from config.files.lock import alone_without_a_mark, no_longer_than
from config.files.private import private_folder
from config.files.whole_file import put_aside, read_bounded, write_whole
from config.runtime.json_values import read_json
from config.system.cores import cores

_BUSY_S = 1.0
"""Another program writes in a moment; one that hangs is not waited for."""
_log = logging.getLogger(__name__)


def of_this_machine(folder: Path) -> Path:
    """A file in it: a home may be shared by several machines."""
    node = "".join(c if c.isalnum() or c in "-." else "_" for c in platform.node()) or "here"
    return folder / f"{node}-{cores()}.json"


def read(file: Path) -> dict[str, Any]:
    """Nothing, where there is no such file or it is damaged."""
    return _whole(file) or {}


def _whole(file: Path) -> dict[str, Any] | None:
    """None: it is damaged, or cannot be read."""
    try:
        kept = read_json(read_bounded(file))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None


def keep(file: Path, name: str, value: Any) -> None:
    """Beside what is kept there, by other programs too. A damaged file is put aside, and that is said."""
    with contextlib.suppress(OSError):
        private_folder(file.parent)
        with alone_without_a_mark(file.parent, waiting=no_longer_than(_BUSY_S)):
            before = _whole(file)
            if before is None and os.path.lexists(file):
                _log.warning("%s was damaged: it is now %s, and a new one is begun.", file, put_aside(file))
            write_whole(file, json.dumps({**(before or {}), name: value}, indent=1).encode())
