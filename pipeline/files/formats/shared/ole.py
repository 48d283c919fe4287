"""Compound files (old Office, Outlook, locked Office): the names of their streams, and how each begins."""

from __future__ import annotations

import struct
from typing import BinaryIO

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST = 2_000
_BEGINNING = 512


def ole_streams(file: BinaryIO) -> dict[str, bytes]:
    """As far as the file tells; empty where it is damaged. Small streams lie within others: no beginning."""
    try:
        file.seek(0)
        header = file.read(512)
        shift = struct.unpack_from("<H", header, 30)[0]
        if shift not in (9, 12):
            return {}
        return _streams(file, header, 1 << shift)
    except (struct.error, OSError, OverflowError):
        return {}


def _streams(file: BinaryIO, header: bytes, sector: int) -> dict[str, bytes]:
    table = _table(file, header, sector)
    found: dict[str, bytes] = {}
    at, seen = struct.unpack_from("<L", header, 48)[0], 0
    while at < 0xFFFFFFF0 and seen < _MOST:
        directory = _sector(file, at, sector)
        for entry in range(0, len(directory) - 127, 128):
            name, first, kind, size = _entry(directory, entry)
            if kind in (1, 2) and name:
                found[name] = _sector(file, first, sector)[:_BEGINNING] if kind == 2 and size >= 4096 else b""
        seen += sector // 128
        at = table[at] if at < len(table) else 0xFFFFFFFE
    return found


def _entry(directory: bytes, at: int) -> tuple[str, int, int, int]:
    letters, kind = struct.unpack_from("<HB", directory, at + 64)
    first, size = struct.unpack_from("<LL", directory, at + 116)
    name = directory[at : at + max(0, min(letters, 64) - 2)].decode("utf-16-le", "replace")
    return name, first, kind, size


def _table(file: BinaryIO, header: bytes, sector: int) -> list[int]:
    """Which sector follows which: the part that the header leads to, 7 MB of a file at least."""
    follows: list[int] = []
    for first in struct.unpack_from("<109L", header, 76):
        if first >= 0xFFFFFFF0:
            break
        part = _sector(file, first, sector)
        follows += struct.unpack(f"<{len(part) // 4}L", part[: len(part) // 4 * 4])
    return follows


def _sector(file: BinaryIO, number: int, sector: int) -> bytes:
    file.seek((number + 1) * sector)
    return file.read(sector)
