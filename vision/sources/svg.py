"""A drawing in SVG: its title, its description and the words in it. Nothing is drawn, run or fetched.

Only the words are taken, by expat, which fetches nothing. Entities may stand for short plain text alone, as
drawing programs write them; one that refers to others or to a file is refused.
"""

from __future__ import annotations

import zlib
from xml.parsers import expat

from config.errors import PictureError
from vision.images.picture import Picture
from vision.sources.text_card import text_card

MAX_BYTES = 20_000_000
MOST_LETTERS = 20_000
_ENTITY_LETTERS, _ENTITIES = 200, 200
_DEEPEST = 500
_SILENT = {"script", "style", "metadata", "defs", "symbol", "clippath", "mask", "pattern", "filter"}
"""What is not shown where it stands."""
_WORDS = {"text", "foreignobject"}


def is_svg(data: bytes) -> bool:
    """Whether these bytes begin like a drawing, packed (SVGZ) or not."""
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, 4096)
        except zlib.error:
            return False
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and (b"<svg" in start or b":svg" in start)


def open_svg(data: bytes, name: str) -> Picture:
    """A page with what the drawing says. Raises ``PictureError``."""
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data, name)
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    words = _Words(name)
    words.read(data)
    told = "Only the words of this drawing are known here, not its shapes."
    if title := words.of("title"):
        told += f"\n\nTitle: {title}"
    if about := words.of("desc"):
        told += f"\n\nDescription: {about}"
    lines = words.lines()
    told += "\n\nText in it:\n" + "\n".join(lines) if lines else ""
    return text_card(name, told if told.count("\n") else f"{told} It has none.")


def _unpacked(data: bytes, name: str) -> bytes:
    try:
        plain = zlib.decompressobj(wbits=31).decompress(data, MAX_BYTES + 1)
    except zlib.error:
        raise _damaged(name) from None
    return plain


class _Words:
    """Push: expat calls, words are kept by the kind of element they stand in."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[str] = []
        self._silent = 0
        self._kept: dict[str, list[str]] = {"title": [], "desc": [], "text": []}
        self._left = MOST_LETTERS
        self._entities = 0

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._letters
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError):
            raise _damaged(self._name) from None

    def of(self, kind: str) -> str:
        """The first of this kind: of the drawing itself, not of a part in it."""
        return next((" ".join(text.split()) for text in self._kept[kind] if text.strip()), "")

    def lines(self) -> list[str]:
        """Each once, in the order in which they stand in the file."""
        plain = (" ".join(text.split()) for text in self._kept["text"])
        return list(dict.fromkeys(text for text in plain if text))

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        tag = element.rpartition(" ")[2].lower()
        self._open.append(tag)
        if len(self._open) > _DEEPEST:
            raise _damaged(self._name)
        style = attributes.get("style", "").replace(" ", "").lower()
        hidden = attributes.get("display") == "none" or attributes.get("visibility") == "hidden"
        if self._silent or hidden or "display:none" in style or tag in _SILENT:
            self._silent += 1
        elif tag in ("title", "desc", *_WORDS) and (tag not in _WORDS or not self._within()):
            self._kept["text" if tag in _WORDS else tag].append("")

    def _end(self, element: str) -> None:
        self._open.pop()
        self._silent = max(0, self._silent - 1)
        if self._kept["text"]:
            self._kept["text"][-1] += " "

    def _within(self) -> bool:
        return any(tag in _WORDS for tag in self._open[:-1])

    def _letters(self, letters: str) -> None:
        if self._silent or self._left <= 0:
            return
        kind = "text" if any(tag in _WORDS for tag in self._open) else self._open[-1] if self._open else ""
        if self._kept.get(kind):
            self._kept[kind][-1] += letters[: self._left]
            self._left -= len(letters)

    def _entity(
        self, name: str, parameter: bool, value: str | None, base: str | None, system: str | None, *_: object
    ) -> None:
        self._entities += 1
        plain = value is not None and len(value) <= _ENTITY_LETTERS and not set(value) & set("&%<")
        if parameter or system or not plain or self._entities > _ENTITIES:
            raise PictureError(
                f"{self._name} is an SVG drawing whose entities refer to something else; it was not read.",
                todo="Save it as plain SVG or as PNG.",
            )


def _damaged(name: str) -> PictureError:
    return PictureError(
        f"{name} is a damaged SVG drawing, and cannot be opened.", todo="Save it again, or as PNG."
    )


def _too_large(name: str) -> PictureError:
    return PictureError(
        f"{name} is too large for an SVG drawing: {MAX_BYTES // 1_000_000} megabytes is the most.",
        todo="Save it as PNG.",
    )
