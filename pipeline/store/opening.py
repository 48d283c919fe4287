"""A person's file opened, whatever lies in its place; or what stands in for it, and the sentence why."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.errors import StoreError
from config.files.lock import alone_in, no_longer_than
from config.files.whole_file import free_name_aside
from config.settings.paths import state_dir
from pipeline.store.database import BUSY_S, PARTS, DamagedError, Database, NewerError
from pipeline.store.rescue import rescue
from pipeline.store.schema import STORE, Schema

NAME = "store.db"
_CANNOT = "timers last as long as this program, and there are no lists"


@dataclass(frozen=True, slots=True)
class Opened:
    """``kept``: what is written to ``database`` is; else that is a copy, as far as the file can be read, and
    goes with the program. ``told``: what a person is to be told of it, once. ``rows``: so many were rescued
    from a file that was set ``aside``.
    """

    database: Database
    kept: bool = True
    told: StoreError | None = None
    aside: Path | None = None
    rows: int = 0


def open_file(path: Path, schema: Schema, *, busy_s: float | None = None) -> Opened:
    """Never raises for the file's sake: a damaged one is set aside and a new one begun, with what could be
    read of it; one that cannot be written, or is a later version's, is let be.
    """
    try:
        return Opened(Database(path, schema, busy_s=busy_s))
    except DamagedError:
        return _anew(path, schema, busy_s)
    except NewerError as error:
        return in_its_place(path, schema, error)
    except StoreError as error:
        return _once_more(path, schema, error)


def _once_more(path: Path, schema: Schema, error: StoreError) -> Opened:
    """Another program may just have been setting it aside."""
    with contextlib.suppress(StoreError, OSError), alone_in(path.parent, waiting=no_longer_than(BUSY_S)):
        return Opened(Database(path, schema, busy_s=0.0))
    return in_its_place(path, schema, error)


def in_its_place(path: Path, schema: Schema, error: StoreError) -> Opened:
    """A copy in memory, since ``error`` keeps the file from being used."""
    copy = Database(path, schema, memory=True)
    return Opened(copy, False, error, rows=rescue(path, copy))


def _anew(path: Path, schema: Schema, busy_s: float | None) -> Opened:
    """Of two programs that come upon it at once, the second finds what the first has begun."""
    try:
        with alone_in(path.parent, waiting=no_longer_than(BUSY_S)):
            with contextlib.suppress(DamagedError):
                return Opened(Database(path, schema, busy_s=busy_s))
            aside = _set_aside(path)
            database = Database(path, schema, busy_s=busy_s)
            told = StoreError(f"{path} is damaged.", kept=f"Nothing of it was deleted: it is now {aside}.")
            return Opened(database, True, told, aside, rescue(aside, database))
    except StoreError as error:
        return in_its_place(path, schema, error)
    except OSError as error:
        failed = f"{path} is damaged, and cannot be set aside: {error.strerror or error}."
        return in_its_place(path, schema, StoreError(failed))


def _set_aside(path: Path) -> Path:
    """All of its files, under a name that none has. The file itself goes last: from then on another program
    may have begun a new one there, whose parts are not to be touched.
    """
    aside = free_name_aside(path)
    for part in reversed(PARTS):
        file = Path(f"{path}{part}")
        if file.exists() or file.is_symlink():
            file.rename(f"{aside}{part}")
    return aside


def set_aside_files(folder: Path | None = None) -> list[Path]:
    """Of files that were damaged."""
    return sorted((folder or state_dir()).glob("*-damaged-*"))


# Timers, lists and notes ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Store:
    """``database`` None: nothing is kept. ``told``: what a person is to be told of that, once."""

    database: Database | None
    told: StoreError | None = None


@contextlib.contextmanager
def open_store(folder: Path | None = None, *, to_read: bool = False) -> Iterator[Store]:
    """In ``folder``, else where this machine's state lies. ``to_read``: a copy will do, where the file cannot
    be written.
    """
    opened = open_file((folder or state_dir()) / NAME, STORE)
    try:
        yield Store(opened.database if opened.kept or to_read else None, _told(opened, to_read=to_read))
    finally:
        opened.database.close()


def _told(opened: Opened, *, to_read: bool) -> StoreError | None:
    error = opened.told
    if error is None:
        return None
    if opened.kept:
        rescued = f"{opened.rows} of its entries could be read, and are there again." if opened.rows else ""
        begun = f"{error.failed.removesuffix('.')}: timers, lists and notes begin anew."
        return StoreError(begun, kept=f"{error.kept} {rescued}".strip())
    until = "What can be read of it is shown." if to_read else f"Until then {_CANNOT}."
    return StoreError(error.failed, kept=f"{error.kept} {until}".strip(), todo=error.todo)
