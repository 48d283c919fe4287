"""Excel: the first rows of each sheet, with its name and the row's number; macros are not looked at."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.look import Look
from pipeline.files.formats.tables.delimited import LONGEST_CELL, MOST_ROWS, row_text

_FIRST = b"\x09\x08\x10\0\0\x06\x05\0"
"""The record with which the stream of a workbook begins."""
_FIRST_BYTES = 50_000_000
_FIRST_RECORDS = 50
_FILEPASS = 0x2F


def recognises(look: Look) -> Sure:
    new = "[Content_Types].xml" in look.zipped and look.holds("xl/")
    return "yes" if new or {"Workbook", "Book"} & look.streams.keys() else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    import python_calamine

    if look.streams and _is_locked(file):
        raise RefusedError("locked")
    try:
        workbook = python_calamine.load_workbook(file)
    except python_calamine.PasswordError:
        raise RefusedError("locked") from None
    left, damaged = MOST_ROWS, False
    for sheet in workbook.sheets_metadata:
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue  # a chart, or macros
        try:
            rows = workbook.get_sheet_by_name(sheet.name)
        except (python_calamine.CalamineError, ValueError):
            damaged = True
            continue
        for number, row in enumerate(rows.iter_rows(), rows.start[0] + 1 if rows.start else 1):
            cells = [_cell(value) for value in row]
            if left <= 0:
                yield {"left_out": ("rows", {"count": MOST_ROWS})}
                return
            if any(cells):
                left -= 1
                yield {"text": row_text(cells), "line": number, "under": [sheet.name]}
    if damaged:
        yield {"left_out": ("damaged", {})}


FORMAT = Format(
    "table",
    frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx", ".xltm"}),
    recognises,
    read,
    needs="python-calamine",
)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:LONGEST_CELL]


def _is_locked(file: BinaryIO) -> bool:
    """Whether an old workbook has, among its first records, the one that tells of a password."""
    data = file.read(_FIRST_BYTES)
    file.seek(0)
    at = data.find(_FIRST)
    for _ in range(_FIRST_RECORDS):
        if at < 0 or at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _FILEPASS:
            return True
        at += 4 + length
    return False
