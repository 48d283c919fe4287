"""The account of takes in any state: nothing said is lost, and a dictation goes on."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from config.errors import StoreError
from config.runtime.clean import clean
from pipeline.dictation.orphans import FOUND
from pipeline.dictation.retention import DAY_S, beyond
from pipeline.dictation.store import NAME, Takes
from pipeline.dictation.take import Keep, TakeUtterance
from pipeline.dictation.targets.base import Receipt
from tests.tables import for_each
from voice.audio.samples import Audio, write_wav

SAID = "the swordfish is late"
Folder = Callable[[], Path]


@pytest.fixture
def sound_folder(tmp_path: Path) -> Folder:
    """Each time another: a take that was delivered, and one that was not."""

    def make() -> Path:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        with Takes(folder) as takes:
            done, broken = (takes.begin("raw", ["stdout"], "en", "x") for _ in range(2))
            takes.heard(done.id, 0, TakeUtterance(SAID, 0, 1))
            takes.intend(done.id, "stdout", receipt := Receipt("stdout", clean(SAID)))
            takes.arrived(receipt)
            takes.change(done.id, "delivered", raw=SAID, final=SAID)
            write_wav(takes.sound(broken), Audio(np.zeros(16_000, np.float32), 16_000))
        return folder

    return make


def change(path: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA writable_schema=ON")
        for statement in statements:
            base.execute(statement)


def instead(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("BEGIN IMMEDIATE")
        yield


def goes_on(folder: Path) -> tuple[Takes, list[str]]:
    """A dictation, whatever is there; what was told."""
    with Takes(folder, busy_s=0.02) as takes:
        told = [str(error) for error in takes.told()]
        for take in takes.listed():
            takes.utterances(take.id), takes.deliveries(take.id)
        new = takes.begin("raw", ["stdout"], "en", "x")
        takes.change(new.id, "delivered", raw="new", final="new")
        takes.prune(Keep(days=30), Keep(takes=0))
        assert takes.take(new.id).text == "new"
    return takes, told


MUST = (
    "ALTER TABLE takes ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'",
    "UPDATE sqlite_master SET sql=replace(sql, ' DEFAULT ''good''', '') WHERE name='takes'",
)
VIEW = ("ALTER TABLE takes RENAME TO t", "CREATE VIEW takes AS SELECT * FROM t")
NO_TEXT = "UPDATE sqlite_master SET sql=x'43ff' WHERE name='takes'"
DAMAGES: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_bytes(b"This is no database.\n" * 300),
    "short": lambda path: path.write_bytes(b"SQLite"),
    "a folder": lambda path: instead(path, Path.mkdir),
    "a pipe": lambda path: instead(path, os.mkfifo),
    "a log that is a folder": lambda path: Path(f"{path}-wal").mkdir(),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "header torn": lambda path: path.write_bytes(path.read_bytes()[:20] + b"\xff" * 9000),
    "without a table": lambda path: change(path, "DROP TABLE deliveries"),
    "without a column": lambda path: change(path, "ALTER TABLE takes RENAME COLUMN stt TO mood"),
    "a column that must be": lambda path: change(path, *MUST),
    "a view": lambda path: change(path, *VIEW),
    "no SQL, and no text": lambda path: change(path, NO_TEXT),
}  # fmt: skip
GONE = {"text", "short", "a folder", "a pipe", "cut", "header torn", "no SQL, and no text"}
"""Of which SQLite reads no row."""


@for_each("damage", DAMAGES)
def test_a_damaged_account_is_set_aside_and_what_can_be_read_is_there_again(
    damage: str, sound_folder: Folder
) -> None:
    folder = sound_folder()
    DAMAGES[damage](folder / NAME)
    takes, (told,) = goes_on(folder)
    assert takes.kept
    assert [each for each in folder.glob("takes-damaged-*.db") if f"it is now {each}." in told]
    with Takes(folder) as takes:
        assert takes.told() == []
        listed = {take.text: take for take in takes.listed()}
        assert (SAID in listed) == (damage not in GONE), listed
        (broken,) = takes.undelivered()
        assert takes.sound(broken).exists()
        assert (broken.reason == FOUND) == (damage in GONE)


FOREIGN = [
    "ALTER TABLE takes ADD COLUMN mood",
    "CREATE TABLE moods (mood)",
    "PRAGMA user_version=0",
    "PRAGMA user_version=-1",
]
TAKES = """state='lost' state=x'ff' targets='no' targets='[1]' targets=x'ff' began='then' began=9e999
    began=-1e300 ended='then' ends_at='x' raw=x'c328' final=char(0) sound='../../elsewhere' sound=x'00'
    sound='/' style='gone' language=x'ff' reason=x'ff00'"""
DELIVERIES = "receipt='none' receipt='[]' receipt='{}' receipt=x'ff' text=x'c328' arrived='then'"
WRONG = [
    f"UPDATE {table} SET {each}"
    for table, changes in (("takes", TAKES), ("deliveries", DELIVERIES))
    for each in changes.split()
]


@for_each("statement", [*FOREIGN, *WRONG])
def test_what_is_foreign_or_of_a_wrong_kind_is_left_and_read_as_far_as_it_can_be(
    statement: str, sound_folder: Folder
) -> None:
    folder = sound_folder()
    change(folder / NAME, statement)
    takes, told = goes_on(folder)
    assert takes.kept
    assert not [each for each in told if "damaged" in each]
    assert len(list((folder / "takes").iterdir())) == 1


def test_nothing_leads_out_of_the_folder_of_the_recordings(sound_folder: Folder) -> None:
    folder = sound_folder()
    (folder / "mine.wav").write_bytes(b"mine")
    change(folder / NAME, "UPDATE takes SET sound='../mine.wav', state='delivered'")
    with Takes(folder) as takes:
        takes.prune(Keep(takes=0), Keep(takes=0))
    assert (folder / "mine.wav").exists()


def test_the_account_of_a_later_version_is_read_and_let_be(sound_folder: Folder) -> None:
    folder = sound_folder()
    change(folder / NAME, "PRAGMA user_version=99", "ALTER TABLE takes ADD COLUMN mood")
    before = (folder / NAME).read_bytes()
    takes, (told,) = goes_on(folder)
    assert "later version of Aloud than this one. It is left as it is." in told
    assert (takes.kept, takes.lost) == (False, True)
    assert (folder / NAME).read_bytes() == before
    with Takes(folder) as takes:
        assert SAID in [take.text for take in takes.listed()]
        with pytest.raises(StoreError, match="later version"):
            takes.remove(takes.listed())
        assert "Its recording is kept. Once more: aloud dictate --mic" in takes.again(takes.undelivered()[0])


def test_what_was_done_while_it_was_locked_is_in_it_afterwards(sound_folder: Folder) -> None:
    """At the beginning, and in the middle of a take; another program took the next number meanwhile."""
    folder = sound_folder()
    for early in (True, False):
        with contextlib.ExitStack() as lock:
            if early:
                lock.enter_context(locked(folder / NAME))
            with Takes(folder, busy_s=0.02) as takes:
                take = takes.begin("raw", ["stdout"], "en", "x")
                if not early:
                    lock.enter_context(locked(folder / NAME))
                takes.heard(take.id, 0, TakeUtterance("late", 0, 1))
                (told,) = takes.told()
                assert "Another program holds it" in told.todo
                takes.change(take.id, "delivered", raw="late", final="late")
                lock.close()
                with Takes(folder) as other:
                    other.begin("raw", ["stdout"], "en", "another's")
        assert not takes.lost
    with Takes(folder) as takes:
        late = [take for take in takes.listed() if take.text == "late"]
        assert [takes.utterances(take.id)[0].text for take in late] == ["late"] * 2
        assert len(takes.listed()) == 6


NOW = 1_800_000_000.0
YEARS = 3650 * DAY_S


@for_each(
    ("days_ago", "now", "gone"),
    [
        ((40, 31, 29, 1), NOW, 2),
        ((40, 31), NOW, 2),  # after a holiday
        ((3, 2, 1, 0), NOW + YEARS, 0),  # the clock runs ahead, or a battery was new
        ((25, 20, 1, 0), NOW - YEARS, 0),  # or is back in 1970
        ((NOW / DAY_S, NOW / DAY_S, 0), NOW, 0),  # two were done before it was set right
        ((40, -3650, 1, 0), NOW, 0),  # one was done while it ran ahead: that is not believed, there and back
        ((40, 35, 0.04, 0), NOW, 2),  # winter time
    ],
)
def test_a_clock_that_jumps_deletes_nothing(days_ago: tuple[float, ...], now: float, gone: int) -> None:
    times = {number: NOW - days * DAY_S for number, days in enumerate(days_ago)}
    assert len(beyond([*times], times, now, Keep(days=30))) == gone
    assert beyond([*times], times, now, Keep()) == []
    assert beyond([*times], times, now, Keep(takes=1)) == [*times][:-1]
