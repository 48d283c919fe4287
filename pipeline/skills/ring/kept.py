"""Timers in the store: they outlive the program, and of several programs each rings but once."""

from __future__ import annotations

import logging
import sqlite3
from datetime import time
from typing import Any, cast, get_args

from config.errors import StoreError
from pipeline.skills.ring.recurrence import DAILY
from pipeline.skills.ring.table import LONGEST_KEPT_S, numbered
from pipeline.skills.ring.timer import Kind, Timer
from pipeline.store.database import Database
from pipeline.store.values import text

_log = logging.getLogger(__name__)
LATEST = 253_402_214_400.0
"""The end of the year 9999: there a calendar ends."""
_COLUMNS = "number, label, seconds, due, kind, at, days, zone, language"


class KeptTimers:
    """A ``TimerTable``. What another program sets or cancels is seen here ``poll_s`` later."""

    longest_s = LONGEST_KEPT_S
    kept = True

    def __init__(self, database: Database, *, poll_s: float = 1.0) -> None:
        self.poll_s = poll_s
        self._database = database
        self._timers: list[Timer] = []
        self._seen = (-1, -1)
        self._unread = False
        self._damaged: set[object] = set()

    def all(self) -> list[Timer]:
        """Read anew only where something has changed. Where it cannot be read, those that were there last."""
        try:
            seen = self._database.changes()
            if seen != self._seen:
                self._timers, self._seen, self._unread = self._read(), seen, False
        except StoreError as error:
            if not self._unread:  # it is looked at every second
                _log.warning("%s", error)
            self._unread = True
        return list(self._timers)

    def add(self, timer: Timer) -> Timer:
        with self._database.writing() as base:
            taken = [row["number"] for row in base.execute("SELECT number FROM timers")]
            timer = numbered(timer, taken)
            base.execute(f"INSERT INTO timers ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)", _row(timer))
        return timer

    def exchange(self, old: Timer, new: Timer | None) -> bool:
        """One transaction: who deletes the row, or moves it, is the one."""
        with self._database.writing() as base:
            found = base.execute("DELETE FROM timers WHERE number=? AND due=?", (old.number, old.due))
            if found.rowcount and new is not None:
                base.execute(f"INSERT INTO timers ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)", _row(new))
        return found.rowcount > 0

    def _read(self) -> list[Timer]:
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM timers")
        return [timer for row in rows if (timer := self._timer(row))]

    def _timer(self, row: sqlite3.Row) -> Timer | None:
        """None, told of once: it is damaged, and left where it is."""
        try:
            return _timer(row)
        except (ValueError, TypeError, OverflowError) as error:
            if row["number"] not in self._damaged:
                _log.warning("timer %s in %s is damaged: %s", row["number"], self._database.path, error)
            self._damaged.add(row["number"])
            return None


def _row(timer: Timer) -> tuple[object, ...]:
    at = timer.at.isoformat("minutes") if timer.at else ""
    days = " ".join(map(str, timer.days))
    of = (timer.number, timer.label, timer.seconds, timer.due, timer.kind)
    return (*of, at, days, timer.zone, timer.language)


def _timer(row: sqlite3.Row) -> Timer:
    """Raises ``ValueError`` for what no timer of ours holds, ``TypeError``, ``OverflowError``."""
    if not (isinstance(row["due"], int | float) and isinstance(row["seconds"], int | float)):
        raise ValueError("it is due at no time")
    if not 0 <= row["due"] <= LATEST or row["kind"] not in get_args(Kind):
        raise ValueError("it is due at no time, or of no kind")
    at = time.fromisoformat(text(row["at"])) if row["at"] else None
    days = tuple(map(int, text(row["days"]).split()))
    if not set(days) <= set(DAILY):
        raise ValueError("it rings on no day of a week")
    names = {name: text(row[name]) for name in ("label", "kind", "zone", "language")}
    exact = {"number": row["number"], "seconds": row["seconds"], "due": row["due"], "at": at, "days": days}
    return Timer(**cast(Any, names | exact))
