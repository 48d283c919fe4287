"""The account of takes: what became of each, in SQLite, so that nothing said is ever lost track of.

A take is ``recorded`` from its first moment (its sound lies beside, see ``recording``); then ``raw`` (all of
it heard), ``commanded`` (what was commanded has been done), ``rewritten``, ``delivered``; or ``failed`` or
``cancelled``, with the reason. Whatever is not delivered can be taken up again, where it stopped.

Every call is one short transaction, brought to the disk before it returns; blocking, so call it in a thread.
What is removed is gone: ``secure_delete`` writes zeros over it, and the write-ahead log is emptied.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.errors import InputError, UsageError
from config.runtime.private import own_file, own_folder
from config.settings.paths import state_dir
from pipeline.dictation.take import Delivery, Keep, State, Take, TakeUtterance
from pipeline.dictation.targets.base import Receipt

_log = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS takes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, began REAL NOT NULL, ended REAL, state TEXT NOT NULL,
    style TEXT NOT NULL, targets TEXT NOT NULL, language TEXT NOT NULL, stt TEXT NOT NULL,
    sound TEXT NOT NULL, ends_at INTEGER, raw TEXT NOT NULL DEFAULT '', commanded TEXT NOT NULL DEFAULT '',
    final TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS utterances (
    take INTEGER NOT NULL REFERENCES takes(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    text TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL, became TEXT,
    PRIMARY KEY (take, number));
CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT PRIMARY KEY, take INTEGER NOT NULL REFERENCES takes(id) ON DELETE CASCADE, target TEXT NOT NULL,
    text TEXT NOT NULL, receipt TEXT NOT NULL, intended REAL NOT NULL, arrived REAL, taken_back REAL);
CREATE INDEX IF NOT EXISTS deliveries_of ON deliveries(take);
"""
_BUSY_S = 10.0
"""Another dictation's transaction takes milliseconds; so long it is waited for."""


class Takes:
    """A context manager. Raises ``InputError`` when the account cannot be opened or written."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or state_dir()
        self._lock = threading.RLock()

    def __enter__(self) -> Takes:
        with self._saying():
            own_folder(self.folder / "takes")
            (self.folder / "takes").chmod(0o700)
            own_file(self.folder / "takes.db")
            self._base = sqlite3.connect(
                self.folder / "takes.db", timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            self._base.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                self._base.execute(f"PRAGMA {pragma}")
            self._base.create_function("folded", 1, lambda text: str(text).casefold(), deterministic=True)
            self._base.executescript(_SCHEMA)
            if "ears" in {column["name"] for column in self._base.execute("PRAGMA table_info(takes)")}:
                self._base.execute("ALTER TABLE takes RENAME COLUMN ears TO stt")  # takes of an older version
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise InputError(
                f"The account of takes in {self.folder} cannot be used: {error}.",
                kept="Every recording made so far is kept.",
                todo="Make room there, and see to its permissions; then: aloud dictate --retry",
            ) from None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._saying():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._lock, self._saying():
            return self._base.execute(query, values).fetchall()

    # A take's way ------------------------------------------------------------------------------------

    def begin(
        self,
        style: str,
        targets: Sequence[str],
        language: str,
        stt: str,
        *,
        sound: str = "",
        after: tuple[int, int] | None = None,
    ) -> Take:
        """``after``: the take that it follows on, which ends at that sample; ``sound`` is there already."""
        row = (time.time(), style, json.dumps(list(targets)), language, stt, sound or new_sound())
        with self._writing() as base:
            if after:
                base.execute("UPDATE takes SET ends_at=? WHERE id=?", after[::-1])
            cursor = base.execute(
                "INSERT INTO takes (began, state, style, targets, language, stt, sound)"
                " VALUES (?,'recorded',?,?,?,?,?)",
                row,
            )
        return self.take(int(cursor.lastrowid or 0))

    def sound(self, take: Take | str) -> Path:
        """Where a recording lies, if there is one."""
        return self.folder / "takes" / (take if isinstance(take, str) else take.sound)

    def heard(self, take: int, number: int, utterance: TakeUtterance) -> None:
        with self._writing() as base:
            base.execute(
                "INSERT OR REPLACE INTO utterances VALUES (?,?,?,?,?,?)",
                (take, number, utterance.text, utterance.began, utterance.ended, utterance.became),
            )

    def utterances(self, take: int) -> list[TakeUtterance]:
        query = "SELECT text, began, ended, became FROM utterances WHERE take=? ORDER BY number"
        return [TakeUtterance(*row) for row in self._rows(query, take)]

    def change(self, take: int, state: State, **columns: object) -> None:
        """To a state, with what came of it: ``raw``, ``final``, ``reason`` ..., as ``Take`` names them."""
        if state in ("delivered", "failed", "cancelled"):
            columns = {"ended": time.time(), **columns}
        names = "".join(f", {name}=?" for name in columns)
        with self._writing() as base:
            base.execute(f"UPDATE takes SET state=?{names} WHERE id=?", (state, *columns.values(), take))
        _log.info("take %d is %s", take, state)

    def intend(self, take: int, target: str, receipt: Receipt) -> None:
        """Written down before it is done; an earlier intention for this target did not come to it."""
        with self._writing() as base:
            base.execute(
                "DELETE FROM deliveries WHERE take=? AND target=? AND arrived IS NULL", (take, target)
            )
            base.execute(
                "INSERT INTO deliveries VALUES (?,?,?,?,?,?,NULL,NULL)",
                (receipt.id, take, target, receipt.text, receipt.as_json(), time.time()),
            )

    def arrived(self, receipt: Receipt) -> None:
        with self._writing() as base:
            base.execute(
                "UPDATE deliveries SET arrived=?, receipt=? WHERE id=?",
                (time.time(), receipt.as_json(), receipt.id),
            )

    def forget(self, receipt: Receipt) -> None:
        """It surely did not arrive."""
        with self._writing() as base:
            base.execute("DELETE FROM deliveries WHERE id=?", (receipt.id,))

    def overtaken(self, delivery: Delivery) -> bool:
        """Whether a later text was written to where this one would be: then this one never arrived."""
        later = self._rows(
            "SELECT receipt FROM deliveries WHERE intended>? AND target=?", delivery.intended, delivery.target
        )
        places = [Receipt.from_json(row["receipt"]) for row in later]
        mine = delivery.receipt
        return mine.offset >= 0 and any(p.place == mine.place and p.offset == mine.offset for p in places)

    def taken_back(self, receipt: Receipt) -> None:
        with self._writing() as base:
            base.execute("UPDATE deliveries SET taken_back=? WHERE id=?", (time.time(), receipt.id))

    def deliveries(self, take: int) -> list[Delivery]:
        rows = self._rows("SELECT * FROM deliveries WHERE take=? ORDER BY intended", take)
        return [_delivery(row) for row in rows]

    # Looking back --------------------------------------------------------------------------------

    def take(self, take: int) -> Take:
        """Raises ``UsageError`` for one there is not."""
        rows = self._rows("SELECT * FROM takes WHERE id=?", take)
        if not rows:
            raise UsageError(f"There is no take {take}.", todo="See which there are: aloud history list")
        return _take(rows[0])

    def listed(self, words: str = "", limit: int = -1) -> list[Take]:
        """The newest first; those with ``words`` in any of their texts."""
        query = "SELECT * FROM takes"
        if words:
            query += " WHERE instr(folded(raw || char(10) || commanded || char(10) || final), ?)"
        rows = self._rows(f"{query} ORDER BY id DESC LIMIT ?", *([words.casefold()] if words else []), limit)
        return [_take(row) for row in rows]

    def undelivered(self) -> list[Take]:
        """The oldest first: broken off, or failed."""
        return [take for take in reversed(self.listed()) if take.open]

    # Removing --------------------------------------------------------------------------------------

    def remove(self, takes: Sequence[Take]) -> None:
        """For real: the recording, the rows, and what of them is in the write-ahead log."""
        self._remove([(take.id, take.sound) for take in takes])

    def _remove(self, takes: Sequence[tuple[int, str]]) -> None:
        if not takes:
            return
        for _, name in takes:
            self._unlink(name)
        with self._writing() as base:
            base.executemany("DELETE FROM takes WHERE id=?", [(number,) for number, _ in takes])
        with self._lock, self._saying():
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _remove_sound(self, number: int, name: str) -> None:
        self._unlink(name)
        with self._writing() as base:
            base.execute("UPDATE takes SET sound='' WHERE id=?", (number,))

    def _unlink(self, name: str) -> None:
        if name:
            with self._saying():
                self.sound(name).unlink(missing_ok=True)

    def prune(self, text: Keep, sound: Keep) -> None:
        """Remove what is done with and need not be kept longer. What is neither delivered nor cancelled
        stays, and so does the recording of a cancelled one, as long as its text.
        """
        done = "SELECT id, sound, COALESCE(ended, began) FROM takes WHERE state IN "
        old = _beyond(self._rows(f"{done}('delivered', 'cancelled') ORDER BY id DESC"), text)
        self._remove(old)
        kept = f"{done}('delivered') AND sound != '' AND id NOT IN (SELECT value FROM json_each(?))"
        gone = json.dumps([number for number, _ in old])
        for number, name in _beyond(self._rows(f"{kept} ORDER BY id DESC", gone), sound):
            self._remove_sound(number, name)


def new_sound() -> str:
    """A name for a recording."""
    return f"{uuid.uuid4().hex}.wav"


def _beyond(rows: Sequence[sqlite3.Row], limit: Keep) -> list[tuple[int, str]]:
    """Of (id, recording, when it was done with), the newest first: those that are kept no longer."""
    if limit.takes is not None:
        rows = rows[limit.takes :]
    elif limit.days is not None:
        oldest = time.time() - limit.days * 86_400
        rows = [row for row in rows if row[2] < oldest]
    else:
        rows = []
    return [(row[0], row[1]) for row in rows]


def _take(row: sqlite3.Row) -> Take:
    fields = dict(row)
    return Take(**fields | {"targets": tuple(json.loads(fields["targets"]))})


def _delivery(row: sqlite3.Row) -> Delivery:
    fields = dict(row)
    del fields["take"]
    return Delivery(**fields | {"receipt": Receipt.from_json(fields["receipt"])})
