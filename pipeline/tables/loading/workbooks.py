"""Workbooks (Excel, OpenDocument) as sheets of cells, by python-calamine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from pipeline.tables.loading.delimited import NoTableError
from pipeline.tables.loading.figures import Figure
from pipeline.tables.loading.sheets import Row, Sheet

MOST_SHEETS = 50
_HEADINGS = 5
"""Rows at the top in which merged cells are those of a heading."""


def workbook(file: BinaryIO) -> Iterator[Sheet]:
    """Those of its sheets that hold something. Raises ``NoTableError``."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(file)
        for name in book.sheet_names[:MOST_SHEETS]:
            try:
                sheet = book.get_sheet_by_name(name)
            except CalamineError:  # a sheet of charts has no cells
                continue
            if sheet.total_height:
                yield Sheet(name, _Cells(sheet))
    except PasswordError:
        raise NoTableError("is protected by a password") from None
    except (CalamineError, ValueError, OSError) as error:
        raise NoTableError(f"cannot be read as a workbook ({str(error)[:80]})") from None


class _Cells:
    """The rows of a sheet as texts. Where a row of the heading has cells merged over several columns, what
    stands in them is put before the names below: ``2024 Q1``.
    """

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        first_row, first_column = sheet.start or (0, 0)
        self._over: dict[int, dict[int, int]] = {}
        """From a row to which column its merged cell began in, by column."""
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            if top == bottom and top - first_row < _HEADINGS:
                over = self._over.setdefault(top - first_row, {})
                over.update({at - first_column: left - first_column for at in range(left + 1, right + 1)})

    def __call__(self) -> Iterator[Row]:
        above: list[str] = []
        for at, cells in enumerate(self._sheet.iter_rows()):
            row = list(map(_text, cells))
            if sum(map(bool, row)) > 1 and (over := self._over.get(at)):
                row = [row[over.get(column, column)] for column in range(len(row))]
                above = _under(above, row)
            else:
                yield _under(above, row)
                above = []


def _under(above: Row, row: Row) -> list[str]:
    """Names with what stands above each."""
    if not above:
        return list(row)
    return [cell if over == cell else f"{over} {cell}".strip() for over, cell in zip(above, row, strict=True)]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return Figure(int(value))
        case int() | float():
            return Figure(repr(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value).strip()
    return str(value).strip()
