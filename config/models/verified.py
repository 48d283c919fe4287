"""Which files of language models were compared with the checksums of the hub: only those are loaded by name.

Beside a model lies ``VERIFIED``, written after its files were: of each its size, its time of change and its
SHA-256. Loading asks for the first two; where they are others, as after a copy, the whole file is summed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from config.errors import ModelError
from config.files import measured_file
from config.files.own_folder import own_folder
from config.models.catalogue import Model
from config.models.wheels import wheels_of

NOTE = "VERIFIED"
_log = logging.getLogger(__name__)


def note_verified(folder: Path, sums: Iterable[tuple[str, str]]) -> None:
    """Names of files in the folder, each with the SHA-256 that it was found to have. Raises ``OSError``."""
    known = measured_file.read(folder / NOTE) | {
        name: [*_stamp(folder / name), sha256] for name, sha256 in sums
    }
    with own_folder(folder) as own:
        own.write(NOTE, json.dumps(known, indent=1).encode())


def check_verified(model: Model) -> None:
    """Blocking: quick, or a second for each gigabyte of a file that was touched since. Raises ``ModelError``
    for files that nobody compared with the hub's sums, and for those that are others now.
    """
    known = measured_file.read(model.folder / NOTE)
    for name in model.needed:
        path, noted = model.folder / name, known.get(name) or _pinned(model, name)
        if not (isinstance(noted, list) and len(noted) == 3):
            raise ModelError(
                f"{name} of {model.name} was not compared with the hub's checksum.",
                todo=f"Fetch it, which compares what is here: aloud models get {model.name}. "
                f"Or trust it: aloud talk --llm gguf:{path}",
            )
        if _stamp(path) == noted[:2]:
            continue
        if sha256_of(path) != noted[2]:
            raise ModelError(
                f"{name} of {model.name} is not what was fetched: its checksum is another.",
                todo=f"Fetch it anew: aloud models get {model.name}",
            )
        with contextlib.suppress(OSError):  # where it cannot be noted it is summed again
            note_verified(model.folder, [(name, noted[2])])
        _log.info("%s of %s was touched, and is what was fetched", name, model.name)


def _pinned(model: Model, name: str) -> list[Any] | None:
    """The sum that Aloud itself knows, of a file that also lies in a wheel; compared at the first use."""
    files = wheels.files if (wheels := wheels_of(model)) else ()
    return next(([0, 0, file.sha256] for file in files if file.name == name), None)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]
