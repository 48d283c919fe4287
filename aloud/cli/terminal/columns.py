"""Text for a terminal's width: columns, and paragraphs. Nothing is ever cut, and no name is broken."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import TextIO

from aloud.cli.terminal.plain import is_read_aloud, is_terminal
from config.settings.model import ShowSettings

_BETWEEN = "  "


def width_of(show: ShowSettings, out: TextIO) -> int | None:
    """Columns of a terminal; None where lines stay whole: for a program, and for who hears them."""
    if not is_terminal(out) or is_read_aloud(show, out):
        return None
    return shutil.get_terminal_size().columns


def paragraph(text: str, width: int | None, indent: int = 0, first: str = "") -> list[str]:
    """Lines of at most ``width``, indented; the first begins with ``first`` in the indent's place."""
    if width is None:
        return [f"{first:<{indent}}{text}"]
    return textwrap.wrap(
        text, max(width, indent + 20), initial_indent=f"{first:<{indent}}", subsequent_indent=" " * indent,
        break_long_words=False, break_on_hyphens=False,
    ) or [first]  # fmt: skip


def table(rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """Rows of as many cells each. Where they are too wide, the widest columns are folded between words."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    least = [
        max(len(word) for cell in column for word in cell.split() or [""])
        for column in zip(*rows, strict=True)
    ]
    while width is not None and sum(widths) + len(_BETWEEN) * (len(widths) - 1) > width:
        foldable = [n for n in range(len(widths)) if widths[n] > least[n]]
        if not foldable:
            break
        widths[max(foldable, key=lambda n: widths[n])] -= 1
    return [line for row in rows for line in _folded(row, widths)]


def _folded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    cells = [
        textwrap.wrap(cell, max(1, room), break_long_words=False, break_on_hyphens=False) or [""]
        for cell, room in zip(row, widths, strict=True)
    ]
    lines = zip_longest(*cells, fillvalue="")
    return [
        _BETWEEN.join(f"{cell:<{room}}" for cell, room in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
