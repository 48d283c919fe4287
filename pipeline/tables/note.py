"""Tables as a model is told of them: what is open, and what a question gave. Pure, but for the samples."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal

from config.errors import QueryError
from config.runtime.clean import CleanText, clean
from pipeline.pictures.fence import Fence, quoted
from pipeline.tables.base import QueryResult, Table, Tables, Value

MOST_LETTERS = 7_000
"""Of a result, which stays whole JSON."""
_MOST_COLUMNS = 60
_LONGEST_CELL = 300
_SAMPLES = 3


async def table_note(tables: Tables, table: Table) -> CleanText:
    """What a table is: its name in SQL, columns, types, three values of each, and what was left out. All
    that comes from the file stands inside the fence.
    """
    try:
        rows = (await tables.query(f'SELECT * FROM "{table.name}" LIMIT {_SAMPLES}')).rows
    except QueryError:
        rows = ()
    about = [f"{table.source}: the table {table.name}, {table.rows} rows"]
    for at, column in enumerate(table.columns[:_MOST_COLUMNS]):
        samples = ", ".join(_short(row[at]) for row in rows if row[at] is not None)
        unit = f" in {column.unit}" if column.unit else ""
        about.append(f'"{column.name}" {column.sql_type}{unit}: {samples}')
    if (more := len(table.columns) - _MOST_COLUMNS) > 0:
        about.append(f"and {more} more columns: DESCRIBE {table.name}")
    if table.left_out:
        about.append(table.left_out)
    return clean(str(Fence("table opened", tuple(about))))


def result_as_data(found: QueryResult) -> CleanText:
    """As JSON on one line: its columns, as many rows as fit, and how many there are."""
    columns = ", ".join(map(quoted, found.columns))
    rows: list[str] = []
    left = MOST_LETTERS - len(columns)
    for row in found.rows:
        written = f"[{', '.join(map(_cell, row))}]"
        left -= len(written) + 2
        if left < 0:
            break
        rows.append(written)
    more = found.count - len(rows)
    told = f', "more": "{more} more rows: ask for fewer, or save_table"' if more else ""
    return clean(f'{{"columns": [{columns}], "rows": [{", ".join(rows)}], "count": {found.count}{told}}}')


def _cell(value: Value) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else "null"
    if isinstance(value, int | float):
        return json.dumps(value) if value - value == 0 else "null"
    return quoted(_short(value))


def _short(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    text = value.isoformat() if isinstance(value, date | time) else str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
