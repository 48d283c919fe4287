"""A file's bytes as lines of text. Pure, but for ``read_some``."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from config.errors import FileError
from config.runtime.clean import CleanText, clean
from pipeline.tools.files.allowed import open_to_read
from vision.images.names import shown_name

_BEGINNING = 4096
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_some(path: Path, most: int) -> tuple[bytes, bool]:
    """The first ``most`` bytes, and whether there are more. Raises ``FileError``."""
    with os.fdopen(open_to_read(path), "rb") as file:
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise FileError(f"“{shown_name(path.name)}” cannot be read: {error.strerror}.") from None
    return data[:most], len(data) > most


def is_text(data: bytes) -> bool:
    """By its beginning: a text has no NUL in it, but where it is written in units of several bytes."""
    return data.startswith(tuple(mark for mark, _ in _MARKS)) or b"\0" not in data[:_BEGINNING]


def as_text(data: bytes, *, cut: bool = False) -> CleanText:
    """As it says that it is written, or as it looks; what is in no encoding stands as U+FFFD. ``cut``: there
    was more, and the last letter may not be whole.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return clean(data.decode(name, "replace"))
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if cut and error.start >= len(data) - 3:
            return clean(data[: error.start].decode("utf-8"))
        return clean(data.decode("cp1252", "replace"))
