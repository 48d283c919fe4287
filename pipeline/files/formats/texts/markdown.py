"""Markdown and its kin: blocks with their lines, headings as such; the signs within a line stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.lines import doubts, elements, split_lines, text_of
from pipeline.files.formats.shared.look import Look

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_UNDERLINE = re.compile(r'(=|-|~|\^|"|\*|\+|#|:|\.|_)\1{2,}[ \t]*')
"""Of a heading; reStructuredText has any of these, and whichever comes first is the outermost."""
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t]+")


def recognises(look: Look) -> Sure:
    return "named" if look.text else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    text = text_of(file)
    yield from doubts(text)
    yield from blocks(split_lines(text.text), underlines="" if look.suffix in (".rst", ".rest") else "=-")


FORMAT = Format(
    "document",
    frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd", ".rst", ".rest", ".adoc"}),
    recognises,
    read,
)


def blocks(lines: list[str], underlines: str = "=-") -> Iterator[Piece]:
    """``underlines``: those of headings, the outermost first; empty: in the order in which they come."""
    order = list(underlines)
    block: list[str] = []
    fence = ""
    begun = _after_metadata(lines) + 1
    yield from elements("\n".join(lines[1 : max(1, begun - 2)]), 2)
    for number, line in enumerate(lines[begun - 1 :], begun):
        mark = _FENCE.match(line)
        heading = None if fence else _HEADING.fullmatch(line)
        if fence:
            block.append(line)
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
                yield from elements("\n".join(block), begun)
                block = []
        elif heading:
            yield from elements("\n".join(block), begun)
            block = []
            if heading[2]:
                yield {"text": heading[2], "line": number, "level": len(heading[1])}
        elif level := _underlined(block, line, order, closed=not underlines):
            yield {"text": block[-1].strip(), "line": number - 1, "level": level}
            block = []
        elif not line.strip() or (block and (_ITEM.match(line) or len(block) == 40)):
            yield from elements("\n".join(block), begun)
            block, begun = ([line] if line.strip() else []), number
        else:
            begun = begun if block else number
            fence = mark[1] if mark else ""
            block.append(line)
    yield from elements("\n".join(block), begun)


def _after_metadata(lines: list[str]) -> int:
    """How many lines tell of the text, between two rows of dashes, before it begins."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    ends = (number for number, line in enumerate(lines[1:200], 2) if line.rstrip() in ("---", "..."))
    return next(ends, 0)


def _underlined(block: list[str], line: str, order: list[str], *, closed: bool) -> int:
    """The level of the heading whose underline this is; 0: it is none. ``closed``: it may have one above."""
    found = _UNDERLINE.fullmatch(line)
    above = block[0] if len(block) == 2 and closed and _UNDERLINE.fullmatch(block[0]) else ""
    if (
        not found
        or not block
        or len(block) > 1 + bool(above)
        or (closed and len(line) < len(block[-1].strip()))
    ):
        return 0
    if _ITEM.match(block[-1]) or block[-1].startswith("|"):
        return 0
    kind = found[1] * (1 + bool(above))
    if kind not in order and closed:
        order.append(kind)
    return order.index(kind) + 1 if kind in order else 0
