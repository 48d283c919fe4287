"""Workbooks and Parquet, written by hand or by DuckDB."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> None:
    """Style 1 is a date."""
    with zipfile.ZipFile(path, "w") as book:
        numbers = range(1, len(sheets) + 1)
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>'
            for n in numbers
        )
        main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.'
            f'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="'
            f'{main}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{main}.styles+xml"/>'
            f"{types}</Types>",
        )
        book.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        parts = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
        book.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")]))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/workbook.xml", f'<workbook {_MAIN} xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>'
        )
        book.writestr(
            "xl/styles.xml",
            f'<styleSheet {_MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
            "</styleSheet>",
        )
        for n, rows in enumerate(sheets.values(), 1):
            body = "".join(
                f'<row r="{r}">{"".join(_cell(c, r, at) for at, c in enumerate(row))}</row>'
                for r, row in enumerate(rows, 1)
            )
            book.writestr(
                f"xl/worksheets/sheet{n}.xml", f"<worksheet {_MAIN}><sheetData>{body}</sheetData></worksheet>"
            )


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="r{n}" Type="{_REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _cell(value: Any, row: int, at: int) -> str:
    place = f'r="{chr(65 + at)}{row}"'
    match value:
        case None:
            return ""
        case bool():
            return f'<c {place} t="b"><v>{int(value)}</v></c>'
        case int() | float() | Decimal():
            return f"<c {place}><v>{float(value)!r}</v></c>"
        case date():
            return f'<c {place} s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    return f'<c {place} t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def ods(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    office = "urn:oasis:names:tc:opendocument:xmlns"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0"/>',
        )
        book.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
            f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="One">'
            f"{body}</table:table></office:spreadsheet></office:body></office:document-content>",
        )


def _ods_cell(value: Any) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case Decimal() | int():
            kind = f'"float" office:value="{value}"'
        case date():
            kind = f'"date" office:date-value="{value}"'
        case _:
            kind = '"string"'
    return (
        f"<table:table-cell office:value-type={kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"
    )


def parquet(path: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    import duckdb

    with duckdb.connect() as made:
        made.execute(
            'CREATE TABLE t (id INTEGER, sensor VARCHAR, value DOUBLE, exact DECIMAL(12,3), "at" TIMESTAMP, '
            "ok BOOLEAN, o TIME)"
        )
        columns = [list(column) for column in zip(*rows, strict=True)]
        made.execute(f"INSERT INTO t SELECT {', '.join(['unnest(?)'] * len(columns))}", columns)
        made.execute(f"COPY t TO '{path}' (FORMAT parquet)")
