"""The store: what is in it stays, whatever lies in its place, and whoever opens it at the same time."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from aloud.cli.kept import _kept
from config.errors import StoreError
from config.files.private import private_file
from pipeline.skills.ring.kept import KeptTimers
from pipeline.store.database import Database
from pipeline.store.opening import NAME, open_store
from pipeline.store.schema import STORE
from tests.tables import for_each


def note(database: Database, text: str) -> None:
    with database.writing() as base:
        base.execute("INSERT INTO notes (text, written) VALUES (?, 0)", (text,))


def notes(database: Database) -> list[str]:
    return [row["text"] for row in database.rows("SELECT text FROM notes ORDER BY id")]


def test_what_is_written_is_there_for_who_comes_after(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.told is None
        assert store.database is not None
        note(store.database, "kept")
        with open_store(tmp_path) as other:  # while the first is open
            assert other.database is not None
            assert notes(other.database) == ["kept"]
            note(other.database, "too")
        assert notes(store.database) == ["kept", "too"]
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_what_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.database is not None
        with contextlib.suppress(ZeroDivisionError), store.database.writing() as base:
            base.execute("INSERT INTO notes (text, written) VALUES ('half', 0)")
            raise ZeroDivisionError
        assert notes(store.database) == []


def test_what_was_removed_is_gone_from_the_disk(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.database is not None
        note(store.database, "a secret that nobody is to find")
        with store.database.writing() as base:
            base.execute("DELETE FROM notes")
    assert b"a secret that nobody" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


DAMAGED = (b"This is no database.\n" * 300, b"SQLite format 3\0" + b"\xff" * 4000)


GREEDY = (Path(__file__).parent / "greedy.db").read_bytes()
"""Found by fuzzing: SQLite finds no memory for what it says of itself."""


@pytest.mark.parametrize("content", [*DAMAGED, GREEDY], ids=["text", "torn", "greedy"])
def test_a_damaged_file_is_set_aside_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    with open_store(tmp_path) as store:
        assert store.told is not None
        (aside,) = tmp_path.glob("store-damaged-*.db")
        assert aside.read_bytes() == content
        assert str(aside) in store.told.kept
        assert store.database is not None
        note(store.database, "new")
    with open_store(tmp_path) as store:
        assert store.told is None  # once
        assert store.database is not None
        assert notes(store.database) == ["new"]


def test_a_file_that_lost_its_end_is_set_aside(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.database is not None
        note(store.database, "as long as a book " * 4000)
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(whole[: len(whole) // 2])
    with open_store(tmp_path) as store:
        assert store.told is not None
        assert "damaged" in str(store.told)
        (aside,) = tmp_path.glob("store-damaged-*.db")
        assert aside.read_bytes() == whole[: len(whole) // 2]


def test_the_file_of_a_later_version_is_let_be(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    base = sqlite3.connect(tmp_path / NAME)
    base.execute(f"PRAGMA user_version={STORE.version + 1}")
    base.close()
    before = (tmp_path / NAME).read_bytes()
    with open_store(tmp_path) as store:
        assert store.database is None
        assert "later version" in str(store.told)
        assert "last as long as this program" in str(store.told)
    assert (tmp_path / NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("where a folder is to be")
    with open_store(tmp_path / "a file") as store:
        assert store.database is None
        assert "cannot be used: File exists." in str(store.told)


def test_another_program_that_does_not_let_go_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, contextlib.closing(Database(tmp_path / NAME, busy_s=0.1)) as other:
        assert store.database is not None
        with store.database.writing(), pytest.raises(StoreError, match="locked"):
            note(other, "late")
        note(other, "now")
        assert notes(store.database) == ["now"]


ENTRIES = (
    "INSERT INTO timers VALUES (1, 'tea', 300, 1.8e9, 'alarm', '07:30', '0 1', 'Europe/Berlin', 'en')",
    "INSERT INTO timers VALUES (2, 'egg', 300, 1.8e9, 'timer', '', '', '', 'en')",
    "INSERT INTO lists VALUES (1, 'Shopping', 'shopping')",
    "INSERT INTO items VALUES (1, 1, 'milk', 1.7e9)",
    "INSERT INTO notes VALUES (1, 'hello', 1.7e9)",
)
DAMAGED_TIMERS = [
    "due='soon'",
    "due=9e999",
    "due=-9e999",
    "at='99:99'",
    "at=x'ff'",
    "days='8'",
    "days='x'",
    "kind='gong'",
    "kind=x'00'",
    "seconds='long'",
]
ODD = [
    "timers.label=x'c328'",
    "timers.zone='../x'",
    "timers.zone=char(0)",
    "timers.language='../..'",
    "lists.name=x'c3'",
    "items.text=x'c3'",
    "notes.text=x'c3'",
    "notes.written='then'",
    "notes.written=9e999",
]
STATES = {
    "DROP TABLE timers": 3,
    "DROP TABLE notes": 4,
    "ALTER TABLE notes RENAME COLUMN text TO words": 5,
    "ALTER TABLE notes ADD COLUMN mood": 0,
    "PRAGMA user_version=0": 5,
}
"""To what was done to the file, how many of its entries were rescued; 0: it was not set aside."""


def with_entries(path: Path, statement: str) -> None:
    with open_store(path.parent) as store:
        assert store.database is not None
        with store.database.writing() as base:
            for entry in ENTRIES:
                base.execute(entry)
    base = sqlite3.connect(path, isolation_level=None)
    base.execute(statement)
    base.close()


@for_each("damaged", DAMAGED_TIMERS)
def test_a_damaged_timer_is_left_and_the_others_ring(damaged: str, tmp_path: Path) -> None:
    folder = tmp_path / damaged.replace("/", "")
    with_entries(folder / NAME, f"UPDATE timers SET {damaged} WHERE number=1")
    with open_store(folder) as store:
        assert store.database is not None
        assert [timer.label for timer in KeptTimers(store.database).all()] == ["egg"]
        assert len(store.database.rows("SELECT number FROM timers")) == 2


@for_each("odd", ODD)
def test_what_is_of_a_wrong_kind_is_read_as_far_as_it_can_be(odd: str, tmp_path: Path) -> None:
    table, _, change = odd.partition(".")
    folder = tmp_path / odd.replace("/", "")
    with_entries(folder / NAME, f"UPDATE {table} SET {change}")
    with open_store(folder) as store:
        assert (store.told, len(list(_kept(store.database)))) == (None, 4)  # type: ignore[arg-type]


@for_each(("statement", "rescued"), STATES.items())
def test_what_can_be_read_of_a_file_with_other_tables_is_there_again(
    statement: str, rescued: int, tmp_path: Path
) -> None:
    folder = tmp_path / statement
    with_entries(folder / NAME, statement)
    with open_store(folder) as store:
        told = f"{rescued} of its entries could be read, and are there again."
        assert (told in str(store.told)) == bool(rescued)
        assert len(list(folder.glob("store-damaged-*"))) == bool(rescued)
        assert store.database is not None
        note(store.database, "new")


OPENS = """
import sys
from pathlib import Path
from pipeline.store.opening import open_store
sys.stdin.readline()
with open_store(Path(sys.argv[1])) as store:
    with store.database.writing() as base:
        base.execute("INSERT INTO notes (text, written) VALUES ('', 0)")
"""


def test_what_another_program_begins_while_one_is_set_aside_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME
    path.write_bytes(DAMAGED[0])
    (tmp_path / f"{NAME}-wal").write_bytes(b"of the damaged one")
    others: list[Database] = []
    rename = Path.rename

    def renamed(file: Path, to: Path) -> Path:
        there = rename(file, to)
        if file == path:  # it is gone: another program begins a new one
            others.append(Database(path))
            note(others[0], "another's")
        return there

    monkeypatch.setattr(Path, "rename", renamed)
    with open_store(tmp_path) as store:
        assert store.database is not None
        assert notes(store.database) == ["another's"]
        note(others[0], "once more")
        assert notes(store.database) == ["another's", "once more"]
    others[0].close()


def test_a_file_that_another_program_takes_away_while_it_is_opened_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME
    seen: list[Path] = []

    def taken(file: Path) -> None:
        private_file(file)
        seen.append(file)
        if len(seen) == 1:
            file.unlink()

    monkeypatch.setattr("pipeline.store.database.private_file", taken)
    with open_store(tmp_path) as store:
        assert (store.told, seen) == (None, [path, path])
        assert store.database is not None
        note(store.database, "kept")
    with open_store(tmp_path) as store:
        assert store.database is not None
        assert notes(store.database) == ["kept"]


@pytest.mark.parametrize("damaged", [False, True])
def test_several_programs_begin_it_at_once(tmp_path: Path, damaged: bool) -> None:
    if damaged:
        (tmp_path / NAME).write_bytes(DAMAGED[0])
    command = [sys.executable, "-c", OPENS, str(tmp_path)]
    programs = [
        subprocess.Popen(command, stdin=subprocess.PIPE, cwd=Path(__file__).parents[3], env=os.environ)
        for _ in range(4)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write(b"\n")
        program.stdin.flush()
    assert [program.wait() for program in programs] == [0] * 4
    for program in programs:
        assert program.stdin is not None
        program.stdin.close()
    assert len(list(tmp_path.glob("store-damaged-*.db"))) == damaged
    with open_store(tmp_path) as store:
        assert store.database is not None
        assert len(notes(store.database)) == 4
