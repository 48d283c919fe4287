"""A PDF's lines with their boxes to paragraphs in reading order, with the headings among them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from pipeline.files.formats.shared.format import Piece
from vision.sources.pdf import are_words, in_order

_NUMBER = re.compile(r"^(?:[A-Z]|[ivxlc]+|\d+)(?:\.\d+)*[.)]?\s+", re.IGNORECASE)
_PARTED = 0.7
"""Of a line's height: a larger gap parts paragraphs."""


def page_pieces(piece: Piece, headings: Sequence[Piece]) -> Iterator[Piece]:
    """``headings``: those that the outline has on this page."""
    page = piece["page"]
    left = {_plain(heading["text"]): heading for heading in headings}
    blocks = [block for block in _text(piece["runs"]).split("\n\n") if block.strip()]
    lines = {_plain(line) for block in blocks for line in block.split("\n")}
    yield from (_heading(heading, page) for told, heading in left.items() if told not in lines)
    for block in blocks:
        text: list[str] = []
        for line in block.split("\n"):
            if heading := left.pop(_plain(line), None):
                yield from _paragraph(text, page)
                text = []
                yield _heading({**heading, "text": line}, page)
            else:
                text.append(line)
        yield from _paragraph(text, page)


def _heading(heading: Piece, page: int) -> Piece:
    return {"text": heading["text"], "page": page, "level": heading["level"]}


def _paragraph(lines: list[str], page: int) -> Iterator[Piece]:
    if lines:
        yield {"text": "\n".join(lines), "page": page}


def _plain(line: str) -> str:
    """Without its number, which an outline may not have."""
    return re.sub(r"\W+", " ", _NUMBER.sub("", line.strip())).strip().casefold()


def _text(runs: Sequence[Sequence[Any]]) -> str:
    if not _flows(runs):
        return in_order(runs)
    if not runs or not are_words("".join(str(run[4]) for run in runs)):
        return ""
    height = median(run[3] - run[1] for run in runs)
    lines = [str(runs[0][4])]
    for above, below in itertools.pairwise(runs):
        lines.append(("\n" if below[1] - above[3] > _PARTED * height else "") + str(below[4]))
    return "\n".join(lines)


def _flows(runs: Sequence[Sequence[Any]]) -> bool:
    """Each line below the one before: a page of one column, written from top to bottom."""
    return all(below[1] >= above[3] - (above[3] - above[1]) / 2 for above, below in itertools.pairwise(runs))
