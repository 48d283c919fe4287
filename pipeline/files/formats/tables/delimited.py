"""CSV, TSV and their dialects: their first rows as elements. What is computed of a table is elsewhere."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.lines import doubts, split_lines, text_of
from pipeline.files.formats.shared.look import Look

MOST_ROWS = 20_000
LONGEST_CELL = 2_000
_DELIMITERS = ",;\t|"
_TOLD = re.compile("sep=(.)")
"""As Excel has it: a first line that is no row."""


def recognises(look: Look) -> Sure:
    return "named" if look.text else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    text = text_of(file)
    yield from doubts(text)
    lines = split_lines(text.text)
    told = _TOLD.fullmatch(lines[0])
    rows = csv.reader(
        (f"{line}\n" for line in lines[bool(told) :]),
        delimiter=told[1] if told else _delimiter(lines, look.suffix),
    )
    csv.field_size_limit(10_000_000)
    first = 1 + bool(told)
    before = 0
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            yield {"left_out": ("rows", {"count": MOST_ROWS})}
            return
        if any(row):
            yield {"text": row_text(row), "line": before + first}
        before = rows.line_num


FORMAT = Format("table", frozenset({".csv", ".tsv", ".tab", ".psv"}), recognises, read)


def row_text(cells: list[str]) -> str:
    """A row as it is quoted; cells of several lines are one."""
    return "; ".join(" ".join(cell[:LONGEST_CELL].split()) for cell in cells)


def _delimiter(lines: list[str], suffix: str) -> str:
    """The one that parts the first lines into the same number of cells, more than one."""
    if suffix in (".tsv", ".tab"):
        return "\t"
    first = [line for line in lines[:20] if line.strip()]
    return max(_DELIMITERS, key=lambda each: _evenness(first, each))


def _evenness(lines: list[str], delimiter: str) -> tuple[bool, float, int]:
    counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    usual = max(counts, key=counts.count, default=1)
    return usual > 1, counts.count(usual) / max(1, len(counts)), usual
