"""The pieces of a file to its content: cleaned, each under its headings; what was left out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from config.runtime.clean import EMPTY, CleanText, clean, clean_line
from pipeline.files.base import Element, FileContent, Place
from pipeline.files.convert.pdf_text import page_pieces
from pipeline.files.formats.shared.format import Piece
from pipeline.files.left_out import LeftOut

Headings = tuple[CleanText, ...]
_SAID_OF_THE_END = {"time": "time", "long": "long", "large": "long", "whole": ""}


class Collected:
    """``add`` each piece; ``content`` is what there is of them then."""

    def __init__(self, name: CleanText, kind: str) -> None:
        self._name = name
        self._kind = kind
        self._title = EMPTY
        self._pages = 0
        self._attached: list[CleanText] = []
        self._left_out: list[LeftOut] = []
        self._found: list[tuple[Piece, CleanText, Headings]] = []
        self._headings: list[tuple[int, CleanText]] = []
        self._outline: list[Piece] = []
        self._pictures: list[int] = []
        self._last_page = 0

    def __len__(self) -> int:
        return len(self._found)

    def add(self, piece: Piece) -> None:
        self._kind = piece.get("kind", self._kind)
        self._title = clean_line(piece.get("title", "")) or self._title
        if "text" not in piece:
            self._pages = piece.get("pages", self._pages)
        self._attached += [clean_line(name) for name in piece.get("attached", ())]
        if "left_out" in piece:
            reason, values = piece["left_out"]
            self._left_out.append(LeftOut(cast("Any", reason), values))
        if piece.get("aside") == "outline":
            self._outline.append(piece)
        elif "runs" in piece:
            self._add_page(piece)
        elif "text" in piece:
            self._add_text(piece)

    def _add_page(self, piece: Piece) -> None:
        before = len(self._found)
        headings, self._outline = self._outline, []
        for part in page_pieces(piece, headings):
            self._add_text(part)
        if len(self._found) == before + len(headings) and piece.get("drawn"):
            self._pictures.append(piece["page"])
        self._last_page = piece["page"]

    def _add_text(self, piece: Piece) -> None:
        level = piece.get("level", 0)
        text = clean_line(piece["text"], 400) if level else clean(piece["text"])
        if not text.strip():
            return
        if self._kind == "slides" and piece.get("page", 0) != self._last_page:
            self._last_page, self._headings = piece.get("page", 0), []
        if level:
            self._headings = [each for each in self._headings if each[0] < level]
        above = tuple(heading for _, heading in self._headings)
        if "under" in piece:
            above = tuple(clean_line(heading) for heading in piece["under"])
        elif piece.get("aside") and not piece.get("page"):
            above = ()  # it came after the text, and belongs to all of it
        self._found.append((piece, text, above))
        if level:
            self._headings.append((level, text))

    def content(self, ended: str) -> FileContent:
        """``ended``: why there was no more."""
        return FileContent(
            name=self._name,
            kind=cast("Any", self._kind),
            elements=tuple(self._element(number, *found) for number, found in enumerate(self._found, 1)),
            pages=self._pages,
            title=self._title,
            attached=tuple(self._attached),
            left_out=tuple(self._all_left_out(ended)),
        )

    def _element(self, number: int, piece: Piece, text: CleanText, headings: Headings) -> Element:
        page = piece.get("page", 0) if self._pages else 0  # where they could not be counted none is told
        line = piece.get("line", 0)
        place = Place(page=page, line=line, paragraph=0 if page or line else number, headings=headings)
        return Element(text, place, piece.get("level", 0), cast("Any", piece.get("aside", "")))

    def _all_left_out(self, ended: str) -> Iterator[LeftOut]:
        yield from self._left_out
        if self._pictures:
            yield LeftOut("pictures" if self._pictures[1:] else "page", {"pages": _listed(self._pictures)})
        if ended in ("time", "long") and self._kind == "document" and self._last_page:
            yield LeftOut("pages", {"count": self._last_page})
        elif reason := _SAID_OF_THE_END.get(ended, "damaged"):
            yield LeftOut(cast("Any", reason))
        elif not self._found and not self._pictures:
            yield LeftOut("nothing")


def _listed(pages: Sequence[int]) -> str:
    """``1-4, 7, 9``: in figures, as any language has them."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    told = [f"{first}-{last}" if last > first else str(first) for first, last in spans]
    return ", ".join(told if len(told) <= 8 else [*told[:8], "…"])
