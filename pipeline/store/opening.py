"""The store of the person at this machine: opened, or the sentence why nothing is kept this time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.errors import StoreError
from config.runtime.lock import alone_in
from config.settings.paths import state_dir
from pipeline.store.database import DamagedError, Database

NAME = "store.db"
_PARTS = ("", "-wal", "-shm")
"""What SQLite calls the files that belong to one."""


@dataclass(frozen=True, slots=True)
class Store:
    """``database`` None: nothing is kept. ``told``: what a person is to be told of that, once."""

    database: Database | None
    told: StoreError | None = None


@contextlib.contextmanager
def open_store(folder: Path | None = None) -> Iterator[Store]:
    """In ``folder``, else where this machine's state lies. Never raises for the file's sake: a damaged one is
    set aside and a new one begun, a newer version's is let be.
    """
    store = _opened((folder or state_dir()) / NAME)
    try:
        yield store
    finally:
        if store.database:
            store.database.close()


def _opened(path: Path) -> Store:
    try:
        return Store(Database(path))
    except DamagedError:
        return _anew(path)
    except StoreError as error:
        return Store(None, _unkept(error))


def _anew(path: Path) -> Store:
    """Of two programs that come upon it at once, the second finds what the first has begun."""
    try:
        with alone_in(path.parent, waiting=lambda: None):
            with contextlib.suppress(DamagedError):
                return Store(Database(path))
            aside = _set_aside(path)
            return Store(Database(path), _damaged(path, aside))
    except StoreError as error:
        return Store(None, _unkept(error))
    except OSError as error:
        return Store(None, _unkept(StoreError(f"{path} is damaged, and cannot be set aside: {error}.")))


def set_aside_files(folder: Path | None = None) -> list[Path]:
    """Of files that were damaged."""
    return sorted((folder or state_dir()).glob("store-damaged-*"))


def _set_aside(path: Path) -> Path:
    """All of its files, under a name that none has. The file itself goes last: from then on another program
    may have begun a new one there, whose parts are not to be touched.
    """
    stamp, number = time.strftime("%Y%m%d-%H%M%S"), 0
    while (aside := path.with_name(f"{path.stem}-damaged-{stamp}{f'-{number}' * (number > 0)}.db")).exists():
        number += 1
    for part in reversed(_PARTS):
        if (file := Path(f"{path}{part}")).exists():
            file.rename(f"{aside}{part}")
    return aside


def _damaged(path: Path, aside: Path) -> StoreError:
    return StoreError(
        f"{path} is damaged: timers, lists and notes begin anew.",
        kept=f"Nothing of it was deleted: it is now {aside}.",
    )


def _unkept(error: StoreError) -> StoreError:
    kept = f"{error.kept} Until then timers last as long as this program, and there are no lists.".strip()
    return StoreError(error.failed, kept=kept, todo=error.todo)
