"""What a page of the web says, as its reader would see it: title, headings, paragraphs, lists, links. Pure.

What is not seen is left out: scripts, styles, what is hidden, comments. A picture is its description; it is
never fetched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urljoin, urlsplit

from config.runtime.clean import CleanText, clean, clean_line
from pipeline.tools.web.elements import BLOCKS, EMPTY, LEFT_OUT, NOT_SEEN
from pipeline.tools.web.markup import Begins, Ends, tokens

MOST_LETTERS = 60_000
_MOST_LINKS = 200
_MOST_TOKENS = 200_000
"""Tags and texts: a page of 2 MB that people read has less than half as many."""
_LONGEST_LINK = 300

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ENDS_ITSELF = {
    "p": frozenset(("p",)),
    "li": frozenset(("li", "p")),
    "dt": frozenset(("dt", "dd", "p")),
    "dd": frozenset(("dt", "dd", "p")),
    "tr": frozenset(("tr", "td", "th", "p")),
    "td": frozenset(("td", "th", "p")),
    "th": frozenset(("td", "th", "p")),
}
"""What an element ends that is still open on top, its end tag left out."""


@dataclass(frozen=True, slots=True)
class PageText:
    title: CleanText
    text: CleanText


@dataclass(slots=True)
class _Writer:
    """What was read so far."""

    base: str
    title: str = ""
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    is_begun: bool = False
    """Words stand in the line."""
    open: list[tuple[str, bool]] = field(default_factory=list)
    """Elements, the outermost first, and whether each is hidden."""
    names: Counter[str] = field(default_factory=Counter)
    """How many of a name are open."""
    hidden: int = 0
    kept_as_it_is: int = 0
    """In so many ``pre``."""
    link: str = ""
    links: int = 0
    letters: int = 0

    @property
    def is_full(self) -> bool:
        return self.letters > MOST_LETTERS

    def begins(self, tag: Begins) -> None:
        for _ in range(2):  # a paragraph in a cell
            if self.open and self.open[-1][0] in self._ended_by(tag.name):
                self._close()
        if tag.name in BLOCKS or tag.name == "br":
            self._end_line()
        if tag.name in EMPTY:
            return self._note_empty(tag)
        is_hidden = tag.name in LEFT_OUT or _is_hidden(tag.attributes)
        self.open.append((tag.name, is_hidden))
        self.names[tag.name] += 1
        self.hidden += is_hidden
        if self.hidden:
            return None
        self.kept_as_it_is += tag.name == "pre"
        if level := _HEADINGS.get(tag.name):
            self.line.append(f"{'#' * level} ")
        elif tag.name == "li":
            self.line.append("- ")
        elif tag.name in ("td", "th") and self.is_begun:
            self.line.append(" | ")
        elif tag.name == "a" and self.links < _MOST_LINKS:
            self.link, self.links = self._address(tag.attributes.get("href", "")), self.links + 1
        return None

    def ends(self, name: str) -> None:
        if name == "br" or not self.names[name]:
            return
        while self.open[-1][0] != name:
            self._close()
        self._close()

    def says(self, text: str) -> None:
        if self.open and self.open[-1][0] == "title" and not self.names["svg"]:
            self.title = self.title or text
        elif not self.hidden and self.kept_as_it_is:
            *whole, last = text.split("\n")
            for line in whole:
                self.line.append(line)
                self._end_line()
            self.line.append(last)
        elif not self.hidden:
            self.line.append(re.sub(r"\s+", " ", text))
            self.is_begun = self.is_begun or not text.isspace()

    def end(self) -> PageText:
        self._end_line()
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()
        return PageText(clean_line(self.title), clean(_without_unseen(text[:MOST_LETTERS])))

    def _ended_by(self, name: str) -> frozenset[str]:
        block = frozenset(("p",)) if name in BLOCKS else frozenset()
        return _ENDS_ITSELF.get(name, block)

    def _close(self) -> None:
        name, was_hidden = self.open.pop()
        self.names[name] -= 1
        if not self.hidden:
            self.kept_as_it_is -= name == "pre"
            if name == "a" and self.link:
                self.line.append(f" <{self.link}>")
                self.link = ""
            if name in BLOCKS:
                self._end_line()
                if name in _HEADINGS or name in ("p", "table", "ul", "ol"):
                    self.lines.append("")
        self.hidden -= was_hidden

    def _note_empty(self, tag: Begins) -> None:
        if tag.name == "base":
            self.base = self._address(tag.attributes.get("href", "")) or self.base
        described = tag.attributes.get("alt", "").strip()
        if tag.name == "img" and described and not self.hidden and not _is_hidden(tag.attributes):
            self.line.append(f" (picture: {' '.join(described.split())}) ")

    def _address(self, href: str) -> str:
        try:
            address = urljoin(self.base, href.strip())
            parts = urlsplit(address)
        except ValueError:
            return ""
        inside = parts._replace(fragment="") == urlsplit(self.base)._replace(fragment="")
        is_web = parts.scheme in ("http", "https") and not any(c <= " " or c in "<>" for c in address)
        return address if is_web and not inside and len(address) <= _LONGEST_LINK else ""

    def _end_line(self) -> None:
        line = "".join(self.line)
        line = line.rstrip() if self.kept_as_it_is else " ".join(line.split())
        if line.strip("#- "):
            self.lines.append(line)
            self.letters += len(line) + 1
        self.line.clear()
        self.is_begun = False


def read_page(text: str, address: str) -> PageText:
    """Of HTML that stood at ``address``."""
    writer = _Writer(address)
    for token in islice(tokens(text), _MOST_TOKENS):
        if isinstance(token, Begins):
            writer.begins(token)
        elif isinstance(token, Ends):
            writer.ends(token.name)
        else:
            writer.says(token)
        if writer.is_full:
            break
    return writer.end()


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = re.sub(r"\s+|/\*.*?\*/", "", attributes.get("style", "")[:2000].lower())
    return bool(style and NOT_SEEN.search(style))


def _without_unseen(text: str) -> str:
    """Soft hyphens and letters without a width are no part of what is seen."""
    return re.sub("[\u00ad\u200b\u2060-\u2064]", "", text)
