"""The tables of a conversation, in a process of their own (``worker.py``) that may be killed."""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from config.errors import FileError, QueryError
from config.runtime.clean import clean, clean_line
from config.runtime.clock import in_thread
from config.runtime.installation import added_line
from config.runtime.limiters import limiter_of
from pipeline.tables.base import Column, ColumnType, Note, QueryResult, Table
from pipeline.tables.notes import told as notes_in
from pipeline.tables.opened_file import opened, stamp
from pipeline.tables.running import EndedError, Running, ask, begun, end
from pipeline.tables.values import heard
from vision.images.names import shown_name

LONGEST_SQL = 20_000
LOAD_S = 60.0
"""The most work that a file may take: seconds of the processor."""
QUERY_S = 1.75
"""And a question: then the process is ended."""

_TYPES: Mapping[str, ColumnType] = {
    **dict.fromkeys(
        ("BIGINT", "HUGEINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "DOUBLE", "FLOAT"), "number"
    ),
    **dict.fromkeys(("UINTEGER", "USMALLINT", "UTINYINT"), "number"),
    **dict.fromkeys(("DATE", "TIMESTAMP"), "date"),
    "VARCHAR": "text",
    "TIME": "time",
    "BOOLEAN": "truth",
}


@dataclass(frozen=True)
class _OpenTables:
    """One file's. ``stamp``: when it was written and how long it is."""

    path: Path
    stamp: tuple[int, int]
    tables: tuple[Table, ...]


class TableProcess:
    """As ``pipeline.tables.base.Tables``. Nothing runs before ``warm`` or the first file; ``close`` it, or
    use it as a context manager.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Running | None = None
        self._open: list[_OpenTables] = []
        self._closed = False

    def __enter__(self) -> TableProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    @property
    def loaded(self) -> tuple[Table, ...]:
        return tuple(table for each in self._open for table in each.tables)

    @property
    def process_id(self) -> int:
        """Of the one that runs; 0: none."""
        return self._running.process.pid if self._running else 0

    @staticmethod
    def missing() -> str:
        """The package without which there is none; empty: all are here."""
        return next((name for name in ("duckdb", "numpy") if importlib.util.find_spec(name) is None), "")

    def warm(self) -> None:
        """Begin it, so that the first file need not wait for that. Takes no time."""
        if not self._closed and not self.missing() and self._lock.acquire(blocking=False):
            try:
                self._process()
            finally:
                self._lock.release()

    def close(self) -> None:
        """End it for good. What it told stays good; who still waits for an answer is told that."""
        self._closed = True
        self._stop()

    def _stop(self) -> None:
        running, self._running = self._running, None
        if running:
            end(running)

    async def load(self, path: Path) -> tuple[Table, ...]:
        return await in_thread(self._load, path, limiter=limiter_of(self))

    async def query(self, sql: str) -> QueryResult:
        return await self.query_from(sql, 0)

    async def query_from(self, sql: str, skip: int) -> QueryResult:
        """The same behind the first rows of it."""
        return await in_thread(self._query, sql, skip, limiter=limiter_of(self))

    # --- in a thread --------------------------------------------------------------------------------------

    def _load(self, path: Path) -> tuple[Table, ...]:
        name = shown_name(path.name, otherwise="the table")
        if package := self.missing():
            raise _without(package, name)
        path = Path(os.path.abspath(path))
        with self._lock, opened(path, name) as file:
            written = stamp(file.fileno())
            before = next((each for each in self._open if each.path == path), None)
            if before and before.stamp == written:
                self._open.remove(before)
                self._open.append(before)
                return before.tables
            if before:
                self._open.remove(before)
                self._stop()
            try:
                self._bring_back()
                tables = self._hand_over(path, file.fileno(), name)
            except EndedError as ended:
                self._process()
                why = "takes too long to read" if ended.late else "is damaged, or needs too much memory"
                raise FileError(f"{name} {why}.", todo="Save a smaller part of it, as CSV.") from None
            self._open.append(_OpenTables(path, written, tables))
            return tables

    def _query(self, sql: str, skip: int) -> QueryResult:
        if len(sql) > LONGEST_SQL:
            raise QueryError("The question to the table is too long.", todo="Ask for less at once.")
        with self._lock:
            if not self._open:
                raise QueryError("No table is open.", todo="Open one first: name its file.")
            try:
                self._bring_back()
                answer = self._ask({"op": "query", "sql": sql, "skip": skip}, QUERY_S)
            except EndedError as ended:
                self._process()
                why = "takes too long" if ended.late else "needs too much memory"
                raise QueryError(
                    f"The question to the table {why}, and was ended.", todo="Ask for less."
                ) from None
        if said := answer.get("error"):
            raise QueryError(f"The question to the table cannot be answered: {clean_line(str(said), 400)}")
        return _result(answer)

    def _bring_back(self) -> None:
        """All open files are in the process, also in one that was begun anew."""
        running = self._process()
        for each in [each for each in self._open if each.path not in running.loaded]:
            name = shown_name(each.path.name)
            self._open.remove(each)  # of one that is gone, or ends the process, no more is said
            with opened(each.path, name) as file:
                tables = self._hand_over(each.path, file.fileno(), name)
                self._open.append(_OpenTables(each.path, stamp(file.fileno()), tables))

    def _process(self) -> Running:
        if self._running is None or self._running.process.poll() is not None:
            self._stop()
            running = self._running = None if self._closed else begun()
            if self._closed or running is None:  # perhaps meanwhile, by another thread
                self._stop()
                raise QueryError("The tables are closed.")
            return running
        return self._running

    def _hand_over(self, path: Path, number: int, name: str) -> tuple[Table, ...]:
        running = self._process()
        request: dict[str, Any] = {"op": "load", "name": path.name}
        if running.files is None:
            request["path"] = str(path)
        answer = self._ask(request, LOAD_S, number)
        if missing := answer.get("missing"):
            raise _without(str(missing).replace("_", "-"), name)
        if said := answer.get("error"):
            raise FileError(f"{name} {clean_line(str(said))}.", todo="Save the table as CSV, and open that.")
        running.loaded.append(path)
        return tuple(_table(each, name) for each in answer["tables"])

    def _ask(self, request: dict[str, Any], work_s: float, file: int | None = None) -> dict[str, Any]:
        running = self._process()
        try:
            return ask(running, request, work_s, file)
        except EndedError:
            if self._running is running:
                self._running = None
            raise


def _without(package: str, name: str) -> FileError:
    return FileError(
        f"{name} cannot be computed with: the package {package} is not installed.",
        todo=f"To install it: {added_line(package)}",
    )


def _table(told: Mapping[str, Any], name: str) -> Table:
    columns = tuple(
        Column(clean_line(each), _column_type(sql_type), sql_type, clean_line(unit))
        for each, sql_type, unit in told["columns"]
    )
    sheet = shown_name(told["sheet"]) if told["sheet"] else ""
    source = clean_line(f"{name}, {sheet}" if sheet else name)
    notes = tuple(Note(key, values) for key, values in told["notes"])
    return Table(str(told["name"]), source, columns, int(told["rows"]), notes_in(notes), notes)


def _column_type(sql_type: str) -> ColumnType:
    return "number" if sql_type.startswith("DECIMAL") else _TYPES.get(sql_type, "other")


def _result(answer: Mapping[str, Any]) -> QueryResult:
    rows = tuple(tuple(map(heard, row)) for row in answer["rows"])
    return QueryResult(tuple(clean(name) for name in answer["columns"]), rows, int(answer["count"]))
