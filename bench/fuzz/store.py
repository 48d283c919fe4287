"""The databases of a person: whatever lies there, a take begins and ends, and no recording is lost."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

from config.errors import StoreError
from config.runtime.clean import clean
from pipeline.dictation.store import NAME as TAKES_NAME
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Keep, TakeUtterance
from pipeline.dictation.takes_schema import TAKES
from pipeline.dictation.targets.base import Receipt
from pipeline.skills.lists.kept import Lists
from pipeline.skills.ring.kept import KeptTimers
from pipeline.skills.timers import Timers
from pipeline.store.opening import NAME as STORE_NAME
from pipeline.store.opening import open_store
from pipeline.store.schema import STORE, Schema

_SHARED = Path("/dev/shm")  # where there is no disk to wait for
_NUMBER = itertools.count()
_TAKES = (
    "INSERT INTO takes (began, ended, state, style, targets, language, stt, sound, raw, final) VALUES"
    " (1.7e9, 1.7e9, 'delivered', 'raw', '[\"stdout\"]', 'en', 'x', 'a.wav', 'hello', 'hello')",
    "INSERT INTO utterances VALUES (1, 0, 'hello', 0, 16000, NULL)",
    "INSERT INTO deliveries VALUES ('d', 1, 'stdout', 'hello', '{}', 1, 2, NULL)",
)
_STORE = (
    "INSERT INTO timers VALUES (1, 'tea', 300, 1.7e9, 'alarm', '07:30', '0 1', 'Europe/Berlin', 'en')",
    "INSERT INTO lists VALUES (1, 'Shopping', 'shopping')",
    "INSERT INTO items VALUES (1, 1, 'milk', 1.7e9)",
    "INSERT INTO notes VALUES (1, 'hello', 1.7e9)",
)


def seeds() -> list[bytes]:
    """Small pages, so that a whole file is short. The first byte says which file it is."""
    return [b"t" + _file(TAKES, _TAKES), b"s" + _file(STORE, _STORE), b"t", b"s"]


def _file(schema: Schema, rows: tuple[str, ...]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.closing(sqlite3.connect(f"{folder}/x", isolation_level=None)) as base:
            base.execute("PRAGMA page_size=512")
            schema.migrate(base)
            for row in rows:
                base.execute(row)
        return Path(folder, "x").read_bytes()


def fuzz(data: bytes) -> None:
    """Raises what is no sentence, and what was lost."""
    place = _SHARED if _SHARED.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix=f"aloud-fuzz-{next(_NUMBER)}-", dir=place))
    try:
        (_takes if data[:1] == b"t" else _store)(folder, data[1:])
    finally:
        shutil.rmtree(folder)


def _takes(folder: Path, data: bytes) -> None:
    (folder / TAKES_NAME).write_bytes(data)
    (folder / "takes").mkdir()
    sound = folder / "takes" / "b.wav"
    sound.write_bytes(bytes(4000))
    with Takes(folder) as takes:
        takes.told()
        with contextlib.suppress(StoreError):  # of damage that is met only where it lies
            for take in takes.listed():
                takes.utterances(take.id), takes.deliveries(take.id), takes.sound(take)
            takes.listed("hello")
        begun = takes.begin("raw", ["stdout"], "en", "x")
        takes.heard(begun.id, 0, TakeUtterance("hello", 0, 1))
        receipt = Receipt("stdout", clean("hello"))
        takes.intend(begun.id, "stdout", receipt)
        takes.arrived(receipt)
        takes.change(begun.id, "delivered", raw="hello", final="hello")
        takes.prune(Keep(days=30), Keep(takes=0))
        assert takes.take(begun.id).text == "hello"
        named = [take.sound for take in takes.listed()]
        assert sound.exists(), "a recording is gone"
        assert not takes.kept or sound.name in named, "a recording is in no history"


def _store(folder: Path, data: bytes) -> None:
    (folder / STORE_NAME).write_bytes(data)
    with open_store(folder) as store:
        if store.database is None:
            assert store.told
            return
        timers, lists = Timers(time.time, KeptTimers(store.database)), Lists(store.database)
        with contextlib.suppress(StoreError):
            for timer in timers.running():
                timer.title, timers.left(timer)
            lists.notes(), [lists.items(each) for each in lists.all()]
            lists.take_note("hello")
            timers.start(60, "tea")
