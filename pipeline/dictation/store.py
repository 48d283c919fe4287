"""The account of takes: what became of each, in SQLite, so that nothing said is ever lost track of.

A take is ``recorded`` from its first moment (its sound lies beside, see ``recording``); then ``raw`` (all of
it heard), ``commanded`` (what was commanded has been done), ``rewritten``, ``delivered``; or ``failed`` or
``cancelled``, with the reason. Whatever is not delivered can be taken up again, where it stopped.

Every call is one short transaction, brought to the disk before it returns; blocking, so call it in a thread.
What is removed is gone: ``secure_delete`` writes zeros over it, and the write-ahead log is emptied.
"""

from __future__ import annotations

import json
import logging
import shlex
import sqlite3
import threading
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from config.errors import StoreError, UsageError
from config.settings.paths import state_dir
from pipeline.dictation.carry_over import carry_over
from pipeline.dictation.opening import open_account
from pipeline.dictation.retention import beyond
from pipeline.dictation.take import Delivery, Keep, State, Take, TakeUtterance
from pipeline.dictation.take_rows import as_delivery, as_receipt, as_row, as_take, sound_name
from pipeline.dictation.takes_schema import DELIVERY_COLUMNS, TAKE_COLUMNS, TAKES, UTTERANCE_COLUMNS
from pipeline.dictation.targets.base import Receipt
from pipeline.store.opening import in_its_place
from pipeline.store.values import moment

_log = logging.getLogger(__name__)

NAME = "takes.db"
BUSY_S = 10.0
"""Another dictation's transaction takes milliseconds; so long it is waited for."""


_TAKE, _UTTERANCE, _DELIVERY = map(", ".join, (TAKE_COLUMNS, UTTERANCE_COLUMNS, DELIVERY_COLUMNS))
Statement = tuple[str, Sequence[object]]


class Takes:
    """A context manager. A person's words go on without the account: where it cannot be opened or written a
    copy in memory takes its place, whose takes are carried over at the end, if that can be done then.
    """

    def __init__(self, folder: Path | None = None, *, busy_s: float = BUSY_S) -> None:
        self.folder = folder or state_dir()
        self._busy_s = busy_s
        self._lock = threading.RLock()
        self._seen: dict[int, Take] = {}
        self._changed: set[int] = set()
        self._untold: list[StoreError] = []

    def __enter__(self) -> Takes:
        self._opened, told = open_account(self._path, self.folder / "takes", self._busy_s)
        self._base = self._opened.database
        self._untold += [told] if told else []
        return self

    def __exit__(self, *_: object) -> None:
        if not self.kept and self._changed:
            self.lost = not carry_over(self._base, self._path, sorted(self._changed))
        self._base.close()

    lost = False
    """In the end: what was done here is not in the account."""

    @property
    def _path(self) -> Path:
        return self.folder / NAME

    @property
    def kept(self) -> bool:
        """Whether what is written is on the disk."""
        return self._opened.kept

    def told(self) -> list[StoreError]:
        """What a person is to be told of the account, each once."""
        told, self._untold = self._untold, []
        return told

    def again(self, take: Take) -> str:
        """Where it is kept, and how it is had once more."""
        if self.kept:
            return f"Take {take.id} is kept. Once more: aloud dictate --retry {take.id}"
        sound = self.sound(take)
        if not take.sound or not sound.exists():
            return ""
        return f"Its recording is kept. Once more: aloud dictate --microphone {shlex.quote(str(sound))}"

    def _write(self, *statements: Statement) -> int:
        """In one transaction; the number of the last row. Where the account takes it no longer, the copy."""
        with self._lock:
            try:
                return self._written(statements)
            except StoreError as error:
                if not self.kept:
                    raise
                self._go_on_without(error)
                return self._written(statements)

    def _written(self, statements: Sequence[Statement]) -> int:
        number = 0
        with self._base.writing() as base:
            for query, values in statements:
                number = base.execute(query, values).lastrowid or 0
        return number

    def _go_on_without(self, error: StoreError) -> None:
        """Takes that cannot be read any more are as they were when they were seen last."""
        self._base.close()
        self._opened = in_its_place(self._path, TAKES, error)
        self._base = self._opened.database
        insert = f"INSERT OR IGNORE INTO takes ({_TAKE}) VALUES ({_marks(TAKE_COLUMNS)})"
        self._written([(insert, as_row(take)) for take in self._seen.values()])
        self._untold.append(error)

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._base.rows(query, values)

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
        before: list[Statement] = [("UPDATE takes SET ends_at=? WHERE id=?", after[::-1])] if after else []
        begun = (
            "INSERT INTO takes (began, state, style, targets, language, stt, sound)"
            " VALUES (?,'recorded',?,?,?,?,?)",
            row,
        )
        take = self.take(self._write(*before, begun))
        self._changed |= {take.id, *(after or ())[:1]}
        return take

    def sound(self, take: Take | str) -> Path:
        """Where a recording lies, if there is one."""
        return self.folder / "takes" / (sound_name(take if isinstance(take, str) else take.sound) or "none")

    def heard(self, take: int, number: int, utterance: TakeUtterance) -> None:
        self._changed.add(take)
        row = (take, number, utterance.text, utterance.began, utterance.ended, utterance.became)
        self._write((f"INSERT OR REPLACE INTO utterances ({_UTTERANCE}) VALUES ({_marks(row)})", row))

    def utterances(self, take: int) -> list[TakeUtterance]:
        query = "SELECT text, began, ended, became FROM utterances WHERE take=? ORDER BY number"
        return [TakeUtterance(*row) for row in self._rows(query, take)]

    def change(self, take: int, state: State, **columns: object) -> None:
        """To a state, with what came of it: ``raw``, ``final``, ``reason`` ..., as ``Take`` names them."""
        if state in ("delivered", "failed", "cancelled"):
            columns = {"ended": time.time(), **columns}
        names = "".join(f", {name}=?" for name in columns)
        self._changed.add(take)
        self._write((f"UPDATE takes SET state=?{names} WHERE id=?", (state, *columns.values(), take)))
        _log.info("take %d is %s", take, state)

    def intend(self, take: int, target: str, receipt: Receipt) -> None:
        """Written down before it is done; an earlier intention for this target did not come to it."""
        row = (receipt.id, take, target, receipt.text, receipt.as_json(), time.time(), None, None)
        self._changed.add(take)
        self._write(
            ("DELETE FROM deliveries WHERE take=? AND target=? AND arrived IS NULL", (take, target)),
            (f"INSERT INTO deliveries ({_DELIVERY}) VALUES ({_marks(row)})", row),
        )

    def arrived(self, receipt: Receipt) -> None:
        row = (time.time(), receipt.as_json(), receipt.id)
        self._write(("UPDATE deliveries SET arrived=?, receipt=? WHERE id=?", row))

    def forget(self, receipt: Receipt) -> None:
        """It surely did not arrive."""
        self._write(("DELETE FROM deliveries WHERE id=?", (receipt.id,)))

    def overtaken(self, delivery: Delivery) -> bool:
        """Whether a later text was written to where this one would be: then this one never arrived."""
        later = self._rows(
            "SELECT receipt FROM deliveries WHERE intended>? AND target=?", delivery.intended, delivery.target
        )
        places = [as_receipt(row["receipt"], delivery.target) for row in later]
        mine = delivery.receipt
        return mine.offset >= 0 and any(p.place == mine.place and p.offset == mine.offset for p in places)

    def taken_back(self, receipt: Receipt) -> None:
        self._write(("UPDATE deliveries SET taken_back=? WHERE id=?", (time.time(), receipt.id)))

    def deliveries(self, take: int) -> list[Delivery]:
        rows = self._rows(f"SELECT {_DELIVERY} FROM deliveries WHERE take=? ORDER BY intended", take)
        return [as_delivery(row) for row in rows]

    # Looking back --------------------------------------------------------------------------------

    def take(self, take: int) -> Take:
        """Raises ``UsageError`` for one there is not."""
        rows = self._rows(f"SELECT {_TAKE} FROM takes WHERE id=?", take)
        if not rows:
            raise UsageError(f"There is no take {take}.", todo="See which there are: aloud history list")
        self._seen[take] = as_take(rows[0])
        return self._seen[take]

    def listed(self, words: str = "", limit: int = -1) -> list[Take]:
        """The newest first; those with ``words`` in any of their texts."""
        query = f"SELECT {_TAKE} FROM takes"
        if words:
            query += " WHERE instr(folded(raw || char(10) || commanded || char(10) || final), ?)"
        rows = self._rows(f"{query} ORDER BY id DESC LIMIT ?", *([words.casefold()] if words else []), limit)
        return [as_take(row) for row in rows]

    def undelivered(self) -> list[Take]:
        """The oldest first: broken off, or failed."""
        return [take for take in reversed(self.listed()) if take.open]

    # Removing --------------------------------------------------------------------------------------

    def remove(self, takes: Sequence[Take]) -> None:
        """For real: the recording, the rows, and what of them is in the write-ahead log. Raises
        ``StoreError`` where the account cannot be written: nothing is then removed.
        """
        if not self.kept:
            raise self._opened.told or AssertionError
        for take in takes:
            self._unlink(take.sound)
        self._delete([take.id for take in takes])

    def _delete(self, numbers: Sequence[int]) -> None:
        if numbers:
            with self._base.writing() as base:
                base.executemany("DELETE FROM takes WHERE id=?", [(number,) for number in numbers])
            self._base.empty_log()

    def _unlink(self, name: object) -> None:
        if name := sound_name(name):
            with self._base.saying():
                self.sound(name).unlink(missing_ok=True)

    def prune(self, text: Keep, sound: Keep) -> None:
        """Remove what is done with and need not be kept longer. What is neither delivered nor cancelled
        stays, and so does the recording of a cancelled one, as long as its text; and everything while the
        account cannot be written.
        """
        if not self.kept:
            return
        try:
            self._prune(text, sound)
        except StoreError as error:  # the next take's end comes to it
            _log.warning("What need not be kept longer is still there: %s", error)

    def _prune(self, text: Keep, sound: Keep) -> None:
        rows = self._rows("SELECT id, sound, COALESCE(ended, began) AS at, state FROM takes ORDER BY id")
        times, now = {row["id"]: moment(row["at"]) for row in rows}, time.time()
        done = {row["id"]: row for row in rows if row["state"] in ("delivered", "cancelled")}
        old = beyond([*done], times, now, text)
        for number in old:
            self._unlink(done[number]["sound"])
        self._delete(old)
        left = set(done) - set(old)
        heard = [n for n, row in done.items() if n in left and row["sound"] and row["state"] == "delivered"]
        for number in beyond(heard, times, now, sound):
            self._unlink(done[number]["sound"])
            self._write(("UPDATE takes SET sound='' WHERE id=?", (number,)))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def new_sound() -> str:
    """A name for a recording."""
    return f"{uuid.uuid4().hex}.wav"
