"""Sheets: rows of cells as they stand in a file, and where in them the table begins. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from config.runtime.clean import CleanText, clean_line
from pipeline.tables.base import Note
from pipeline.tables.loading.columns import is_figure

Row = Sequence[str]

_LOOKED_AT = 200
"""Rows at the beginning from which the heading is told."""
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Sheet:
    """``rows``: from the beginning, each time it is called; no blanks surround a cell's text. ``delimiter``:
    between cells, where there is one. ``notes``: what a person should know of how it was read.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    delimiter: str = ""
    notes: tuple[Note, ...] = ()
    headed: tuple[str, ...] = ()
    """Names of the columns, where the file has them apart from its rows."""


@dataclass(frozen=True)
class Layout:
    """``skipped``: filled rows before the first of data, the heading's included. ``above``: what stands over
    the heading.
    """

    names: tuple[str, ...] = ()
    skipped: int = 0
    above: tuple[str, ...] = field(default=())


def filled(rows: Iterable[Row]) -> Iterator[Row]:
    """Without the empty ones."""
    return filter(any, rows)


def layout(sheet: Sheet) -> Layout:
    """Where the heading is, if there is one."""
    if sheet.headed:
        return Layout(sheet.headed)
    rows = list(islice(filled(sheet.rows()), _LOOKED_AT))
    if not rows:
        return Layout()
    width = _usual_width(rows)
    first = next((at for at, row in enumerate(rows) if not _is_title(row, width)), 0)
    above = tuple(" ".join(filter(None, row)) for row in rows[:first])
    if len(rows) > first + 1 and _is_heading(rows[first], rows[first + 1 :]):
        return Layout(tuple(rows[first]), first + 1, above)
    if len(rows) == first + 1 and not any(map(is_figure, rows[first])):
        return Layout(tuple(rows[first]), first + 1, above)
    return Layout((), first, above)


def _usual_width(rows: Sequence[Row]) -> int:
    """As many cells as most rows have, up to the last one that is filled."""
    return max((count, width) for width, count in Counter(map(_width, rows)).items())[1]


def _width(row: Row) -> int:
    return max((at for at, cell in enumerate(row, 1) if cell), default=0)


def _is_title(row: Row, width: int) -> bool:
    """A line over the table: one cell, or so few that no heading has so little."""
    count = sum(map(bool, row))
    return (
        width > 1
        and bool(row[0])
        and (count == 1 or (count < 3 and count * 3 < width))
        and (not is_figure(row[0]))
    )


def _is_heading(row: Row, below: Sequence[Row]) -> bool:
    """No cell is of the kind that stands below it, but for years, which head columns of numbers."""
    named = [(at, cell) for at, cell in enumerate(row) if cell]
    figures = [(at, cell) for at, cell in named if is_figure(cell)]
    if not figures:
        return len({cell.lower() for _, cell in named}) > len(named) // 2
    years = [int(cell) for _, cell in figures if cell.isdigit() and 1900 <= int(cell) <= 2100]
    if len(years) < len(figures) or len(set(years)) < len(years) or len(figures) == len(row):
        return False
    return any(
        _cell(other, at) != cell and not _is_year(_cell(other, at)) for other in below for at, cell in figures
    )


def _is_year(cell: str) -> bool:
    return cell.isdigit() and 1900 <= int(cell) <= 2100


def _cell(row: Row, at: int) -> str:
    return row[at] if at < len(row) else ""


def column_names(names: Sequence[str], width: int) -> tuple[CleanText, ...]:
    """One for each column, none twice, whatever the file says: ``column 3``, ``price 2``."""
    found: list[CleanText] = []
    taken: set[str] = set()
    for at in range(width):
        name = clean_line((names[at] if at < len(names) else "").replace('"', ""), _LONGEST_NAME)
        name = name or clean_line(f"column {at + 1}")
        unique, number = name, 2
        while unique.lower() in taken:
            unique, number = clean_line(f"{name} {number}"), number + 1
        taken.add(unique.lower())
        found.append(unique)
    return tuple(found)


def table_name(text: str, taken: Iterable[str] = ()) -> str:
    """What SQL calls a table: lower-case letters, digits and _, of the name of its file or sheet."""
    plain = "".join(letter if letter.isalnum() else "_" for letter in text.casefold())
    name = "_".join(filter(None, plain.split("_")))[:40] or "table"
    name = name if not name[0].isdigit() else f"t_{name}"
    name = f"{name}_table" if name in _RESERVED else name
    unique, number, used = name, 2, set(taken)
    while unique in used:
        unique, number = f"{name}_{number}", number + 1
    return unique


_WORDS_OF_SQL = """
all and any as asc both by case cast check collate column constraint create cross default deferrable desc
distinct do else end except false fetch for foreign from full group having in inner into is join lateral left
limit not null offset on only or order outer pivot primary qualify references returning right select show some
summarize table then to true union unique unpivot using values when where window with
"""
_RESERVED = frozenset(_WORDS_OF_SQL.split())
