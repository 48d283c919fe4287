"""Parquet, read by a second database that may read files and to which no question is ever put."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, BinaryIO

from config.runtime.clean import clean_line
from pipeline.tables.base import Note
from pipeline.tables.database import open_reader
from pipeline.tables.loading.delimited import NoTableError
from pipeline.tables.loading.load import MOST_COLUMNS, MOST_ROWS, Loaded, quoted
from pipeline.tables.loading.sheets import column_names

_CHUNK_CELLS = 500_000
_PLAIN = """
TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT DOUBLE BOOLEAN DATE TIME
TIMESTAMP VARCHAR
"""
_KEPT = frozenset(_PLAIN.split())


def load_parquet(database: Any, table: str, file: BinaryIO) -> Loaded | None:
    """Raises ``NoTableError``. What has a type that has no counterpart in speech is its text."""
    if not os.path.exists("/dev/fd"):
        raise NoTableError("is Parquet, which is not read on this system; save it as CSV")
    with open_reader() as reader:
        return _load(database, reader, table, file)


def _load(database: Any, reader: Any, table: str, file: BinaryIO) -> Loaded:
    import duckdb

    source = f"read_parquet('/dev/fd/{file.fileno()}')"
    try:
        described = reader.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        (rows,) = reader.execute(f"SELECT count(*) FROM {source}").fetchone()
        if len(described) > MOST_COLUMNS:
            raise NoTableError(f"has {len(described)} columns, and {MOST_COLUMNS} is the most")
        names = column_names([name for name, *_ in described], len(described))
        types = [_type(sql_type) for _, sql_type, *_ in described]
        listed = ", ".join(f"{quoted(name)} {kept}" for name, kept in zip(names, types, strict=True))
        database.execute(f"CREATE TABLE {quoted(table)} ({listed})")
        for texts in _chunks(reader, source, [(name, sql_type) for name, sql_type, *_ in described]):
            _insert(database, table, texts, types)
    except duckdb.Error as error:
        raise NoTableError(f"cannot be read as Parquet ({clean_line(str(error), 100)})") from None
    notes = (Note("cut", {"count": MOST_ROWS}),) if rows > MOST_ROWS else ()
    zones = ["UTC" if "WITH TIME ZONE" in sql_type else "" for _, sql_type, *_ in described]
    columns = tuple(zip(names, types, zones, strict=True))
    return Loaded(columns, min(rows, MOST_ROWS), notes)


def _type(sql_type: str) -> str:
    if sql_type.startswith("DECIMAL("):
        return sql_type
    if sql_type.startswith("TIMESTAMP"):
        return "TIMESTAMP"
    if sql_type == "FLOAT":  # 0.1 is meant, and not 0.10000000149
        return "DOUBLE"
    return sql_type if sql_type in _KEPT else "VARCHAR"


def _chunks(
    reader: Any, source: str, columns: list[tuple[str, str]]
) -> Iterator[list[tuple[str | None, ...]]]:
    """Columns of texts, from which every value of the types above comes back as it was."""
    reader.execute("SET TimeZone='UTC'")
    texts = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name, _ in columns)
    found = reader.execute(f"SELECT {texts} FROM {source} LIMIT {MOST_ROWS}")
    while rows := found.fetchmany(max(1_000, _CHUNK_CELLS // len(columns))):
        yield list(zip(*rows, strict=True))


def _insert(database: Any, table: str, columns: list[tuple[str | None, ...]], types: list[str]) -> None:
    import numpy

    values = {}
    for at, column in enumerate(columns):
        values[f"c{at}"] = numpy.array(["" if cell is None else cell for cell in column], dtype=object)
        values[f"n{at}"] = numpy.array([cell is None for cell in column], dtype=bool)
    casts = ", ".join(
        f"CASE WHEN n{at} THEN NULL ELSE CAST(CASE WHEN n{at} THEN NULL ELSE c{at} END AS {kept}) END"
        for at, kept in enumerate(types)
    )
    database.register("incoming", values)
    try:
        database.execute(f"INSERT INTO {quoted(table)} SELECT {casts} FROM incoming")
    finally:
        database.unregister("incoming")
