"""A file, opened, to the tables in it."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO

from pipeline.tables.loading.delimited import NoTableError, delimited
from pipeline.tables.loading.json_rows import json_sheet
from pipeline.tables.loading.kinds import kind_of
from pipeline.tables.loading.load import Loaded, load_sheet, quoted
from pipeline.tables.loading.parquet import load_parquet
from pipeline.tables.loading.sheets import Sheet, table_name
from pipeline.tables.loading.workbooks import workbook


def tables_in(database: Any, name: str, file: BinaryIO, taken: Collection[str]) -> Iterator[dict[str, Any]]:
    """Each once it is loaded: its name, source, columns, rows, notes. Raises ``NoTableError``."""
    kind = kind_of(file.read(4096), name)
    file.seek(0)
    own, used, found = PurePath(name).stem, [*taken], False
    if kind == "parquet":
        table = table_name(own, used)
        if loaded := _kept(database, table, partial(load_parquet, database, table, file)):
            found = True
            yield _described(table, "", loaded)
    else:
        sheets = list(workbook(file)) if kind == "workbook" else [_sheet(own, kind, file)]
        for sheet in sheets:
            table = table_name(own if len(sheets) == 1 else f"{own}_{sheet.name}", used)
            if loaded := _kept(database, table, partial(load_sheet, database, table, sheet)):
                found = True
                used.append(table)
                yield _described(table, sheet.name if len(sheets) > 1 else "", loaded)
    if not found:
        raise NoTableError("holds no table: there is nothing in it")


def _sheet(name: str, kind: str, file: BinaryIO) -> Sheet:
    return json_sheet(name, file) if kind == "json" else delimited(name, file)


def _kept(database: Any, table: str, load: Any) -> Loaded | None:
    """What ``load`` made; of one that failed nothing is left."""
    import duckdb

    try:
        made: Loaded | None = load()
        return made
    except BaseException as error:
        database.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
        if isinstance(error, duckdb.OutOfMemoryException):
            raise MemoryError from None
        if isinstance(error, csv.Error):
            raise NoTableError(f"cannot be read as rows ({error})") from None
        raise


def _described(table: str, sheet: str, loaded: Loaded) -> dict[str, Any]:
    return {
        "name": table,
        "sheet": sheet,
        "columns": loaded.columns,
        "rows": loaded.rows,
        "notes": [(note.key, note.values) for note in loaded.notes],
    }
