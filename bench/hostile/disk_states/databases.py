"""Each of the two databases damaged, of another version, with other tables and rows, locked."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.hostile.disk_states.state import Prepare, State, done

PAGE = 4096
JOBS = {"takes.db": ("dictate", "history"), "store.db": ("talk", "history")}
FIRST = {"takes.db": "takes", "store.db": "notes"}


def states() -> list[State]:
    found = []
    for name in JOBS:
        each = {
            **_bytes(name),
            **_versions(name),
            **_tables(name),
            **_rows(name),
            **_places(name),
            **_locks(name),
        }
        found += [State(f"{name} {what}", prepare, JOBS[name]) for what, prepare in each.items()]
    return found


def _on(name: str, do: Callable[[Path], object]) -> Prepare:
    return done(lambda home: do(home / "state" / name))


def _sql(name: str, *statements: str) -> Prepare:
    def run(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute("PRAGMA journal_mode=DELETE")
            base.execute("PRAGMA writable_schema=ON")
            for statement in statements:
                base.execute(statement)

    return _on(name, run)


def _bytes(name: str) -> dict[str, Prepare]:
    def write(content: Callable[[bytes], bytes]) -> Prepare:
        return _on(name, lambda path: path.write_bytes(content(path.read_bytes())))

    def noise(at: int, length: int) -> Prepare:
        torn = random.Random(at).randbytes(length)
        return write(lambda old: old[:at] + torn[: max(0, len(old) - at)] + old[at + length :])

    pages = {f"page {n} torn": noise(n * PAGE, PAGE) for n in range(1, 8)}
    return {
        "empty": write(lambda old: b""),
        "text": write(lambda old: b"This is no database.\n" * 300),
        "one byte": write(lambda old: b"S"),
        "header alone": write(lambda old: old[:100]),
        "header torn": noise(0, 60),
        "counts torn": noise(24, 40),
        "zeros": write(lambda old: bytes(len(old))),
        "quarter": write(lambda old: old[: len(old) // 4]),
        "half": write(lambda old: old[: len(old) // 2]),
        "a page short": write(lambda old: old[:-PAGE]),
        "half a page short": write(lambda old: old[: -PAGE // 2]),
        "twice": write(lambda old: old * 2),
        **pages,
    }


def _versions(name: str) -> dict[str, Prepare]:
    return {f"version {n}": _sql(name, f"PRAGMA user_version={n}") for n in (0, 2, 99, 2**31 - 1, -1)}


def _tables(name: str) -> dict[str, Prepare]:
    first = FIRST[name]
    tables = {
        "takes.db": ("takes", "utterances", "deliveries"),
        "store.db": ("timers", "lists", "items", "notes"),
    }
    missing = {f"without {each}": _sql(name, f"DROP TABLE {each}") for each in tables[name]}
    text = "raw" if first == "takes" else "text"
    must = (
        f"ALTER TABLE {first} ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'",
        f"UPDATE sqlite_master SET sql=replace(sql, ' DEFAULT ''good''', '') WHERE name='{first}'",
    )
    refuses = f"CREATE TRIGGER no BEFORE INSERT ON {first} BEGIN SELECT RAISE(ABORT, 'no'); END"
    made: dict[str, tuple[str, ...]] = {
        "foreign column": (f"ALTER TABLE {first} ADD COLUMN mood TEXT",),
        "foreign column that must be": must,
        "column renamed": (f"ALTER TABLE {first} RENAME COLUMN {text} TO words",),
        "foreign table": ("CREATE TABLE moods (mood)",),
        "view in a table's place": (
            f"ALTER TABLE {first} RENAME TO gone",
            f"CREATE VIEW {first} AS SELECT * FROM gone",
        ),
        "trigger that refuses": (refuses,),
        "no tables": tuple(f"DROP TABLE {each}" for each in reversed(tables[name])),
        "schema that is no SQL": (f"UPDATE sqlite_master SET sql='nonsense' WHERE name='{first}'",),
    }
    return missing | {what: _sql(name, *statements) for what, statements in made.items()}


WRONG = {
    "timers": """due='soon' due=9e999 due=-9e999 at='99:99' at=x'ff' days='8,x' days='-1'
        zone='../../etc/passwd'
        zone=char(0) kind='gong' kind=x'00ff' label=x'c328' seconds='long' number=-5 language='../..'""",
    "notes": "text=x'c328' written='then'",
    "takes": """state='lost' state=x'ff' targets='no' targets='[1]' targets=x'ff' began='then' began=9e999
        began=-1e300 ended='then' ends_at='x' raw=x'c328' final=char(0) sound='../../../tmp/elsewhere'
        sound=x'00' sound='/' style='gone' language='xx' language=x'ff' reason=x'ff00'""",
    "deliveries": "receipt='none' receipt='[]' receipt='{}' receipt=x'ff' arrived='x' text=x'c328'",
    "utterances": "text=x'c328' began='x' ended='y' became=x'ff'",
}
"""Values of another kind, or of none, that a damaged or foreign file may hold."""


def _rows(name: str) -> dict[str, Prepare]:
    tables = ("timers", "notes") if name == "store.db" else ("takes", "deliveries", "utterances")
    changes = [(table, change) for table in tables for change in WRONG[table].split()]
    return {f"{table} {change}": _sql(name, f"UPDATE {table} SET {change}") for table, change in changes}


def _places(name: str) -> dict[str, Prepare]:
    def instead(make: Callable[[Path], object]) -> Prepare:
        return _on(name, lambda path: (path.rename(path.with_name("was")), make(path)))

    def beside(part: str, make: Callable[[Path], object]) -> Prepare:
        return _on(name, lambda path: make(Path(f"{path}{part}")))

    def listens(path: Path) -> None:
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(os.path.relpath(path))

    return {
        "missing": instead(lambda path: None),
        "a folder": instead(Path.mkdir),
        "a folder with something in it": instead(lambda path: (path / "in").mkdir(parents=True)),
        "a pipe": instead(os.mkfifo),
        "a socket": instead(listens),
        "a link to nowhere": instead(lambda path: path.symlink_to("/nowhere/at.db")),
        "a link in a circle": instead(lambda path: path.symlink_to(path)),
        "a link to nothing": instead(lambda path: path.symlink_to("/dev/null")),
        "a link to itself elsewhere": instead(lambda path: path.symlink_to(path.with_name("was"))),
        "log of noise": beside("-wal", lambda path: path.write_bytes(random.Random(1).randbytes(9000))),
        "log a folder": beside("-wal", Path.mkdir),
        "memory of noise": beside("-shm", lambda path: path.write_bytes(random.Random(2).randbytes(32768))),
        "memory a folder": beside("-shm", Path.mkdir),
        "journal of noise": beside(
            "-journal", lambda path: path.write_bytes(random.Random(3).randbytes(5000))
        ),
        "log of a kill": _on(name, _killed),
    }


def _killed(path: Path) -> None:
    """A program that wrote a row, and was killed before it closed the file."""
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("CREATE TABLE IF NOT EXISTS left_behind (x)")
    parts = {part: Path(f"{path}{part}").read_bytes() for part in ("", "-wal", "-shm")}
    base.close()
    for part, content in parts.items():
        Path(f"{path}{part}").write_bytes(content)


def _locks(name: str) -> dict[str, Prepare]:
    return {
        "locked for ever": lambda home: _locked(home / "state" / name, 0),
        "locked for 3 s": lambda home: _locked(home / "state" / name, 3),
        "locked against readers": lambda home: _locked(home / "state" / name, 0, alone=True),
    }


@contextlib.contextmanager
def _locked(path: Path, seconds: float, *, alone: bool = False) -> Iterator[None]:
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    if alone:
        base.execute("PRAGMA locking_mode=EXCLUSIVE")
    base.execute("BEGIN EXCLUSIVE" if alone else "BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, base.close) if seconds else None
    if timer:
        timer.start()
    try:
        yield
    finally:
        if timer:
            timer.join()
        base.close()
        time.sleep(0)
