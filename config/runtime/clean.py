"""Text from outside is cleaned once, where it enters: what it says stays, what it does to a terminal goes.

``CleanText`` is what comes out, and what events, views and targets take: mypy refuses a plain ``str`` there.
It is a ``str`` while the program runs and costs nothing. Parts of a clean text, and clean texts put together,
are clean; a sentence of ours with foreign words in it is cleaned as it is made.

What goes: halves of a surrogate pair are joined, a lone one becomes U+FFFD; every end of a line (CR, CR LF,
VT, FF, NEL, U+2028, U+2029) is ``\\n``; C0 but tab, DEL, C1, bidi embeddings, overrides and isolates, the
deprecated format characters, interlinear annotations, U+FEFF, noncharacters, and tags, with which a text can
hold another that nobody sees. What stays: LRM, RLM and ALM, which Hebrew and Arabic need and which open
nothing; the joiners of emoji and of Persian; the three flags that are written in tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex, overload

Mark = Literal["", " ", "\n", "\n\n", ", ", ".", "…"]
"""What is put between clean texts as it stands."""

if TYPE_CHECKING:

    class CleanText(str):
        """Made by this file alone; its parts and sums are clean as well."""

        __slots__ = ()

        @overload
        def __add__(self, other: CleanText | Mark, /) -> CleanText: ...
        @overload
        def __add__(self, other: str, /) -> str: ...
        def __add__(self, other: str, /) -> str: ...
        def __getitem__(self, key: SupportsIndex | slice, /) -> CleanText: ...
        def strip(self, chars: str | None = None, /) -> CleanText: ...
        def lstrip(self, chars: str | None = None, /) -> CleanText: ...
        def rstrip(self, chars: str | None = None, /) -> CleanText: ...
        def removeprefix(self, prefix: str, /) -> CleanText: ...
        def removesuffix(self, suffix: str, /) -> CleanText: ...
        def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[CleanText]: ...  # type: ignore[override]
        def splitlines(self, keepends: bool = False) -> list[CleanText]: ...  # type: ignore[override]
        def partition(self, sep: str, /) -> tuple[CleanText, CleanText, CleanText]: ...
        def rpartition(self, sep: str, /) -> tuple[CleanText, CleanText, CleanText]: ...
        def capitalize(self) -> CleanText: ...
        def lower(self) -> CleanText: ...
        def __iter__(self) -> Iterator[CleanText]: ...

else:
    CleanText = str

_LONGEST_LINE = 200
_DROPPED = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u202a-\u202e\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "\U000e0000-\U000e007f"
)
_ENDS = "\v\f\r\x85\u2028\u2029"
_HALVES = "\ud800-\udfff"
_UNCLEAN = re.compile(f"[{_DROPPED}{_ENDS}{_HALVES}]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def _flag(region: str) -> str:
    return "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"


_FLAGS = [_flag(region) for region in ("gbeng", "gbsct", "gbwls")]
_BEGUN_FLAGS = sorted({flag[:n] for flag in _FLAGS for n in range(1, len(flag))}, key=len, reverse=True)
_REPLACED = re.compile(f"{'|'.join(_FLAGS)}|\r\n|[{_DROPPED}{_ENDS}{_HALVES}]")
_BEGUN = re.compile(f"(?:{'|'.join(_BEGUN_FLAGS)})?[\ud800-\udbff]?\\Z")
"""The end of a text that the next piece may go on with."""


def clean(text: str) -> CleanText:
    """A text of any number of lines."""
    if text.isprintable() or not _UNCLEAN.search(text):  # the first is quick, and stricter
        return CleanText(text)
    return CleanText(_REPLACED.sub(_replacement, _joined_halves(text)))


def clean_line(text: str, longest: int = _LONGEST_LINE) -> CleanText:
    """A name, a title, another program's own words: in one line, no longer than that."""
    line = " ".join(clean(text[: 8 * longest]).split())
    return clean(line if len(line) <= longest else f"{line[: longest - 1]}…")


def clean_sentence(text: str) -> CleanText:
    """One of ours with names in it: a name does not begin a line, on which it could say what is not so."""
    return CleanText(clean(text).replace("\n", " "))


def clean_json(value: Any) -> Any:
    """Decoded JSON in which every text and every name is clean. Raises ``RecursionError``."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [clean_json(item) for item in value]
    if isinstance(value, dict):
        return {clean(str(name)): clean_json(item) for name, item in value.items()}
    return value


def joined(texts: Iterable[CleanText], between: Mark | CleanText = "") -> CleanText:
    """Clean texts put together."""
    return CleanText(between.join(texts))


def found(pattern: re.Pattern[str], text: CleanText) -> list[CleanText]:
    """All that a pattern without groups finds in a clean text."""
    return [text[each.start() : each.end()] for each in pattern.finditer(text)]


class Cleaner:
    """The same of a text that comes in pieces, wherever it is cut: ``push`` each, then ``flush``."""

    def __init__(self) -> None:
        self._held = ""
        self._returned = False
        """A CR was the last that came: an LF that follows it is told already."""

    def push(self, text: str) -> CleanText:
        if not text:
            return EMPTY
        if self._returned and text[0] == "\n":
            text = text[1:]
        elif self._held:
            text, self._held = _joined_halves(self._held + text), ""
        self._returned = text.endswith("\r")
        if text and (text[-1] >= "\ud800"):
            text = _joined_halves(text)
            begun = _BEGUN.search(text)
            self._held = begun[0] if begun else ""
            text = text.removesuffix(self._held)
        return clean(text)

    def flush(self) -> CleanText:
        held, self._held, self._returned = self._held, "", False
        return clean(held)


def _joined_halves(text: str) -> str:
    return _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _replacement(found: re.Match[str]) -> str:
    unclean = found[0]
    if unclean in _FLAGS:
        return unclean
    if unclean == "\r\n" or unclean in _ENDS:
        return "\n"
    return "\ufffd" if "\ud800" <= unclean <= "\udfff" else ""


EMPTY = CleanText("")
