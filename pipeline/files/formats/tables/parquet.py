"""Parquet: the names of its columns and its first rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.look import Look
from pipeline.files.formats.tables.delimited import LONGEST_CELL, row_text

_ROWS = 2_000
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "400MB",
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def recognises(look: Look) -> Sure:
    return "yes" if look.head.startswith(b"PAR1") else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    import duckdb

    try:
        with duckdb.connect(":memory:", config=_CONFIG) as base:
            table = base.read_parquet("/dev/stdin").limit(_ROWS + 1)
            names, rows = table.columns, table.fetchall()
    except duckdb.Error:
        raise RefusedError("damaged") from None
    yield {"text": row_text(names)}
    for number, row in enumerate(rows[:_ROWS], 1):
        yield {
            "text": row_text(["" if value is None else str(value)[:LONGEST_CELL] for value in row]),
            "line": number,
        }
    if len(rows) > _ROWS:
        yield {"left_out": ("rows", {"count": _ROWS})}


FORMAT = Format("table", frozenset({".parquet"}), recognises, read, needs="duckdb")
