"""Excel: the first rows of each sheet, with the sheet's name and the row's number; macros are not looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.delimited import LONGEST_CELL, MOST_ROWS, row_text
from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    new = "[Content_Types].xml" in look.zipped and look.holds("xl/")
    return "yes" if new or {"Workbook", "Book"} & look.streams.keys() else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    import python_calamine

    try:
        workbook = python_calamine.load_workbook(file)
    except python_calamine.PasswordError:
        raise RefusedError("locked") from None
    left = MOST_ROWS
    for name in workbook.sheet_names:
        rows = _rows(workbook, name)
        first = rows.start[0] + 1 if rows and rows.start else 1
        for number, row in enumerate(rows.iter_rows() if rows else (), first):
            cells = [_cell(value) for value in row]
            if left <= 0:
                yield {"left_out": f"Only its first {MOST_ROWS} rows are quoted; what is computed is of all."}
                return
            if any(cells):
                left -= 1
                yield {"text": row_text(cells), "line": number, "under": [name]}


FORMAT = Format(
    "table",
    "an Excel workbook",
    frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx", ".xltm"}),
    recognises,
    read,
    needs="python-calamine",
)


def _rows(workbook: object, name: str) -> object:
    import python_calamine

    try:
        return workbook.get_sheet_by_name(name)  # type: ignore[attr-defined]
    except (python_calamine.CalamineError, ValueError):  # a sheet that is a chart
        return None


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:LONGEST_CELL]
