"""HTML to elements: headings, paragraphs, items, rows of tables; of a page what one would read, no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Literal, get_args

from pipeline.files.formats.shared.format import Piece
from pipeline.files.formats.shared.rows import row_pieces

_Block = Literal[
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
]  # fmt: skip
_Unread = Literal[
    "script", "style", "noscript", "template", "svg", "math", "object", "iframe", "select", "option", "head"
]
_Void = Literal[
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "param",
    "source",
    "track",
    "wbr",
]
_OfTheHead = Literal["title", "meta", "link", "script", "style", "base", "noscript", "template"]
_Implied = Literal["p", "li", "dd", "dt", "option", "tr", "td", "th"]
"""They end where the next one begins, or what they stand in ends."""
_OF_THE_HEAD, _IMPLIED = frozenset(get_args(_OfTheHead)), frozenset(get_args(_Implied))
_BLOCKS, _UNREAD, _VOID = (frozenset(get_args(tags)) for tags in (_Block, _Unread, _Void))
_HIDDEN = {"display": "none", "visibility": "hidden"}
"""Styles of what is not seen."""
_CHUNK = 65_536


def html_pieces(text: str) -> Iterator[Piece]:
    page = _SeenText()
    for at in range(0, len(text), _CHUNK):
        page.feed(text[at : at + _CHUNK])
        yield from page.taken()
    page.finish()
    yield from page.taken()


class _SeenText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Piece] = []
        self._text: list[str] = []
        self._level = 0
        self._unread: list[str] = []
        """The elements that are open from the first on that is not read."""
        self._cells: list[list[Piece]] | None = None
        """Of the row that is open, what each has in it."""
        self._title: list[str] | None = None
        self._as_is = 0
        self._line = 0

    def finish(self) -> None:
        """Also what was never closed."""
        self.close()
        self.block()
        self._row()

    def taken(self) -> list[Piece]:
        found, self._found = self._found, []
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self._close_unread(tag)
        if tag == "title" and "svg" not in self._unread:
            self._title = []
        elif self._unread:
            if tag not in _VOID and len(self._unread) < 1000:
                self._unread.append(tag)
        elif tag not in _VOID and (tag in _UNREAD or _is_hidden(about)):
            self.block()
            self._unread.append(tag)
        elif tag in _BLOCKS:
            self._begin(tag)
        elif tag == "br":
            self._text.append("\n")
        elif tag == "img" and about.get("alt"):
            self.handle_data(f" {about['alt']} ")

    def _close_unread(self, tag: str) -> None:
        """What ends without being closed: the head where the body begins, an item at the next one."""
        if self._unread == ["head"] and tag not in _OF_THE_HEAD:
            self._unread = []
        elif self._unread and self._unread[-1] == tag and tag in _IMPLIED:
            self._unread.pop()

    def _begin(self, tag: str) -> None:
        self.block()
        if tag == "tr":
            self._row()
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append([])
        elif tag == "pre":
            self._as_is += 1
        elif re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self._title is not None:
            if title := " ".join("".join(self._title).split()):
                self._found.append({"title": title})
            self._title = None
        elif self._unread:
            if tag not in self._unread and self._unread[0] in _IMPLIED:
                self._unread = []
                self.handle_endtag(tag)
            elif tag in self._unread:  # what was not closed within it ends with it
                del self._unread[len(self._unread) - 1 - self._unread[::-1].index(tag) :]
        elif tag in _BLOCKS:
            self.block()
            self._level = 0
            if tag in ("tr", "table", "tbody", "thead"):
                self._row()
            elif tag == "pre":
                self._as_is = max(0, self._as_is - 1)

    def handle_data(self, data: str) -> None:
        if self._title is not None:
            self._title.append(data)
        elif not self._unread and data:
            if not self._text and data.strip():
                self._line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
            if self._text or data.strip():
                self._text.append(data if self._as_is else re.sub(r"\s+", " ", data))

    def block(self) -> None:
        """What was said until here is an element."""
        text, self._text = "".join(self._text), []
        text = text if self._as_is else re.sub(r" *\n *", "\n", re.sub(r"[^\S\n]+", " ", text))
        if not text.strip():
            return
        text = text.strip("\n") if self._as_is else text.strip()
        piece: Piece = {"text": text, "line": self._line}
        if self._level:
            piece = {"text": " ".join(text.split()), "line": self._line, "level": self._level}
        (self._cells[-1] if self._cells else self._found).append(piece)

    def _row(self) -> None:
        cells, self._cells = self._cells, None
        self._found += row_pieces(cells or [])


def _is_hidden(about: dict[str, str | None]) -> bool:
    styles = (style.partition(":") for style in (about.get("style") or "").lower().split(";"))
    unseen = any(_HIDDEN.get(name.strip()) == value.split("!")[0].strip() for name, _, value in styles)
    return unseen or "hidden" in about or about.get("aria-hidden") == "true"
