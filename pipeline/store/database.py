"""One SQLite file: short transactions, brought to the disk before they return, of several programs at once.

Blocking: a transaction takes milliseconds, and another program's is waited for, ``busy_s`` at most (else
``BUSY_S``). What is removed is gone: ``secure_delete`` writes zeros over it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.errors import StoreError
from config.files.private import private_file, private_folder
from pipeline.store.schema import STORE, Schema, version_of

BUSY_S = 2.0
_CHECKED_BYTES = 16_000_000
"""A file up to this size is read through when it is opened: damage is noticed before anything is written."""
_SHORTEST_BYTES = 512
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
PARTS = ("", "-wal", "-shm", "-journal")
"""What SQLite calls the files that belong to one."""


class DamagedError(StoreError):
    """The file is no database, or not whole, or has not the tables that it ought to have."""

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
    ``DamagedError`` and ``NewerError`` are such. ``memory``: nothing of it is on the disk, and ``path`` is
    the file in whose place it stands.
    """

    def __init__(
        self, path: Path, schema: Schema = STORE, *, busy_s: float | None = None, memory: bool = False
    ) -> None:
        self.path = path
        self.schema = schema
        self._lock = threading.RLock()
        self._opening = True
        with self.saying():
            if not memory:
                _look_at(path)
            place = ":memory:" if memory else path
            self._base = sqlite3.connect(
                place, BUSY_S if busy_s is None else busy_s, isolation_level=None, check_same_thread=False
            )
            self._base.row_factory = sqlite3.Row
            self._base.text_factory = readable
        try:
            self._begin()
        except BaseException:
            self._base.close()
            raise
        self._opening = False

    def _begin(self) -> None:
        with self.saying():
            if version_of(self._base) > self.schema.version:  # before anything is written
                raise NewerError(self.path)
            for pragma in _PRAGMAS:
                self._base.execute(f"PRAGMA {pragma}")
            self._base.create_function("folded", 1, lambda text: str(text).casefold(), deterministic=True)
            self._check()
        with self.writing() as base:
            self.schema.migrate(base)
            if not self.schema.fits(base):
                raise DamagedError(self.path)

    def _check(self) -> None:
        pages, size = (
            int(self._base.execute(f"PRAGMA {of}").fetchone()[0]) for of in ("page_count", "page_size")
        )
        if pages * size <= _CHECKED_BYTES:
            (told,) = self._base.execute("PRAGMA quick_check(1)").fetchone()
            if told != "ok":
                raise DamagedError(self.path)

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
            unlike = self._opening and _code(error) == sqlite3.SQLITE_ERROR
            if unlike or _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise DamagedError(self.path) from None
            raise self._unusable(error) from None
        except UnicodeDecodeError:  # of SQLite's own sentence, which names what stands in the file
            raise DamagedError(self.path) from None
        except MemoryError as error:  # a file that is broken may ask for any amount
            raise DamagedError(self.path) if self._opening else self._unusable(error) from None
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> StoreError:
        why = getattr(error, "strerror", None) or error
        return StoreError(
            f"What is kept in {self.path} cannot be used: {why}.",
            kept="Nothing in it was changed.",
            todo=_todo(error),
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
        self.empty_log()

    def empty_log(self) -> None:
        """What was removed is gone from the write-ahead log."""
        with self._lock, self.saying():
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def changes(self) -> tuple[int, int]:
        """Another value as soon as something was changed, by another program or here."""
        with self._lock, self.saying():
            elsewhere = int(self._base.execute("PRAGMA data_version").fetchone()[0])
            return elsewhere, self._base.total_changes


def readable(text: bytes) -> str:
    """What a damaged row holds is shown as far as it is text."""
    return text.decode("utf-8", "replace")


def _todo(error: Exception) -> str:
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "Another program holds it: end that one, or wait until it is done."
        case sqlite3.SQLITE_FULL:
            return "Make room on that disk."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return "See to its permissions, and to those of its folder."
        case _:
            return "Make room there, and see to its permissions."


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _look_at(path: Path) -> None:
    """SQLite would wait for ever for a pipe. Whoever puts a link there to what is no file means it."""
    private_folder(path.parent)
    for part in PARTS:
        file = Path(f"{path}{part}")
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(file.lstat().st_mode) and not file.is_symlink():
                raise DamagedError(path)
            if not stat.S_ISREG(file.stat().st_mode):
                raise OSError(f"{file.resolve()} is no file")
    private_file(path)
    if 0 < path.stat().st_size < _SHORTEST_BYTES:  # SQLite would take it for an empty one
        raise DamagedError(path)
