"""The database in the worker: locked before the first question, with one SELECT at a time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Collection
from typing import Any

from config.runtime.clean import clean_line
from pipeline.tables.allowed import objection
from pipeline.tables.values import told

MOST_ROWS = 1_000
MOST_BYTES = 1_000_000
"""Of an answer."""
WORK_S = 1.5
"""Seconds of the processor after which a question is asked to end; a little later the process is ended."""
FAR_MS = 35_000

_CLOSED: dict[str, Any] = {
    "allow_unsigned_extensions": False,
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "threads": 1,  # each more would take some 70 MB of the room for addresses
}
_LIMITS = f"""
SET memory_limit='600MB'; SET operator_memory_limit='400MB'; SET temp_directory='';
SET max_temp_directory_size='0B'; SET max_expression_depth=250; SET allow_persistent_secrets=false;
SET allow_extension_repositories='forbidden'; SET max_execution_time={FAR_MS};
SET secret_directory=''; SET extension_directory=''; SET home_directory='';
"""
_LOCKED = "SET enable_external_access=false; SET lock_configuration=true"


class RefusedQueryError(Exception):
    """The argument is the sentence."""


def open_database() -> Any:
    """No file, no address, no setting can be reached from it."""
    import duckdb

    database = duckdb.connect(":memory:", config=_CLOSED)
    database.execute(_LIMITS)
    database.execute(_LOCKED)
    return database


def open_reader() -> Any:
    """For files that our own code names."""
    import duckdb

    reader = duckdb.connect(":memory:reader", config=_CLOSED)
    reader.execute("SET memory_limit='400MB'; SET temp_directory=''")
    return reader


def ask(database: Any, sql: str, tables: Collection[str], skip: int = 0) -> dict[str, Any]:
    """``columns``, ``rows`` (the first of ``count``, behind ``skip``). Raises ``RefusedQueryError``."""
    import duckdb

    cursor = database.cursor()
    done = threading.Event()
    threading.Thread(target=_end_after, args=(cursor, done), daemon=True).start()
    try:
        text, plain = _one_select(cursor, sql, tables)
        cursor.execute("BEGIN TRANSACTION READ ONLY")  # a SELECT may have an INSERT in it
        return _answer(cursor, f"SELECT * FROM ({plain}) OFFSET {skip}" if skip else text, plain)
    except duckdb.InterruptException:
        raise RefusedQueryError(
            "It takes too long. Ask for less: fewer rows, no join of all with all."
        ) from None
    except (duckdb.OutOfMemoryException, MemoryError):
        raise RefusedQueryError("It needs too much memory. Ask for less.") from None
    except duckdb.Error as error:
        raise RefusedQueryError(clean_line(str(error).split("\n\nLINE ")[0], 300)) from None
    except (RecursionError, ValueError, OverflowError) as error:
        raise RefusedQueryError(f"It cannot be answered: {clean_line(str(error), 100)}.") from None
    finally:
        done.set()
        cursor.close()


def _end_after(cursor: Any, done: threading.Event) -> None:
    """A question is ended when it has worked for so long, however busy the machine is."""
    began = time.process_time()
    while not done.wait(0.05):
        if time.process_time() - began > WORK_S:
            cursor.interrupt()


def _one_select(cursor: Any, sql: str, tables: Collection[str]) -> tuple[str, str]:
    """It, and the same as its tree has it: without remarks and a semicolon."""
    import duckdb

    found = duckdb.extract_statements(sql)
    if len(found) != 1:
        raise RefusedQueryError(f"Give exactly one SELECT, not {len(found)} statements.")
    if found[0].type != duckdb.StatementType.SELECT:
        kind = str(found[0].type).rsplit(".", 1)[-1]
        raise RefusedQueryError(f"Only SELECT is allowed, and this is {kind}. Nothing can be changed here.")
    written = cursor.execute("SELECT json_serialize_sql(?)", [found[0].query]).fetchone()[0]
    tree = json.loads(written)
    if tree.get("error"):
        raise RefusedQueryError("Only a plain SELECT is allowed.")
    if said := objection(tree, tables):
        raise RefusedQueryError(said)
    return found[0].query, cursor.execute("SELECT json_deserialize_sql(?)", [written]).fetchone()[0]


def _answer(cursor: Any, sql: str, plain: str) -> dict[str, Any]:
    cursor.execute(sql)
    columns = [clean_line(name) for name, *_ in cursor.description]
    rows: list[list[Any]] = []
    size, more = 0, False
    while batch := cursor.fetchmany(100):
        for row in batch:
            shown = [told(value) for value in row]
            size += len(json.dumps(shown, ensure_ascii=False).encode("utf-8", "replace"))
            if len(rows) == MOST_ROWS or size > MOST_BYTES:
                more = True
                break
            rows.append(shown)
        if more:
            break
    count = cursor.execute(f"SELECT count(*) FROM ({plain})").fetchone()[0] if more else len(rows)
    return {"columns": columns, "rows": rows, "count": count}
