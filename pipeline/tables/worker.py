"""A process of its own in which tables are loaded and asked: ``python -I worker.py``, started by
``pipeline.tables.process``.

DuckDB's makers take SQL and data files for trusted input; these are neither. Here they may use 1 GB, write no
file, open nothing while a question is answered, work for so long, and be killed.

Standard input: a line of JSON a request. ``{"op": "load", "name": "a.csv", "work_s": 60}`` comes with the
file, as a descriptor on the socket whose number is the first argument (without one its ``path``);
``{"op": "query", "sql": "...", "skip": 0, "work_s": 2}`` asks. Standard output: a line of JSON each. One with
``error`` says why there is no other.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

MEMORY = 1_000_000_000
FILES = 64


def confine() -> None:
    """Limits that the system keeps; where it has none (Windows), the parent's clock is the only one."""
    try:
        import resource
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):
            continue


def allow(seconds: float) -> None:
    """The system ends this process when it has worked for so long from now on."""
    try:
        import resource
    except ImportError:
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    # The system counts for this limit by its ticks, which on a busy machine are more than was worked.
    resource.setrlimit(resource.RLIMIT_CPU, (int(2 * time.process_time() + seconds) + 10, hard))


def may_open(files: int) -> None:
    """0: no file and no connection can be opened; what is open stays so."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, FILES))


class Worker:
    """One database, and the tables in it."""

    def __init__(self) -> None:
        from pipeline.tables.database import ask, open_database

        self._database = open_database()
        self._tables: list[str] = []
        # What Python fetches only when it is first used could not be opened later.
        ask(
            self._database,
            "SELECT 1.5::DECIMAL(4,2), DATE '2024-01-01', TIME '01:02:03', now(), INTERVAL 1 DAY, uuid(), "
            "[1], {'a': 'ä'}, 'x'::BLOB, MAP {'a': 1}, 1::BIT, 1::HUGEINT",
            (),
        )

    def query(self, sql: str, skip: int) -> dict[str, Any]:
        from pipeline.tables.database import RefusedQueryError, ask

        may_open(0)
        try:
            return ask(self._database, sql, self._tables, skip)
        except RefusedQueryError as refusal:
            return {"error": str(refusal)}
        finally:
            may_open(FILES)

    def load(self, name: str, file: BinaryIO) -> dict[str, Any]:
        from pipeline.tables.loading.delimited import NoTableError
        from pipeline.tables.loading.open_table import tables_in

        found: list[dict[str, Any]] = []
        try:
            for table in tables_in(self._database, name, file, self._tables):
                found.append(table)
                self._tables.append(table["name"])
        except NoTableError as error:
            return {"error": str(error)} if not found else {"tables": found}
        except ModuleNotFoundError as error:
            return {"missing": error.name}
        return {"tables": found}


def opened(request: dict[str, Any], socket_number: int | None) -> BinaryIO:
    if socket_number is None:
        return open(request["path"], "rb")
    import socket

    with socket.socket(fileno=os.dup(socket_number)) as channel:
        _, numbers, _, _ = socket.recv_fds(channel, 1, 1)
    return os.fdopen(numbers[0], "rb")


def tell(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    socket_number = int(sys.argv[1]) if len(sys.argv) > 1 else None
    confine()
    may_open(FILES)
    worker = Worker()
    for line in iter(sys.stdin.buffer.readline, b""):
        request = json.loads(line)
        allow(request["work_s"])
        try:
            if request["op"] == "load":
                with opened(request, socket_number) as file:
                    answer = worker.load(request["name"], file)
            else:
                answer = worker.query(request["sql"], request["skip"])
        except MemoryError:
            answer = {"error": "needs too much memory"}
        tell(answer)


if __name__ == "__main__":
    main()
