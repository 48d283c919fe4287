"""Parquet: the names of its columns and its first rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.delimited import LONGEST_CELL, row_text
from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.look import Look

_ROWS = 2_000


def recognises(look: Look) -> Sure:
    return "yes" if look.head.startswith(b"PAR1") else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    import duckdb

    try:
        with duckdb.connect(
            ":memory:", config={"threads": 1, "memory_limit": "400MB", "temp_directory": ""}
        ) as base:
            base.execute(f"SELECT * FROM read_parquet('/dev/stdin') LIMIT {_ROWS + 1}")
            names = [column[0] for column in base.description or ()]
            rows = base.fetchall()
    except duckdb.Error:
        raise RefusedError("damaged") from None
    yield {"text": row_text(names)}
    for number, row in enumerate(rows[:_ROWS], 1):
        yield {
            "text": row_text(["" if value is None else str(value)[:LONGEST_CELL] for value in row]),
            "line": number,
        }
    if len(rows) > _ROWS:
        yield {"left_out": f"Only its first {_ROWS} rows are quoted; what is computed is of all."}


FORMAT = Format("table", "a Parquet table", frozenset({".parquet"}), recognises, read, needs="duckdb")
