"""The tables of a file, how an older one comes to them, and whether a file has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

Migration = Callable[[sqlite3.Connection], None]


def statements(*each: str) -> Migration:
    """One of nothing but SQL."""

    def run(base: sqlite3.Connection) -> None:
        for statement in each:
            base.execute(statement)

    return run


@dataclass(frozen=True, slots=True)
class Column:
    """``key``: its place in the primary key, from 1, or 0. ``needed``: no row can be without it."""

    name: str
    key: int
    needed: bool


@dataclass(frozen=True)
class Schema:
    """``migrations``: each brings a file from the version before, its place counted from 0, to the next. What
    was released is never changed: a new one is put behind it.
    """

    migrations: tuple[Migration, ...]

    @property
    def version(self) -> int:
        return len(self.migrations)

    def migrate(self, base: sqlite3.Connection) -> None:
        """Within a transaction, from whatever version it has."""
        for migration in self.migrations[version_of(base) :]:
            migration(base)
        base.execute(f"PRAGMA user_version={self.version}")

    @cached_property
    def tables(self) -> Mapping[str, Sequence[Column]]:
        """Those that others refer to come first."""
        base = sqlite3.connect(":memory:", isolation_level=None)
        try:
            self.migrate(base)
            return {name: columns(base, name) for (name,) in base.execute(_TABLES).fetchall()}
        finally:
            base.close()

    def fits(self, base: sqlite3.Connection) -> bool:
        """Every table has its columns, and a row can be written without knowing of any other."""
        there = {name for (name,) in base.execute(_TABLES)}
        return all(name in there and _fits(columns(base, name), own) for name, own in self.tables.items())


_TABLES = "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"


def version_of(base: sqlite3.Connection) -> int:
    return int(base.execute("PRAGMA user_version").fetchone()[0])


def columns(base: sqlite3.Connection, table: str) -> list[Column]:
    rows = base.execute(f'PRAGMA table_info("{table}")').fetchall()
    return [Column(row[1], row[5], bool(row[3]) and row[4] is None and not row[5]) for row in rows]


def _fits(there: Sequence[Column], ours: Sequence[Column]) -> bool:
    keys = {column.name: column.key for column in there}
    known = {column.name: column.key for column in ours}
    foreign = any(column.needed for column in there if column.name not in known)
    return not foreign and all(keys.get(name) == key for name, key in known.items())


STORE = Schema(
    (
        statements(
            "CREATE TABLE timers (number INTEGER PRIMARY KEY, label TEXT NOT NULL, seconds REAL NOT NULL,"
            " due REAL NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, days TEXT NOT NULL,"
            " zone TEXT NOT NULL, language TEXT NOT NULL)",
            "CREATE TABLE lists (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
            " key TEXT NOT NULL UNIQUE)",
            "CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER NOT NULL"
            " REFERENCES lists(id) ON DELETE CASCADE, text TEXT NOT NULL, added REAL NOT NULL)",
            "CREATE INDEX items_of ON items(list)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL,"
            " written REAL NOT NULL)",
        ),
    )
)
"""Timers, lists and notes."""
