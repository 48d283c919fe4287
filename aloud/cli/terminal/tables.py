"""A table on a screen: in columns where they fit, else, and for who hears them, a line a row."""

from __future__ import annotations

from aloud.cli.terminal.columns import table
from config.runtime.clean import CleanText, clean
from pipeline.events import TableShown

_HEARD = 20
"""Rows that are read to somebody before the rest is only counted."""


def table_lines(shown: TableShown, width: int | None) -> list[CleanText]:
    """``width`` None: each row is one line, with the names of its columns."""
    if width is not None:
        lines = table([shown.columns, *shown.rows], width)
        if max(map(len, lines)) <= width:
            return [*map(clean, lines), *_rest(shown, len(shown.rows))]
    rows = shown.rows if width is not None else shown.rows[:_HEARD]
    return [*(_row(shown, row) for row in rows), *_rest(shown, len(rows))]


def _row(shown: TableShown, row: tuple[CleanText, ...]) -> CleanText:
    cells = (f"{name} {cell or 'empty'}" for name, cell in zip(shown.columns, row, strict=True))
    return clean(f"{', '.join(cells)}.")


def _rest(shown: TableShown, told: int) -> list[CleanText]:
    more = shown.count - told
    return [clean(f"{more} more row{'s' if more > 1 else ''}.")] if more > 0 else []
