"""The tables of the account of takes, and how an older file comes to them."""

from __future__ import annotations

import sqlite3

from pipeline.store.schema import Schema, columns

_TABLES = (
    "CREATE TABLE IF NOT EXISTS takes (id INTEGER PRIMARY KEY AUTOINCREMENT, began REAL NOT NULL, ended REAL,"
    " state TEXT NOT NULL, style TEXT NOT NULL, targets TEXT NOT NULL, language TEXT NOT NULL,"
    " stt TEXT NOT NULL, sound TEXT NOT NULL, ends_at INTEGER, raw TEXT NOT NULL DEFAULT '',"
    " commanded TEXT NOT NULL DEFAULT '', final TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '')",
    "CREATE TABLE IF NOT EXISTS utterances (take INTEGER NOT NULL REFERENCES takes(id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL, text TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL,"
    " became TEXT, PRIMARY KEY (take, number))",
    "CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, take INTEGER NOT NULL REFERENCES takes(id)"
    " ON DELETE CASCADE, target TEXT NOT NULL, text TEXT NOT NULL, receipt TEXT NOT NULL,"
    " intended REAL NOT NULL, arrived REAL, taken_back REAL)",
    "CREATE INDEX IF NOT EXISTS deliveries_of ON deliveries(take)",
)


def _numbered(base: sqlite3.Connection) -> None:
    """The first versions gave the file no number, and the very first called the speech recogniser ears."""
    for statement in _TABLES:
        base.execute(statement)
    if "ears" in {column.name for column in columns(base, "takes")}:
        base.execute("ALTER TABLE takes RENAME COLUMN ears TO stt")


TAKES = Schema((_numbered,))
TAKE_COLUMNS = tuple(column.name for column in TAKES.tables["takes"])
UTTERANCE_COLUMNS = tuple(column.name for column in TAKES.tables["utterances"])
DELIVERY_COLUMNS = tuple(column.name for column in TAKES.tables["deliveries"])
