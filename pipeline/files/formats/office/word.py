"""Word: paragraphs under their headings, rows of tables, notes, comments; pages where the file knows them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.look import Look
from pipeline.files.formats.shared.rows import row_pieces
from pipeline.files.formats.shared.xml_events import Event
from pipeline.files.formats.shared.zip_parts import Parts

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_SKIPPED = frozenset(
    {
        *(
            "Fallback",
            "moveFrom",
            "del",
            "sdtPr",
            "tabs",
            "pPrChange",
            "rPrChange",
            "tblPrChange",
            "sectPrChange",
        )
    }
)
"""Said twice, taken out, or about something else."""


def recognises(look: Look) -> Sure:
    return "yes" if "[Content_Types].xml" in look.zipped and look.holds("word/") else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    parts = Parts(file)
    main = parts.first_related("", "officeDocument") or "word/document.xml"
    body = _Body(_levels(parts, parts.first_related(main, "styles")))
    yield {"title": _title(parts)}
    yield from body.pieces(parts.xml(main))
    yield {"pages": body.page if body.pages_are_known else _told_pages(parts, body)}
    for kind in ("footnotes", "endnotes"):
        yield from _notes(parts, parts.first_related(main, kind), "note", kind[:-1], body.notes)
    yield from _notes(parts, parts.first_related(main, "comments"), "comment", "comment", {})
    yield from _drawn(parts, main)
    yield from _edges(parts, main)


FORMAT = Format("document", frozenset({".docx", ".docm", ".dotx", ".dotm"}), recognises, read)


def _title(parts: Parts) -> str:
    inside = False
    for event in parts.xml(parts.first_related("", "core-properties") or "docProps/core.xml"):
        if event.kind == "text" and inside:
            return event.name.strip()
        inside = event.kind == "start" and event.name == "title"
    return ""


def _told_pages(parts: Parts, body: _Body) -> int:
    """As the program that saved it counted, where it counted this text and the breaks in it; else 0."""
    told: dict[str, str] = {}
    name = ""
    for event in parts.xml(parts.first_related("", "extended-properties") or "docProps/app.xml"):
        if event.kind == "text":
            told[name] = event.name
        name = event.name if event.kind == "start" else ""
    pages, letters = (int(told[key]) if told.get(key, "").isdigit() else 0 for key in ("Pages", "Characters"))
    fits = letters and 0.8 < body.letters / letters < 1.25
    return pages if fits and pages == body.page else 0


def _levels(parts: Parts, styles: str) -> dict[str, int]:
    """Of each style that is a heading; a title is one of the first level."""
    own: dict[str, int] = {}
    based: dict[str, str] = {}
    style = ""
    for event in parts.xml(styles) if styles else ():
        if event.kind != "start":
            continue
        value = event.attributes.get("val", "")
        if event.name == "style":
            style = event.attributes.get("styleId", "")
        elif event.name == "name" and value.lower() == "title":
            own[style] = 1
        elif event.name == "name" and (found := _HEADING.fullmatch(value)):
            own[style] = int(found[1])
        elif event.name == "basedOn":
            based[style] = value
        elif event.name == "outlineLvl" and value.isdigit() and int(value) < 9:
            own.setdefault(style, int(value) + 1)
    return {name: level for name in {*own, *based} if (level := _inherited(name, own, based))}


def _inherited(style: str, own: dict[str, int], based: dict[str, str]) -> int:
    for _ in range(10):
        if style in own:
            return own[style]
        style = based.get(style, "")
    return 0


class _Paragraph:
    def __init__(self, page: int) -> None:
        self.text: list[str] = []
        self.page = page
        self.level = 0
        self.hidden = False
        """The run that is read now."""


class _Body:
    """What stands in the text of a part, in its order."""

    def __init__(self, levels: dict[str, int]) -> None:
        self._levels = levels
        self._open: list[_Paragraph] = []
        self._rows: list[list[list[Piece]]] = []
        """Cells of the rows that are open: a table may stand in a cell."""
        self._skipping = 0
        self._broken = False
        """A break was just told that the next mark of a printed page tells again."""
        self._breaks_after = False
        self.notes: dict[tuple[str, str], int] = {}
        """Foot- and endnotes by their kind and id, numbered as they come: the ids are the program's."""
        self.page = 1
        self.pages_are_known = False
        self.letters = 0

    def pieces(self, events: Iterator[Event]) -> Iterator[Piece]:
        for event in events:
            if self._skips(event):
                continue
            if event.kind == "text":
                continue
            if event.kind == "start":
                yield from self._start(event)
            else:
                yield from self._end(event.name)

    def _skips(self, event: Event) -> bool:
        if event.kind == "text":
            if self._open and not self._skipping and not self._open[-1].hidden and self._in_text:
                self._say(event.name)
            return True
        if event.name in _SKIPPED:
            self._skipping += 1 if event.kind == "start" else -1
            return True
        return self._skipping > 0

    _in_text = False

    def _say(self, text: str) -> None:
        self._open[-1].text.append(text)
        self.letters += len(text) - text.count(" ")
        if not text.isspace():
            self._broken = False

    def _start(self, event: Event) -> Iterator[Piece]:
        name, about = event.name, event.attributes
        if name == "p":
            self._open.append(_Paragraph(self.page))
        elif name == "tr":
            self._rows.append([])
        elif name == "tc" and self._rows:
            self._rows[-1].append([])
        elif not self._open:
            return
        elif name == "t":
            self._in_text = True
        elif name in ("r", "rPr"):
            self._open[-1].hidden = False
        elif name == "vanish":
            self._open[-1].hidden = about.get("val", "1") not in ("0", "false", "off")
        elif name == "pStyle":
            self._open[-1].level = self._levels.get(about.get("val", ""), self._open[-1].level)
        elif name == "outlineLvl" and about.get("val", "").isdigit():
            self._open[-1].level = int(about["val"]) + 1 if int(about["val"]) < 9 else 0
        elif name in ("tab", "cr", "noBreakHyphen", "br", "ptab"):
            yield from self._mark(name, about.get("type", ""))
        elif name == "lastRenderedPageBreak":
            self.pages_are_known = True
            if not self._broken:
                yield from self._next_page()
            self._broken = False
            yield {"pages": self.page}
        elif name == "pageBreakBefore" and about.get("val", "1") not in ("0", "false", "off"):
            yield from self._next_page()
            self._broken = True
        elif name == "sectPr":
            self._breaks_after = True
        elif name == "type" and about.get("val") == "continuous":
            self._breaks_after = False
        elif name == "docPr" and about.get("descr", "").strip():
            yield {"text": about["descr"], "page": self._open[-1].page, "aside": "picture"}
        elif name in ("footnoteReference", "endnoteReference"):
            told = self.notes.setdefault(
                (name.removesuffix("Reference"), about.get("id", "")), len(self.notes) + 1
            )
            self._say(f"[{told}]")

    def _mark(self, name: str, kind: str) -> Iterator[Piece]:
        if name == "br" and kind == "page":
            yield from self._next_page()
            self._broken = True
        else:
            self._say({"tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}.get(name, "\n"))

    def _next_page(self) -> Iterator[Piece]:
        """What the paragraph said until now stays on the page that ends."""
        self.page += 1
        if self._rows or len(self._open) != 1:
            return
        paragraph = self._open[0]
        if "".join(paragraph.text).strip():
            yield self._piece(paragraph)
        paragraph.text, paragraph.page = [], self.page

    def _end(self, name: str) -> Iterator[Piece]:
        if name == "t":
            self._in_text = False
        elif name == "p" and self._open:
            yield from self._ended(self._open.pop())
        elif name == "tr" and self._rows:
            yield from self._row(self._rows.pop())

    def _ended(self, paragraph: _Paragraph) -> Iterator[Piece]:
        if "".join(paragraph.text).strip():
            if self._rows and self._rows[-1]:
                self._rows[-1][-1].append(self._piece(paragraph))
            else:
                yield self._piece(paragraph)
        if self._breaks_after and not self._open:
            self._breaks_after = False
            self.page += 1
            self._broken = True

    def _row(self, cells: list[list[Piece]]) -> Iterator[Piece]:
        """A table in a cell is part of what is in that cell."""
        if self._rows and self._rows[-1]:
            self._rows[-1][-1] += row_pieces(cells)
        else:
            yield from row_pieces(cells)

    def _piece(self, paragraph: _Paragraph) -> Piece:
        text = "".join(paragraph.text).strip()
        return {"text": text, "page": paragraph.page, "level": paragraph.level}


def _notes(
    parts: Parts, part: str, aside: str, element: str, numbers: Mapping[tuple[str, str], int]
) -> Iterator[Piece]:
    """Each note or comment as one, under its number or who wrote it."""
    head, inside = "", False
    text: list[str] = []
    for event in parts.xml(part) if part else ():
        if event.kind == "start" and event.name == element:
            about = event.attributes
            number = numbers.get((element, about.get("id", "")))
            head = f"[{number}]" if number else about.get("author", "")
            text = []
        elif event.name == "t" and event.kind != "text":
            inside = event.kind == "start"
        elif event.kind == "text" and inside:
            text.append(event.name)
        elif event.kind == "end" and event.name == "p":
            text.append("\n")
        elif event.kind == "end" and event.name == element and (said := "".join(text).strip()):
            yield {
                "text": f"{head}{': ' if aside == 'comment' and head else ' '}{said}".strip(),
                "aside": aside,
            }


def _texts(parts: Parts, part: str) -> Iterator[str]:
    for piece in _Body({}).pieces(parts.xml(part)):
        if "text" in piece:
            yield piece["text"]


def _drawn(parts: Parts, main: str) -> Iterator[Piece]:
    """The words of diagrams, which lie in parts of their own."""
    for kind, part in sorted(parts.related(main).values()):
        if kind == "diagramData":
            for text in _texts(parts, part):
                yield {"text": text}


def _edges(parts: Parts, main: str) -> Iterator[Piece]:
    """What stands above and below every page, once."""
    told: set[str] = set()
    for kind, part in sorted(parts.related(main).values()):
        if kind not in ("header", "footer") or not posixpath.basename(part):
            continue
        for text in _texts(parts, part):
            if not text.isdigit() and text not in told:
                told.add(text)
                yield {"text": text, "aside": "header"}
