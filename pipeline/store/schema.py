"""The tables of the store, and how an older file comes to them."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE timers (number INTEGER PRIMARY KEY, label TEXT NOT NULL, seconds REAL NOT NULL,"
        " due REAL NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, days TEXT NOT NULL, zone TEXT NOT NULL,"
        " language TEXT NOT NULL)",
        "CREATE TABLE lists (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
        " key TEXT NOT NULL UNIQUE)",
        "CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER NOT NULL REFERENCES lists(id)"
        " ON DELETE CASCADE, text TEXT NOT NULL, added REAL NOT NULL)",
        "CREATE INDEX items_of ON items(list)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL,"
        " written REAL NOT NULL)",
    ),
)
"""Each brings a file from the version before, its place counted from 0, to the next. What was released is
never changed: a new one is put behind it.
"""

VERSION = len(MIGRATIONS)
