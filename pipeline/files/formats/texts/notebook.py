"""Jupyter notebooks: their texts with headings, their code, and what the code printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.lines import paragraphs, split_lines, text_of
from pipeline.files.formats.shared.look import Look
from pipeline.files.formats.texts.code import stretches
from pipeline.files.formats.texts.markdown import blocks


def recognises(look: Look) -> Sure:
    return "named" if look.text else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    try:
        cells = json.loads(text_of(file).text)["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RefusedError("damaged") from None
    for cell in cells:
        for piece in _cell(cell):
            yield {**piece, "line": 0}  # they would be those of the cell


FORMAT = Format("document", frozenset({".ipynb"}), recognises, read)


def _cell(cell: Any) -> Iterator[Piece]:
    lines = split_lines(_text(cell.get("source")))
    if cell.get("cell_type") == "markdown":
        yield from blocks(lines)
        return
    yield from stretches(lines)
    for output in cell.get("outputs") or ():
        told = output.get("text") or (output.get("data") or {}).get("text/plain") or output.get("evalue")
        yield from paragraphs(split_lines(_text(told)))


def _text(told: Any) -> str:
    """As a list of lines, or as one text."""
    return "".join(map(str, told)) if isinstance(told, list) else str(told or "")
