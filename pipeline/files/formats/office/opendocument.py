"""OpenDocument: texts, presentations (slides as pages, with notes) and spreadsheets (sheets as headings)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.look import Look
from pipeline.files.formats.shared.xml_events import Event
from pipeline.files.formats.shared.zip_parts import Parts

_KINDS = {"presentation": "slides", "spreadsheet": "table", "drawing": "slides"}
_SKIPPED = frozenset({"tracked-changes", "forms", "ruby-text", "event-listeners"})
"""What was taken out, and what is not read."""
_ASIDES = {"note": "note", "notes": "note", "annotation": "comment"}
_MOST_REPEATED = 100
_BETWEEN_CELLS = "; "


def recognises(look: Look) -> Sure:
    told = look.mimetype.startswith("application/vnd.oasis.opendocument.")
    return "yes" if told or {"content.xml", "META-INF/manifest.xml"} <= look.zipped else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    parts = Parts(file)
    if any(event.name == "encryption-data" for event in parts.xml("META-INF/manifest.xml")):
        raise RefusedError("locked")
    title, told = _about(parts)
    yield {"title": title}
    body = _Body()
    yield from body.pieces(parts.xml("content.xml"))
    if body.kind == "document":
        yield {"pages": told if told == body.page else 0}


FORMAT = Format(
    "document",
    frozenset({".odt", ".ott", ".odp", ".otp", ".ods", ".ots", ".odg"}),
    recognises,
    read,
)


def _about(parts: Parts) -> tuple[str, int]:
    """Its title, and how many pages the program that saved it counted."""
    title, pages, inside = "", 0, False
    for event in parts.xml("meta.xml"):
        if event.kind == "text" and inside:
            title += event.name
        inside = (event.name == "title" and event.kind == "start") or (inside and event.kind == "text")
        if event.name == "document-statistic" and event.attributes.get("page-count", "").isdigit():
            pages = int(event.attributes["page-count"])
    return title.strip(), pages


class _Body:
    def __init__(self) -> None:
        self.kind = "document"
        self.page = 1
        self._texts: list[list[str]] = []
        """Of the paragraphs that are open: a note stands in one."""
        self._levels: list[int] = []
        self._title = False
        self._asides: list[str] = []
        self._before = ""
        """Of the note that comes: its number, or who wrote it."""
        self._sheet = ""
        self._row = 0
        self._repeated = 1
        self._rows: list[list[tuple[str, int]]] = []
        self._skipping = 0

    def pieces(self, events: Iterator[Event]) -> Iterator[Piece]:
        for event in events:
            if event.kind == "text":
                if self._texts and not self._skipping:
                    self._texts[-1].append(event.name)
            elif event.name in _SKIPPED:
                self._skipping += 1 if event.kind == "start" else -1
            elif not self._skipping:
                yield from self._start(event) if event.kind == "start" else self._end(event.name)

    def _start(self, event: Event) -> Iterator[Piece]:
        name, about = event.name, event.attributes
        if name in ("presentation", "spreadsheet", "drawing") and self.kind == "document":
            self.kind, self.page = _KINDS[name], 0
            yield {"kind": self.kind}
        elif name == "page" and self.kind == "slides":
            self.page += 1
            yield {"pages": self.page}
        elif name in ("p", "h", "creator", "desc"):
            self._texts.append([])
            self._levels.append(_count(about.get("outline-level", "1")) if name == "h" else 0)
        elif name in _ASIDES:
            self._asides.append(_ASIDES[name])
            self._texts.append([])  # what is no paragraph of it: its date, its number
            self._levels.append(0)
        elif name == "frame":
            self._title = about.get("class", "") == "title"
        elif name == "soft-page-break" and not self._rows:
            self.page += 1
        elif name in ("table", "table-row", "table-cell", "covered-table-cell"):
            self._table(name, about)
        elif self._texts:
            self._texts[-1].append(_white_space(name, about))

    def _table(self, name: str, about: Mapping[str, str]) -> None:
        if name == "table":
            self._sheet, self._row = about.get("name", "") if self.kind == "table" else "", 0
        elif name == "table-row":
            self._rows.append([])
            self._repeated = _count(about.get("number-rows-repeated", "1"))
        elif self._rows:
            self._rows[-1].append(("", _count(about.get("number-columns-repeated", "1"))))

    def _end(self, name: str) -> Iterator[Piece]:
        if name in ("p", "h", "creator", "desc") and self._texts:
            text, level = "".join(self._texts.pop()).strip(), self._levels.pop()
            if name == "desc" and text:
                yield {"text": text, "page": self.page, "aside": "picture"}
            elif name == "creator":
                self._before = f"{text}: " if self._asides[-1:] == ["comment"] else ""
            elif text:
                yield from self._said(text, level)
        elif name in _ASIDES and self._asides:
            self._asides.pop()
            self._texts.pop()
            self._levels.pop()
        elif name == "note-citation" and len(self._texts) > 1:
            number = f"[{''.join(self._texts[-1]).strip()}]"
            self._texts[-2].append(number)
            self._before = f"{number} "
        elif name == "frame":
            self._title = False
        elif name == "table-row" and self._rows:
            yield from self._row_ended(self._rows.pop())

    def _said(self, text: str, level: int) -> Iterator[Piece]:
        if self._asides:
            before, self._before = self._before, ""
            yield {"text": before + text, "page": self.page, "aside": self._asides[-1]}
        elif self._rows and self._rows[-1]:
            before, times = self._rows[-1][-1]
            self._rows[-1][-1] = (f"{before} {text}".strip(), times)
        elif self._title and self.kind == "slides":
            yield {"text": text.replace("\n", " "), "page": self.page, "level": 1}
        else:
            yield {"text": text, "page": self.page if self.kind != "table" else 0, "level": level}

    def _row_ended(self, cells: list[tuple[str, int]]) -> Iterator[Piece]:
        self._row += self._repeated
        while cells and not cells[-1][0]:
            cells.pop()
        if not cells:
            return
        words = [text for text, times in cells for _ in range(min(times, _MOST_REPEATED))]
        text = _BETWEEN_CELLS.join(words)
        if self._rows and self._rows[-1]:
            before, times = self._rows[-1][-1]
            self._rows[-1][-1] = (f"{before} {text}".strip(), times)
        elif self.kind == "table":
            first = self._row - self._repeated + 1
            for line in range(first, first + min(self._repeated, _MOST_REPEATED)):
                yield {"text": text, "line": line, "under": [self._sheet]}
        else:
            yield {"text": text, "page": self.page}


def _white_space(name: str, about: Mapping[str, str]) -> str:
    if name == "s":
        return " " * min(_count(about.get("c", "1")), _MOST_REPEATED)
    return {"tab": "\t", "line-break": "\n"}.get(name, "")


def _count(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 8 else 1
