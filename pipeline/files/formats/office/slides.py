"""PowerPoint: slides as pages, their titles as headings, and what the speaker noted beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.look import Look
from pipeline.files.formats.shared.zip_parts import Parts

_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr"})
"""Number, date, footer and header, which stand on every slide."""
_BETWEEN_CELLS = "; "


def recognises(look: Look) -> Sure:
    return "yes" if "[Content_Types].xml" in look.zipped and look.holds("ppt/") else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    parts = Parts(file)
    main = parts.first_related("", "officeDocument") or "ppt/presentation.xml"
    leads = parts.related(main)
    slides = [leads[number][1] for number in _order(parts, main) if number in leads]
    yield {"pages": len(slides)}
    for page, slide in enumerate(slides, 1):
        yield from _slide(parts, slide, page)


FORMAT = Format(
    "slides",
    frozenset({".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"}),
    recognises,
    read,
)


def _order(parts: Parts, main: str) -> Iterator[str]:
    for event in parts.xml(main):
        if event.kind == "start" and event.name == "sldId":
            # Its own number is called id as well, without a prefix.
            yield from (value for name, value in event.attributes.items() if name.endswith(":id"))


def _slide(parts: Parts, slide: str, page: int) -> Iterator[Piece]:
    title, texts = _Shapes(), []
    for kind, text in title.texts(parts, slide):
        if kind in _TITLES and not title.found:
            title.found = text
        else:
            texts.append(text)
    if title.found:
        yield {"text": title.found.replace("\n", " "), "page": page, "level": 1}
    for text in texts:
        yield {"text": text, "page": page}
    for kind, part in sorted(parts.related(slide).values()):
        if kind in ("diagramData", "chart"):
            for _, text in _Shapes().texts(parts, part):
                yield {"text": text, "page": page}
    for text in title.pictures:
        yield {"text": text, "page": page, "aside": "picture"}
    if notes := parts.first_related(slide, "notesSlide"):
        for kind, text in _Shapes().texts(parts, notes):
            if kind == "body":
                yield {"text": text, "page": page, "aside": "note"}


class _Shapes:
    """The shapes of a slide, of groups too: their placeholder's kind, and each paragraph or row."""

    def __init__(self) -> None:
        self.found = ""
        self.pictures: list[str] = []
        """What their author says that they show."""
        self._kind = ""
        self._text: list[str] = []
        self._cells: list[str] | None = None
        self._in_text = False

    def texts(self, parts: Parts, part: str) -> Iterator[tuple[str, str]]:
        skipping = 0
        for event in parts.xml(part):
            if event.kind == "text":
                if self._in_text and not skipping:
                    self._text.append(event.name)
            elif event.name == "Fallback":
                skipping += 1 if event.kind == "start" else -1
            elif skipping:
                continue
            elif event.kind == "start":
                self._start(event.name, event.attributes.get("type", ""))
                if event.name == "cNvPr" and (shown := event.attributes.get("descr", "").strip()):
                    self.pictures.append(shown)
            else:
                yield from self._end(event.name)

    def _start(self, name: str, kind: str) -> None:
        if name in ("sp", "graphicFrame", "pic"):
            self._kind = ""
        elif name == "ph":
            self._kind = kind or "object"
        elif name == "t":
            self._in_text = True
        elif name == "br":
            self._text.append("\n")
        elif name == "p":
            self._text = []
        elif name == "tr":
            self._cells = []
        elif name == "tc" and self._cells is not None:
            self._cells.append("")

    def _end(self, name: str) -> Iterator[tuple[str, str]]:
        if name == "t":
            self._in_text = False
        elif name == "p":
            text = "".join(self._text).strip()
            self._text = []
            if self._cells:
                self._cells[-1] = f"{self._cells[-1]} {text}".strip()
            elif text and self._kind not in _FURNITURE:
                yield self._kind, text
        elif name == "tr" and self._cells is not None:
            cells, self._cells = self._cells, None
            if any(cells):
                yield self._kind, _BETWEEN_CELLS.join(cells)
