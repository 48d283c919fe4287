"""Timers in the store: they outlive the program, and of several programs each rings but once."""

from __future__ import annotations

import logging
import sqlite3
from datetime import time

from config.errors import StoreError
from pipeline.skills.ring.table import LONGEST_KEPT_S, numbered
from pipeline.skills.ring.timer import Timer
from pipeline.store.database import Database

_log = logging.getLogger(__name__)
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
        return [_timer(row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM timers")]


def _row(timer: Timer) -> tuple[object, ...]:
    at = timer.at.isoformat("minutes") if timer.at else ""
    days = " ".join(map(str, timer.days))
    of = (timer.number, timer.label, timer.seconds, timer.due, timer.kind)
    return (*of, at, days, timer.zone, timer.language)


def _timer(row: sqlite3.Row) -> Timer:
    fields = dict(row)
    at = time.fromisoformat(fields["at"]) if fields["at"] else None
    return Timer(**fields | {"at": at, "days": tuple(map(int, fields["days"].split()))})
