"""PDF: the text of each page with the places of its lines, which are put in order where it is received; and its outline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.look import Look

MOST_BYTES = 100_000_000
_MOST_LETTERS = 40_000
_MOST_RECTS = 3_000
_MOST_HEADINGS = 3_000
_SCALE = 3
"""Whole numbers are handed over: thirds of a point are fine enough."""


def recognises(look: Look) -> Sure:
    return "yes" if b"%PDF-" in look.head[:1024] else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file.read(MOST_BYTES))
    except pypdfium2.PdfiumError as error:
        raise RefusedError("locked" if "password" in str(error).lower() else "damaged") from None
    pages = len(document)
    yield {"pages": pages, "title": _title(document)}
    outline = _outline(document)
    for number in range(pages):
        for level, heading in outline.get(number, ()):
            yield {"text": heading, "page": number + 1, "level": level, "aside": "outline"}
        yield {"runs": _runs(document, number), "page": number + 1}


FORMAT = Format("document", "a PDF document", frozenset({".pdf"}), recognises, read, needs="pypdfium2")


def _title(document: Any) -> str:
    import pypdfium2

    try:
        return str(document.get_metadata_value("Title")).strip()
    except (pypdfium2.PdfiumError, ValueError):
        return ""


def _outline(document: Any) -> dict[int, list[tuple[int, str]]]:
    """Headings by the page where they stand."""
    found: dict[int, list[tuple[int, str]]] = {}
    for count, item in enumerate(document.get_toc(max_depth=6)):
        if count == _MOST_HEADINGS:
            break
        target = item.get_dest()
        page = target.get_index() if target else None
        title = " ".join(item.get_title().split())
        if page is not None and title:
            found.setdefault(page, []).append((item.level + 1, title))
    return found


def _runs(document: Any, number: int) -> list[tuple[int, int, int, int, str]]:
    """Of each line its left, top, right and bottom, and its words; none, where the page cannot be read."""
    try:
        page = document[number]
    except Exception:  # a page that is damaged keeps no other from being read
        return []
    text = page.get_textpage()
    try:
        height = page.get_height()
        if not 0 < text.count_chars() <= _MOST_LETTERS:
            return []
        found = []
        for i in range(min(text.count_rects(), _MOST_RECTS)):
            left, bottom, right, top = text.get_rect(i)
            if words := " ".join(text.get_text_bounded(left, bottom, right, top).split()):
                box = (left, height - top, right, height - bottom)
                found.append((*(round(_SCALE * at) for at in box), words))
        return found
    finally:
        text.close()
        page.close()
