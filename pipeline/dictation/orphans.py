"""Recordings that no take names, since the account was lost or could not be written, are takes again."""

from __future__ import annotations

import contextlib
from pathlib import Path

from config.errors import StoreError
from config.files.lock import held
from pipeline.dictation.take_rows import sound_name
from pipeline.dictation.wav_file import EMPTY_BYTES, length_s
from pipeline.store.database import Database

FOUND = "Only its recording was found."
"""The reason of such a take."""
_ADOPTED = (
    "INSERT INTO takes (began, state, style, targets, language, stt, sound, reason)"
    " SELECT ?, 'recorded', 'auto', '[\"stdout\"]', 'auto', 'not known', ?, ?"
    " WHERE NOT EXISTS (SELECT 1 FROM takes WHERE sound=?)"
)


def adopt(base: Database, folder: Path) -> int:
    """Those in ``folder`` that nobody is working on; how many there were. Those that cannot be looked at, or
    written down, are left for the next time.
    """
    with contextlib.suppress(OSError, StoreError):
        lying = sorted(file for file in folder.glob("*.wav") if _holds_sound(file))
        known = {row["sound"] for row in base.rows("SELECT sound FROM takes")} if lying else set()
        found = [file for file in lying if file.name not in known and _is_free(file)]
        return sum(_adopted(base, file) for file in found)
    return 0


def _holds_sound(file: Path) -> bool:
    named = sound_name(file.name) == file.name
    return named and not file.is_symlink() and file.is_file() and file.stat().st_size > EMPTY_BYTES


def _is_free(file: Path) -> bool:
    try:
        with held(file):
            return True
    except OSError:
        return False


def _adopted(base: Database, file: Path) -> int:
    began = file.stat().st_mtime - length_s(file)
    with base.writing() as writing:
        return writing.execute(_ADOPTED, (began, file.name, FOUND, file.name)).rowcount
