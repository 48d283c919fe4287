"""What can still be read of a file that cannot be used: row by row, from both ends of each table."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.store.database import PARTS, Database, readable
from pipeline.store.schema import Column, columns

MOST_ROWS = 1_000_000
"""Of a table: a damaged one may seem to have no end."""
_BUSY_S = 1.0
_FAILURES = (sqlite3.Error, OSError, UnicodeDecodeError, MemoryError)
"""SQLite's own sentences name what stands in a file, and may be no text; one that is broken may ask
for any amount of memory."""


def rescue(source: Path, into: Database) -> int:
    """Rows of tables and columns that both know are copied; how many were. Never raises for the sake of
    ``source``, and changes nothing of it.
    """
    if not source.is_file():
        return 0
    plain = all(_is_plain(Path(f"{source}{part}")) for part in PARTS)
    for reading in (_as_it_lies, _of_a_copy, _without_its_log) if plain else (_without_its_log,):
        with contextlib.suppress(*_FAILURES), reading(source) as base:
            base.text_factory = readable
            base.execute("SELECT name FROM sqlite_master").fetchall()
            return _copied(base, into)
    return 0


def _is_plain(file: Path) -> bool:
    """Or not there: a pipe would be waited for."""
    try:
        return file.is_file() or not file.exists()
    except OSError:
        return False


@contextlib.contextmanager
def _opened(address: str) -> Iterator[sqlite3.Connection]:
    base = sqlite3.connect(address, _BUSY_S, uri=True, isolation_level=None)
    try:
        yield base
    finally:
        base.close()


@contextlib.contextmanager
def _as_it_lies(source: Path) -> Iterator[sqlite3.Connection]:
    """To read and write, where that is allowed: who only reads leaves an empty log behind."""
    with _opened(f"{source.absolute().as_uri()}?mode=rw") as base:
        base.execute("PRAGMA query_only=ON")
        yield base


@contextlib.contextmanager
def _of_a_copy(source: Path) -> Iterator[sqlite3.Connection]:
    """Where its folder takes no file, its log cannot be read beside it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        for part in ("", "-wal", "-journal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(f"{source}{part}", f"{copy}{part}")
        with _opened(f"{copy.as_uri()}?mode=rw") as base:
            yield base


@contextlib.contextmanager
def _without_its_log(source: Path) -> Iterator[sqlite3.Connection]:
    """Where there is no room for a copy either."""
    with _opened(f"{source.absolute().as_uri()}?mode=ro&immutable=1") as base:
        yield base


def _copied(base: sqlite3.Connection, into: Database) -> int:
    """Those first that others refer to; what refers to none that is there is left out."""
    copied = 0
    with into.writing() as fresh:
        for table, ours in into.schema.tables.items():
            with contextlib.suppress(*_FAILURES):
                chosen = _chosen(ours, columns(base, table))
                copied += sum(_inserted(fresh, table, [*chosen], row) for row in _rows(base, table, chosen))
    return copied


def _chosen(ours: Sequence[Column], there: Sequence[Column]) -> dict[str, str]:
    """What stands for each column: what is missing, and must be there, is empty."""
    names = {column.name for column in there}
    if not names & {column.name for column in ours}:
        return {}
    known = {column.name: column.name for column in ours if column.name in names}
    return known | {column.name: "''" for column in ours if column.needed and column.name not in names}


def _inserted(fresh: sqlite3.Connection, table: str, names: list[str], row: tuple[object, ...]) -> int:
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    with contextlib.suppress(*_FAILURES):
        return max(0, fresh.execute(insert, row).rowcount)
    return 0


def _rows(base: sqlite3.Connection, table: str, chosen: dict[str, str]) -> Iterator[tuple[object, ...]]:
    """From the first to the damage, and from the last back to it."""
    for order in ("", " ORDER BY rowid DESC"):
        wanted = ", ".join(chosen.values())
        try:
            yield from base.execute(f'SELECT {wanted} FROM "{table}"{order} LIMIT {MOST_ROWS}')
        except _FAILURES:
            continue
        return
