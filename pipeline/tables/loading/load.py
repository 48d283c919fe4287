"""A sheet into the database: twice through its rows, first for the types, then for the values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any

from config.runtime.clean import CleanText
from pipeline.tables.base import Note
from pipeline.tables.loading.columns import TOTALS, Cells, Evidence, Plan, is_figure, kept, plan
from pipeline.tables.loading.delimited import NoTableError
from pipeline.tables.loading.sheets import Layout, Row, Sheet, column_names, filled, layout

MOST_ROWS = 2_000_000
MOST_COLUMNS = 1_000
_CHUNK_CELLS = 200_000
_MOST_NOTES = 6


@dataclass(frozen=True)
class Loaded:
    """``columns``: name, type in SQL, unit. ``notes``: how it was read."""

    columns: tuple[tuple[CleanText, str, str], ...]
    rows: int
    notes: tuple[Note, ...]


@dataclass
class _Seen:
    """What the first time through told."""

    cells: list[Cells]
    rows: int
    cut: bool
    last: Row


def load_sheet(database: Any, table: str, sheet: Sheet) -> Loaded | None:
    """None: nothing is in it. Raises ``NoTableError``."""
    where = layout(sheet)
    seen = _look_through(sheet, where)
    names = column_names(where.names, len(seen.cells))
    wanted = [
        at for at in range(len(names)) if seen.cells[at].holds or (at < len(where.names) and where.names[at])
    ]
    if not wanted or not (seen.rows or where.names):
        return None
    if len(wanted) > MOST_COLUMNS:
        raise NoTableError(f"has {len(wanted)} columns, and {MOST_COLUMNS} is the most")
    evidence = Evidence.of(seen.cells, sheet.delimiter)
    plans = [plan(seen.cells[at], evidence) for at in wanted]
    columns = tuple((names[at], each.sql_type, each.unit) for at, each in zip(wanted, plans, strict=True))
    _create(database, table, columns)
    for rows in _chunks(sheet, where, len(wanted)):
        found = list(zip_longest(*rows, fillvalue=""))
        empty = [""] * len(rows)
        _insert(database, table, [found[at] if at < len(found) else empty for at in wanted], plans)
    return Loaded(columns, seen.rows, _notes(sheet, where, seen, [names[at] for at in wanted], plans))


def _look_through(sheet: Sheet, where: Layout) -> _Seen:
    seen = _Seen([Cells() for _ in where.names], 0, cut=False, last=())
    for rows in _chunks(sheet, where, len(where.names) or 10, MOST_ROWS + 1):
        columns = list(zip_longest(*rows, fillvalue=""))
        width = len(columns)
        if width > 10 * MOST_COLUMNS:
            raise NoTableError(f"has {width} columns, and {MOST_COLUMNS} is the most")
        seen.cells += [Cells() for _ in range(width - len(seen.cells))]
        for cells, column in zip(seen.cells, columns, strict=False):
            cells.add(column)
        seen.rows, seen.last = seen.rows + len(rows), rows[-1]
    if seen.rows > MOST_ROWS:
        seen.rows, seen.cut = MOST_ROWS, True
    return seen


def _chunks(sheet: Sheet, where: Layout, width: int, most: int = MOST_ROWS) -> Iterator[list[Row]]:
    """Its rows of data, some thousand at a time."""
    skipped = 0 if sheet.headed else where.skipped
    rows = islice(filled(sheet.rows()), skipped, skipped + most)
    while chunk := list(islice(rows, max(1_000, _CHUNK_CELLS // max(width, 1)))):
        yield chunk


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _create(database: Any, table: str, columns: Sequence[tuple[str, str, str]]) -> None:
    listed = ", ".join(f"{quoted(name)} {sql_type}" for name, sql_type, _ in columns)
    database.execute(f"CREATE TABLE {quoted(table)} ({listed})")


def _insert(database: Any, table: str, columns: Sequence[Row], plans: Sequence[Plan]) -> None:
    """Every cell as text that SQL casts. Empty ones are made NULL there: DuckDB looks at a few cells alone to
    tell what an array holds, and should find nothing but texts.
    """
    import numpy

    values = {
        f"c{at}": numpy.array(kept(column, each), dtype=object)
        for at, (column, each) in enumerate(zip(columns, plans, strict=True))
    }
    casts = ", ".join(f"CAST(NULLIF(c{at}, '') AS {each.sql_type})" for at, each in enumerate(plans))
    database.register("incoming", values)
    try:
        database.execute(f"INSERT INTO {quoted(table)} SELECT {casts} FROM incoming")
    finally:
        database.unregister("incoming")


def _notes(
    sheet: Sheet, where: Layout, seen: _Seen, names: Sequence[CleanText], plans: Sequence[Plan]
) -> tuple[Note, ...]:
    notes = list(sheet.notes)
    if seen.cut:
        notes.append(Note("cut", {"count": MOST_ROWS}))
    if where.above:
        notes.append(Note("above", {"text": " / ".join(where.above)[:120]}))
    if seen.rows > 2 and _is_total(seen.last):
        notes.append(Note("total"))
    told = [
        Note(each.note.key, {**each.note.values, "column": name})
        for name, each in zip(names, plans, strict=True)
        if each.note
    ]
    more = (Note("more", {"count": len(told) - _MOST_NOTES}),) if len(told) > _MOST_NOTES else ()
    return (*notes, *told[:_MOST_NOTES], *more)


def _is_total(row: Row) -> bool:
    first = next((cell for cell in row if cell), "")
    return first.lower() in TOTALS and any(map(is_figure, row))
