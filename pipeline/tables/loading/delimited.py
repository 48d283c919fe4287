"""CSV, TSV and what else parts cells by a letter: in which encoding, parted by what, quoted or not."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.tables.base import Note
from pipeline.tables.loading.sheets import Sheet

_SAMPLE = 100_000
_BLOCK = 1 << 20
_DELIMITERS = "\t;|,"
"""The first of those that part a file equally well: a comma stands in numbers and in sentences too."""
_NOTHING = "\x1f"
"""Parts nothing: the file has one column."""
_LONGEST_CELL = 1_000_000

csv.field_size_limit(_LONGEST_CELL)


class NoTableError(Exception):
    """The argument says why, as the end of a sentence that begins with the file's name."""


def delimited(name: str, file: BinaryIO) -> Sheet:
    """Raises ``NoTableError``."""
    encoding = encoding_of(file)
    file.seek(0)
    sample = file.read(_SAMPLE).decode(encoding, "ignore")
    if sum(letter < " " and letter not in "\t\n\r\f\x1b" for letter in sample) > len(sample) // 100:
        raise NoTableError("is no text, and no kind of table that is known here")
    notes = []
    if encoding == "cp1252":
        notes.append(Note("western"))
    said, sample = _declared(sample)
    delimiter = said or delimiter_of(sample)
    quoted = _quotes_are_closed(file, encoding, delimiter)
    if not quoted:
        notes.append(Note("quotes"))

    def rows() -> Iterator[list[str]]:
        lines = _text(file, encoding)
        if said:
            next(lines)
        how: Any = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
        for row in csv.reader(lines, delimiter=delimiter, quoting=how):
            yield list(map(str.strip, row))

    return Sheet(name, rows, delimiter, tuple(notes))


def encoding_of(file: BinaryIO) -> str:
    """UTF-8, UTF-16 by its mark or by its zeros, else what Windows writes in the West."""
    file.seek(0)
    head = file.read(4096)
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return encoding
    if head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _text(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Its lines from the beginning, with their ends. The file stays open."""
    file.seek(0)
    whole = io.BufferedReader(_Unclosed(file), _BLOCK)
    return iter(io.TextIOWrapper(whole, encoding, "replace", newline=""))


class _Unclosed(io.RawIOBase):
    """What reads a file and leaves it open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _declared(sample: str) -> tuple[str, str]:
    """What Excel writes in a first line, ``sep=;``, and the rest."""
    first, _, rest = sample.partition("\n")
    said = first.strip().strip('"').lower()
    return (said[4], rest) if said.startswith("sep=") and len(said) == 5 else ("", sample)


def delimiter_of(sample: str) -> str:
    """The one by which most rows have equally many cells, and more than one."""
    if len(sample) >= _SAMPLE // 4:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, share = _NOTHING, 0.4
    for delimiter in _DELIMITERS:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row
        )
        several = [(count, width) for width, count in widths.items() if width > 1]
        if several and (found := round(max(several)[0] / widths.total(), 2)) > share:
            best, share = delimiter, found
    return best


def _quotes_are_closed(file: BinaryIO, encoding: str, delimiter: str) -> bool:
    """Whether quotation marks enclose cells throughout: one that never ends would swallow the rest."""
    file.seek(0)
    if not any(b'"' in block for block in iter(lambda: file.read(_BLOCK), b"")):
        return True
    try:
        for _ in csv.reader(_text(file, encoding), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "expected after" in str(error)
    return True
