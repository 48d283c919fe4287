"""The tables of a conversation, in a process of their own (``worker.py``) that may be killed."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from config.errors import FileError, QueryError
from config.files.flags import WITHOUT_WAITING
from config.runtime.clean import clean, clean_line, clean_sentence, joined
from config.runtime.clock import in_thread
from config.runtime.installation import added_line
from config.runtime.limiters import limiter_of
from pipeline.tables.base import Column, ColumnType, QueryResult, Table
from pipeline.tables.values import heard
from vision.images.names import shown_name

MOST_BYTES = 200_000_000
"""The largest file that is read."""
LONGEST_SQL = 20_000
LOAD_S = 60.0
"""The most work that a file may take: seconds of the processor."""
QUERY_S = 2.0
"""And a question: then the process is ended."""
FAR = 20
"""So many times as long it is waited for, whatever the processor does meanwhile."""
_LONGEST_LINE = 8_000_000
_GIVEN_BACK = "retain:false,dirty_decay_ms:0,muzzy_decay_ms:0"
"""For DuckDB's allocator, which else keeps the addresses that one hostile question took from the next one."""

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


@dataclass
class _Running:
    process: subprocess.Popen[bytes]
    files: socket.socket | None
    """On which opened files are handed over; None where the system cannot (Windows)."""
    loaded: list[Path] = field(default_factory=list)


class _EndedError(Exception):
    """The process is gone. ``late``: it was ended for taking too long."""

    def __init__(self, *, late: bool) -> None:
        super().__init__()
        self.late = late


class TableProcess:
    """As ``pipeline.tables.base.Tables``. Nothing runs before ``warm`` or the first file; ``close`` it, or
    use it as a context manager.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._open: list[_OpenTables] = []

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
        if not self.missing() and self._lock.acquire(blocking=False):
            try:
                self._process()
            finally:
                self._lock.release()

    def close(self) -> None:
        """End it. What it told stays good."""
        running, self._running = self._running, None
        if running:
            _end(running)

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
        with self._lock, _opened(path, name) as file:
            stamp = _stamp(file.fileno())
            before = next((each for each in self._open if each.path == path), None)
            if before and before.stamp == stamp:
                self._open.remove(before)
                self._open.append(before)
                return before.tables
            if before:
                self._open.remove(before)
                self.close()
            try:
                self._bring_back()
                tables = self._hand_over(path, file.fileno(), name)
            except _EndedError as ended:
                self._process()
                why = "takes too long to read" if ended.late else "is damaged, or needs too much memory"
                raise FileError(f"{name} {why}.", todo="Save a smaller part of it, as CSV.") from None
            self._open.append(_OpenTables(path, stamp, tables))
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
            except _EndedError as ended:
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
            with _opened(each.path, name) as file:
                tables = self._hand_over(each.path, file.fileno(), name)
                self._open.append(_OpenTables(each.path, _stamp(file.fileno()), tables))

    def _process(self) -> _Running:
        if self._running is None or self._running.process.poll() is not None:
            self.close()
            self._running = _begun()
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
        stdin, stdout = running.process.stdin, running.process.stdout
        assert stdin
        assert stdout
        far = threading.Event()

        def end() -> None:
            far.set()
            running.process.kill()

        # Where the system does not count a process's work (Windows), the clock on the wall stands for it.
        clock = threading.Timer(FAR * work_s if hasattr(signal, "setitimer") else work_s, end)
        clock.start()
        try:
            stdin.write(json.dumps({**request, "work_s": work_s}).encode() + b"\n")
            stdin.flush()
            if file is not None and running.files is not None:
                socket.send_fds(running.files, [b"f"], [file])
            line = stdout.readline(_LONGEST_LINE)
            if line.endswith(b"\n"):
                answer: dict[str, Any] = json.loads(line)
                return answer
        except (OSError, ValueError):
            pass  # its end of the pipe is closed: it was killed, or died of what it was given
        finally:
            clock.cancel()
        _end(running)
        self._running = None
        out_of_time = {-getattr(signal, name, 0) for name in ("SIGPROF", "SIGXCPU")}
        raise _EndedError(late=far.is_set() or running.process.returncode in out_of_time)


def _without(package: str, name: str) -> FileError:
    return FileError(
        f"{name} cannot be computed with: the package {package} is not installed.",
        todo=f"To install it: {added_line(package)}",
    )


def _begun() -> _Running:
    # By its path and isolated: nothing of this folder, or of the person's, is imported instead.
    program = [sys.executable, "-I", str(Path(__file__).with_name("worker.py"))]
    # Of the room for addresses that it has, none for arenas that it does not need.
    environment = {
        **os.environ,
        "MALLOC_ARENA_MAX": "1",
        "DUCKDB_JE_MALLOC_CONF": _GIVEN_BACK,
        "OPENBLAS_NUM_THREADS": "1",
    }
    if not hasattr(socket, "send_fds"):
        process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        return _Running(process, None)
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [*program, str(theirs.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=environment,
        )
    return _Running(process, ours)


def _end(running: _Running) -> None:
    running.process.kill()
    for pipe in (running.process.stdin, running.process.stdout, running.files):
        with contextlib.suppress(OSError):  # what was to be written has nobody to read it
            if pipe:
                pipe.close()
    running.process.wait()


@contextlib.contextmanager
def _opened(path: Path, name: str) -> Any:
    """A regular file that is not too large. Raises ``FileError``."""
    try:
        number = os.open(path, os.O_RDONLY | WITHOUT_WAITING)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileError(f"{name} cannot be opened: {why}.", todo="Check the name, and the folder.") from None
    about = os.fstat(number)
    if not stat.S_ISREG(about.st_mode):
        os.close(number)
        raise FileError(f"{name} is not a file.", todo="Name a file.")
    with os.fdopen(number, "rb") as file:
        if not about.st_size:
            raise FileError(
                f"{name} is empty: there is no table in it.", todo="Save it again, and open that."
            )
        if about.st_size > MOST_BYTES:
            size, most = -(-about.st_size // 1_000_000), MOST_BYTES // 1_000_000
            raise FileError(
                f"{name} is too large: {size} megabytes, and {most} is the most.", todo="Save a part of it."
            )
        yield file


def _stamp(number: int) -> tuple[int, int]:
    about = os.fstat(number)
    return about.st_mtime_ns, about.st_size


def _table(told: Mapping[str, Any], name: str) -> Table:
    columns = tuple(
        Column(clean_line(each), _column_type(sql_type), sql_type, clean_line(unit))
        for each, sql_type, unit in told["columns"]
    )
    sheet = shown_name(told["sheet"]) if told["sheet"] else ""
    source = clean_line(f"{name}, {sheet}" if sheet else name)
    notes = joined((clean_sentence(note) for note in told["notes"]), " ")
    return Table(str(told["name"]), source, columns, int(told["rows"]), notes)


def _column_type(sql_type: str) -> ColumnType:
    return "number" if sql_type.startswith("DECIMAL") else _TYPES.get(sql_type, "other")


def _result(answer: Mapping[str, Any]) -> QueryResult:
    rows = tuple(tuple(map(heard, row)) for row in answer["rows"])
    return QueryResult(tuple(clean(name) for name in answer["columns"]), rows, int(answer["count"]))
