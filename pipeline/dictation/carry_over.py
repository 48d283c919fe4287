"""Takes that were worked on while the account could not be written: into it, once it can."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from config.errors import StoreError
from pipeline.dictation.takes_schema import DELIVERY_COLUMNS, TAKE_COLUMNS, TAKES, UTTERANCE_COLUMNS
from pipeline.store.database import Database

_BUSY_S = 1.0


def carry_over(copy: Database, path: Path, takes: Iterable[int]) -> bool:
    """Of ``copy`` into the file; False: it takes nothing yet."""
    try:
        with contextlib.closing(Database(path, TAKES, busy_s=_BUSY_S)) as file, file.writing() as base:
            for take in takes:
                _carry(copy, base, take)
    except StoreError:
        return False
    return True


def _carry(copy: Database, base: sqlite3.Connection, take: int) -> None:
    """A take is the one that began in the same moment; its number may be another's there."""
    columns = TAKE_COLUMNS[1:]
    for row in copy.rows(f"SELECT {', '.join(columns)} FROM takes WHERE id=?", (take,)):
        found = base.execute("SELECT id FROM takes WHERE began=?", (row["began"],)).fetchone()
        number = found["id"] if found else None
        number = base.execute(_put("takes", TAKE_COLUMNS), (number, *row)).lastrowid
        for table, names in (("utterances", UTTERANCE_COLUMNS), ("deliveries", DELIVERY_COLUMNS)):
            for of in copy.rows(f"SELECT {', '.join(names)} FROM {table} WHERE take=?", (take,)):
                values = [number if name == "take" else of[name] for name in names]
                base.execute(_put(table, names), values)


def _put(table: str, names: tuple[str, ...]) -> str:
    return f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
