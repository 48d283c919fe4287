"""Which kind of table a file is, by its bytes and then by its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

TableKind = Literal["delimited", "json", "workbook", "parquet"]

SUFFIXES: dict[str, TableKind] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv"), "delimited"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json"),
    **dict.fromkeys((".xlsx", ".xls", ".xlsb", ".xlsm", ".ods"), "workbook"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
}
_MARKS: dict[bytes, TableKind] = {
    b"PAR1": "parquet",
    b"PK\x03\x04": "workbook",
    b"\xd0\xcf\x11\xe0": "workbook",
}


def kind_of(head: bytes, name: str) -> TableKind:
    """What it is in truth; a text is what its name says, and else what it begins like."""
    for mark, kind in _MARKS.items():
        if head.startswith(mark):
            return kind
    named = SUFFIXES.get(PurePath(name).suffix.lower())
    if named in ("delimited", "json"):
        return named
    return "json" if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") else "delimited"
