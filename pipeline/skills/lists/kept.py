"""Lists and notes in the store. Each change is one transaction, and can be taken back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.errors import InputError
from pipeline.store.database import Database
from pipeline.store.values import moment
from pipeline.store.values import text as as_text

MOST_ITEMS, MOST_LISTS, MOST_NOTES = 500, 100, 1000
"""More is a loop gone wild."""


@dataclass(frozen=True, slots=True)
class KeptList:
    id: int
    key: str
    """The same in every language and spelling."""
    name: str
    """As it was first called."""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    id: int
    text: str
    written: float
    """Seconds since 1970."""


class Lists:
    """Raises ``StoreError`` for what cannot be kept, ``InputError`` where there would be too much of it."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    # Lists ---------------------------------------------------------------------------------------

    def all(self) -> list[KeptList]:
        """The one used last in front."""
        rows = self._database.rows(
            "SELECT lists.id, key, name, COUNT(items.id) AS count FROM lists LEFT JOIN items"
            " ON items.list = lists.id GROUP BY lists.id ORDER BY MAX(items.added) DESC, lists.id DESC"
        )
        return [KeptList(row["id"], as_text(row["key"]), as_text(row["name"]), row["count"]) for row in rows]

    def find(self, key: str) -> KeptList | None:
        return next((each for each in self.all() if each.key == key), None)

    def create(self, key: str, name: str) -> KeptList:
        if len(self.all()) >= MOST_LISTS:
            raise InputError(f"There are {MOST_LISTS} lists, and that is the most I can keep.")
        with self._database.writing() as base:
            base.execute("INSERT OR IGNORE INTO lists (name, key) VALUES (?, ?)", (name, key))
        found = self.find(key)
        assert found is not None
        return found

    def drop(self, dropped: KeptList) -> list[Item]:
        """The list with all that is on it, which is given back."""
        items = self.items(dropped)
        with self._database.writing() as base:
            base.execute("DELETE FROM lists WHERE id=?", (dropped.id,))
        return items

    def restore(self, dropped: KeptList, items: Sequence[Item]) -> None:
        """As it was; onto it, where it is there again."""
        self.put_back(self.create(dropped.key, dropped.name), items)

    # What is on one ------------------------------------------------------------------------------

    def items(self, of: KeptList) -> list[Item]:
        rows = self._database.rows("SELECT id, text FROM items WHERE list=? ORDER BY id", (of.id,))
        return [Item(row["id"], as_text(row["text"])) for row in rows]

    def add(self, to: KeptList, texts: Sequence[str]) -> list[Item]:
        if len(self.items(to)) + len(texts) > MOST_ITEMS:
            raise InputError(f"A list holds {MOST_ITEMS} things at most. Nothing was added.")
        added = []
        with self._database.writing() as base:
            for text in texts:
                added.append(Item(self._insert(base, to, text), text))
        return added

    def put_back(self, to: KeptList, items: Sequence[Item]) -> None:
        """Each in its place, unless it has come there otherwise."""
        with self._database.writing() as base:
            for item in items:
                values = (item.id, to.id, item.text, self._clock())
                base.execute("INSERT OR IGNORE INTO items (id, list, text, added) VALUES (?,?,?,?)", values)

    def remove(self, items: Sequence[Item]) -> None:
        with self._database.writing() as base:
            base.executemany("DELETE FROM items WHERE id=?", [(item.id,) for item in items])

    def _insert(self, base: sqlite3.Connection, to: KeptList, text: str) -> int:
        values = (to.id, text, self._clock())
        return int(
            base.execute("INSERT INTO items (list, text, added) VALUES (?,?,?)", values).lastrowid or 0
        )

    # Notes ---------------------------------------------------------------------------------------

    def notes(self) -> list[Note]:
        """The newest first."""
        rows = self._database.rows("SELECT id, text, written FROM notes ORDER BY id DESC")
        return [Note(row["id"], as_text(row["text"]), moment(row["written"])) for row in rows]

    def take_note(self, text: str) -> Note:
        if len(self.notes()) >= MOST_NOTES:
            raise InputError(f"There are {MOST_NOTES} notes, and that is the most I can keep.")
        written = self._clock()
        with self._database.writing() as base:
            cursor = base.execute("INSERT INTO notes (text, written) VALUES (?,?)", (text, written))
        return Note(int(cursor.lastrowid or 0), text, written)

    def delete_notes(self, notes: Sequence[Note]) -> None:
        with self._database.writing() as base:
            base.executemany("DELETE FROM notes WHERE id=?", [(note.id,) for note in notes])

    def restore_notes(self, notes: Sequence[Note]) -> None:
        with self._database.writing() as base:
            base.executemany(
                "INSERT OR IGNORE INTO notes (id, text, written) VALUES (?,?,?)",
                [(note.id, note.text, note.written) for note in notes],
            )
