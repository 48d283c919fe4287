"""PDF: the lines of each page with their places, to be put in order by who receives them; and its outline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.look import Look
from pipeline.files.formats.shared.pdf_fields import over_page

MOST_BYTES = 100_000_000
_MOST_LETTERS = 40_000
_MOST_RUNS = 3_000
_GAP = 1.5
"""Of a line's height."""
_MOST_HEADINGS = 3_000
Run = tuple[int, int, int, int, str]
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
    document.init_forms()
    pages = len(document)
    yield {"pages": pages, "title": _title(document)}
    outline = _outline(document)
    for number in range(pages):
        for level, heading in outline.get(number, ()):
            yield {"text": heading, "page": number + 1, "level": level, "aside": "outline"}
        yield from _page(document, number)


FORMAT = Format("document", frozenset({".pdf"}), recognises, read, needs="pypdfium2")


def _title(document: Any) -> str:
    import pypdfium2

    try:
        title = str(document.get_metadata_value("Title")).strip()
    except (pypdfium2.PdfiumError, ValueError):
        return ""
    return "" if title.casefold() == "untitled" else title


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


def _page(document: Any, number: int) -> Iterator[Piece]:
    """Its lines, whether anything is on it (a page without lines may be a picture), what lies over it."""
    try:
        page = document[number]
    except Exception:  # a page that is damaged keeps no other from being read
        yield {"runs": [], "page": number + 1, "drawn": True}
        return
    try:
        runs = _runs(page)
        drawn = bool(runs) or next(page.get_objects(max_depth=1), None) is not None
        yield {"runs": runs, "page": number + 1, "drawn": drawn}
        yield from over_page(document, page, number + 1)
    finally:
        page.close()


def _runs(page: Any) -> list[Run]:
    """Of each line its left, top, right and bottom, and its words."""
    text = page.get_textpage()
    try:
        if not 0 < text.count_chars() <= _MOST_LETTERS:
            return []
        height = page.get_height()
        runs = [run for line in _lines(text) for run in _boxed(text, *line)][:_MOST_RUNS]
        return [_from_above(height, *run) for run in runs]
    finally:
        text.close()


def _from_above(height: float, left: float, bottom: float, right: float, top: float, words: str) -> Run:
    """In whole numbers, the origin above, as boxes in pictures have it."""
    places = (left, height - top, right, height - bottom)
    first, second, third, fourth = (round(_SCALE * place) for place in places)
    return first, second, third, fourth, words


def _lines(text: Any) -> Iterator[tuple[int, int, str]]:
    """Where each begins among the letters of the page, how many it has, and its words."""
    from pypdfium2 import raw

    at = 0
    for line in text.get_text_range().split("\n"):
        if words := " ".join(line.split()):
            first = raw.FPDFText_GetCharIndexFromTextIndex(text, at)
            yield max(first, 0), len(line.rstrip()), words
        at += len(line) + 1


def _boxed(text: Any, first: int, count: int, words: str) -> Iterator[tuple[float, float, float, float, str]]:
    """A line as one run; where there is a gap in it, columns may stand side by side, and each is one."""
    rects = [text.get_rect(i) for i in range(text.count_rects(first, count))]
    if not rects:
        return
    groups = [[rects[0]]]
    for rect in rects[1:]:
        height = max(each[3] - each[1] for each in (*groups[-1], rect))
        if rect[0] - groups[-1][-1][2] > _GAP * height:
            groups.append([])
        groups[-1].append(rect)
    for group in groups:
        lefts, bottoms, rights, tops = zip(*group, strict=True)
        box = (min(lefts), min(bottoms), max(rights), max(tops))
        part = words if len(groups) == 1 else " ".join(text.get_text_bounded(*box).split())
        if part:
            yield (*box, part)
