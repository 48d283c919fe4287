"""Letters that an encoding does not have, written as nearly as can be: two ways to set ``errors``."""

from __future__ import annotations

import codecs
import contextlib
import unicodedata

NEAREST = "nearest"
NEAREST_OR_BYTES = "nearest-or-bytes"
"""Where a program reads: a name of a file that is no text goes through as it is."""
_PLAINER = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "×": "x", "€": "EUR"}


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return _plainer(error.object[error.start], error.encoding), error.start + 1


def _nearest_or_bytes(error: UnicodeError) -> tuple[str | bytes, int]:
    """A name of a file that is no text goes through as it is: a program reads it."""
    if isinstance(error, UnicodeEncodeError) and error.encoding.startswith("utf-8"):
        letter = error.object[error.start]
        if "\udc80" <= letter <= "\udcff":
            return bytes([ord(letter) - 0xDC00]), error.start + 1
    return _nearest(error)


def _plainer(letter: str, encoding: str) -> str | bytes:
    if encoding.startswith("utf"):  # half of a pair: UTF-8 takes bytes in its place, the others ASCII alone
        return "\ufffd".encode() if encoding.startswith("utf-8") else "?"
    found = _PLAINER.get(letter) or "".join(
        each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each)
    )
    with contextlib.suppress(UnicodeEncodeError):
        found.encode(encoding)
        return found
    return "?"


codecs.register_error(NEAREST, _nearest)
codecs.register_error(NEAREST_OR_BYTES, _nearest_or_bytes)
