"""How long an index FFmpeg would make of an MP4 file: a kilobyte can say that it holds two thousand million
pieces of sound, and each would take 24 bytes of memory or more.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

MOST_PIECES = 12_000_000
"""Three days of AAC; 300 MB of index."""

_FIRST = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"moof", b"styp", b"sidx", b"uuid")
_HOLD_OTHERS = (
    *(b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex", b"edts", b"dinf", b"udta"),
    *(b"wave", b"tref", b"sinf", b"schi"),
)
_DEEPEST = 12
_MOST_BOXES = 200_000


@dataclass
class _Table:
    pieces: int = 0
    runs: int = 0
    """Of lengths and of offsets, each of which is made as many pieces as it says."""
    is_sound: bool = False
    is_plain: bool = False
    """Each piece takes one tick, as PCM does: FFmpeg keeps one of the index for a whole chunk of them."""

    @property
    def indexed(self) -> int:
        return self.runs + (0 if self.is_sound and self.is_plain else self.pieces)


def too_long(file: IO[bytes]) -> bool:
    """Whether its index would be. False for what is no MP4 file. Leaves the file at its beginning."""
    try:
        file.seek(4)
        return file.read(4) in _FIRST and _pieces(file, file.seek(0, 2)) > MOST_PIECES
    finally:
        file.seek(0)


def _pieces(file: IO[bytes], end: int) -> int:
    tables = [_Table()]
    for number, (kind, begin) in enumerate(_boxes(file, 0, end, _DEEPEST)):
        if kind == b"cmov" or number > _MOST_BOXES:
            return MOST_PIECES + 1  # compressed: nothing has written that for twenty years
        if kind == b"trak":
            tables.append(_Table())
        file.seek(begin + 4)  # past the version and the flags
        _add(tables[-1], kind, file)
    return sum(table.indexed for table in tables)


def _add(table: _Table, kind: bytes, file: IO[bytes]) -> None:
    if kind == b"hdlr":
        table.is_sound = file.read(8)[4:] == b"soun"
    elif kind == b"stsz":
        table.pieces += _numbers(file, 2)[1]
    elif kind == b"trun":
        table.runs += _numbers(file, 1)[0]
    elif kind == b"stts":
        entries, _, each = _numbers(file, 3)
        table.is_plain = entries == each == 1
    elif kind == b"ctts":
        told = _numbers(file, 1)[0]
        table.runs += sum(_numbers(file, 2)[0] for _ in range(min(told, _MOST_BOXES)))


def _numbers(file: IO[bytes], count: int) -> tuple[int, ...]:
    """Zeros where the file has ended."""
    return struct.unpack(f">{count}I", file.read(4 * count).ljust(4 * count, b"\0"))


def _boxes(file: IO[bytes], begin: int, end: int, deep: int) -> Iterator[tuple[bytes, int]]:
    """The kind of each box, and where what is in it begins."""
    while begin + 8 <= end:
        file.seek(begin)
        size, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        head = 8
        if size == 1:
            head, size = 16, struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0]
        until = end if size == 0 else min(end, begin + size)
        if until < begin + head:
            return
        yield kind, begin + head
        if kind in _HOLD_OTHERS and deep:
            yield from _boxes(file, begin + head, until, deep - 1)
        begin = until
