"""Bytes of unknown encoding to text: by a mark, by what is valid, else as Western European."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The longer one first: that of UTF-32 begins like that of UTF-16."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UNUSED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""What Windows-1252 has no letter for."""
_CUT = 4
"""Bytes of a letter that may be cut at the end of a piece."""


LeftOut = tuple[str, dict[str, int | str]]


class Decoded(NamedTuple):
    text: str
    doubt: LeftOut | None = None
    """What may not be as it was written; None: nothing."""


def is_text(data: bytes, *, whole: bool = True) -> bool:
    """Whether it reads like text of some encoding; an empty file does."""
    if marked(data) or _without_mark(data):
        return True
    if b"\0" in data:
        return False
    if _valid(data, whole=whole):
        return len(_CONTROL.findall(data)) <= len(data) / 50
    return len(_CONTROL.findall(data)) <= len(data) / 500


def decoded(data: bytes, declared: str = "") -> Decoded:
    """``declared``: by the file itself; taken where it is known and fits."""
    if encoding := marked(data) or _without_mark(data):
        return Decoded(data.decode(encoding, "replace").removeprefix("\ufeff"), _damage(data, encoding))
    if _valid(data, whole=True):
        return Decoded(data.decode("utf-8"))
    if declared and (text := _as_declared(data, declared)) is not None:
        return Decoded(text)
    return _guessed(data)


def marked(data: bytes) -> str:
    """The encoding that its first bytes name."""
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")


def _damage(data: bytes, encoding: str) -> LeftOut | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return "letters", {}
    return None


def _without_mark(data: bytes) -> str:
    """UTF-16 of Latin letters: every second byte is zero."""
    sample = data[:2000]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    even, odd = sample[::2].count(0) * 2 / len(sample), sample[1::2].count(0) * 2 / len(sample)
    if odd > 0.7 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else ""


def _valid(data: bytes, *, whole: bool) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return not whole and error.start > len(data) - _CUT
    return True


def _as_declared(data: bytes, declared: str) -> str | None:
    try:
        return data.decode(declared)
    except (LookupError, ValueError):
        return None


def _guessed(data: bytes) -> Decoded:
    """UTF-8 with a few damaged letters, or of one byte a letter."""
    text = data.decode("utf-8", "replace")
    damaged, beyond = text.count("\ufffd"), sum(letter > "\x7f" for letter in text)
    if beyond > 10 * damaged:
        return Decoded(text, ("letters", {}))
    encoding, called = ("latin-1", "Latin-1") if _UNUSED.search(data) else ("cp1252", "Windows-1252")
    return Decoded(data.decode(encoding), ("encoding", {"encoding": called}))
