"""HTML as a row of tags and texts. Pure, in time proportional to its length, whatever it is.

What is wrong in it is taken as the standard has it: a tag, a comment or a script without an end goes to the
end of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from pipeline.tools.web.elements import RAW

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE_NAME = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)?")
_EQUALS = re.compile(r"\s*=\s*")
_UNQUOTED = re.compile(r"[^\s>]*")
_MOST_ATTRIBUTES = 60


@dataclass(frozen=True, slots=True)
class Begins:
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ends:
    name: str


Token = Begins | Ends | str


def tokens(page: str) -> Iterator[Token]:
    """In their order; texts with their entities resolved."""
    at, lower = 0, page.lower()
    while at < len(page):
        opens = page.find("<", at)
        if opens < 0:
            yield unescape(page[at:])
            return
        if opens > at:
            yield unescape(page[at:opens])
        after = page[opens + 1 : opens + 2]
        if after in ("!", "?"):
            at = _after_comment(page, opens)
        elif after == "/":
            name = _NAME.match(page, opens + 2)
            if name:
                yield Ends(name[0].lower())
            at = _after(page, ">", opens)
        elif name := _NAME.match(page, opens + 1):
            begins, at = _tag(page, name[0].lower(), name.end())
            if begins is None:
                return
            yield begins
            if begins.name in RAW:
                text, at = _raw(page, lower, begins.name, at)
                yield unescape(text)
                yield Ends(begins.name)
        else:
            yield "<"
            at = opens + 1


def _after(page: str, mark: str, at: int) -> int:
    found = page.find(mark, at)
    return len(page) if found < 0 else found + len(mark)


def _after_comment(page: str, opens: int) -> int:
    if not page.startswith("<!--", opens):
        return _after(page, ">", opens)
    for empty in ("<!-->", "<!--->"):
        if page.startswith(empty, opens):
            return opens + len(empty)
    return _after(page, "-->", opens + 4)


def _tag(page: str, name: str, at: int) -> tuple[Begins | None, int]:
    """None: it does not end, and nothing of the page is left."""
    attributes: dict[str, str] = {}
    while True:
        found = _ATTRIBUTE_NAME.match(page, at)
        at = found.end() if found else at
        if at >= len(page):
            return None, at
        if found is None or not found[1]:  # the next is ">"
            return Begins(name, attributes), at + 1
        value = ""
        if equals := _EQUALS.match(page, at):
            value, at = _value(page, equals.end())
        if len(attributes) < _MOST_ATTRIBUTES:
            attributes.setdefault(found[1].lower(), value)


def _value(page: str, at: int) -> tuple[str, int]:
    mark = page[at : at + 1]
    if mark not in ("'", '"') or not mark:
        found = _UNQUOTED.match(page, at)
        return (unescape(found[0]), found.end()) if found else ("", at)
    ends = page.find(mark, at + 1)
    return (unescape(page[at + 1 : ends]), ends + 1) if ends >= 0 else ("", len(page))


def _raw(page: str, lower: str, name: str, at: int) -> tuple[str, int]:
    """To its end tag, and where that ends."""
    ends = lower.find(f"</{name}", at) if len(lower) == len(page) else page.find(f"</{name}", at)
    return (page[at:], len(page)) if ends < 0 else (page[at:ends], _after(page, ">", ends))
