"""One SQLite file: short transactions, brought to the disk before they return, of several programs at once.

Blocking: a transaction takes milliseconds, and another program's is waited for, ``_BUSY_S`` at most. What is
removed is gone: ``secure_delete`` writes zeros over it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.errors import StoreError
from config.runtime.private import own_file, own_folder
from pipeline.store.schema import MIGRATIONS, VERSION

_BUSY_S = 2.0
_CHECKED_BYTES = 16_000_000
"""A file up to this size is read through when it is opened: damage is noticed before anything is written."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class DamagedError(StoreError):
    """The file is no database, or not whole."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is damaged.", kept="Nothing more is written to it.")


class NewerError(StoreError):
    """A later version of Aloud has written it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was written by a later version of Aloud than this one.",
            kept="It is left as it is.",
            todo="Upgrade Aloud to have what is kept in it.",
        )


class Database:
    """``close`` it. Raises ``StoreError`` for what cannot be read or written; nothing is then changed.
    ``DamagedError`` and ``NewerError`` are such.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self.saying():
            own_folder(path.parent)
            own_file(path)
            self._base = sqlite3.connect(path, _BUSY_S, isolation_level=None, check_same_thread=False)
            self._base.row_factory = sqlite3.Row
        try:
            self._begin()
        except BaseException:
            self._base.close()
            raise

    def _begin(self) -> None:
        with self.saying():
            if self._version() > VERSION:  # before anything is written
                raise NewerError(self.path)
            for pragma in _PRAGMAS:
                self._base.execute(f"PRAGMA {pragma}")
            if self.path.stat().st_size <= _CHECKED_BYTES:
                (told,) = self._base.execute("PRAGMA quick_check(1)").fetchone()
                if told != "ok":
                    raise DamagedError(self.path)
        with self.writing() as base:
            for number in range(self._version(), VERSION):
                for statement in MIGRATIONS[number]:
                    base.execute(statement)
            base.execute(f"PRAGMA user_version={VERSION}")

    def _version(self) -> int:
        return int(self._base.execute("PRAGMA user_version").fetchone()[0])

    def close(self) -> None:
        """What was removed is then gone from the write-ahead log, too, once no other program has it open."""
        with self._lock:
            self._base.close()

    @contextlib.contextmanager
    def saying(self) -> Iterator[None]:
        """Failures of SQLite and of the disk as a sentence."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
                sqlite3.SQLITE_CORRUPT,
                sqlite3.SQLITE_NOTADB,
            ):
                raise DamagedError(self.path) from None
            raise self._unusable(error) from None
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> StoreError:
        return StoreError(
            f"What is kept in {self.path} cannot be used: {error}.",
            kept="Nothing in it was changed.",
            todo="Make room there, and see to its permissions.",
        )

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it or, where something is raised, nothing; no other program writes meanwhile."""
        with self._lock, self.saying():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._lock, self.saying():
            return self._base.execute(query, values).fetchall()

    def clear(self) -> None:
        """All that is in any table, for real: not even the write-ahead log has it any more."""
        with self.writing() as base:
            names = base.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
            for (name,) in names:
                base.execute(f'DELETE FROM "{name}"')
        with self._lock, self.saying():
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def changes(self) -> tuple[int, int]:
        """Another value as soon as something was changed, by another program or here."""
        with self._lock, self.saying():
            elsewhere = int(self._base.execute("PRAGMA data_version").fetchone()[0])
            return elsewhere, self._base.total_changes
