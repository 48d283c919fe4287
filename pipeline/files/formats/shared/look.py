"""A first look at a file: what its bytes say that it is, whatever it is called. Nothing is unpacked."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from pipeline.files.formats.shared.encodings import is_text
from pipeline.files.formats.shared.ole import OLE, ole_streams

HEAD = 65_536
_ENTRIES = 5_000
_DIRECTORY = 1_000_000
_END = b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class Look:
    suffix: str
    """Of its name, in lower case and with the dot."""
    size: int
    head: bytes
    """Its first bytes."""
    zipped: frozenset[str] = frozenset()
    """Names in it, if it is a zip."""
    mimetype: str = ""
    """What a zip says of itself (OpenDocument, EPUB)."""
    streams: Mapping[str, bytes] = field(default_factory=dict)
    """Names of its streams and how each begins, if it is a compound file (old Office, Outlook)."""
    text: bool = False

    def holds(self, folder: str) -> bool:
        return any(name.startswith(folder) for name in self.zipped)


def looked_at(file: BinaryIO, suffix: str = "") -> Look:
    """The file is left at its beginning. Raises ``OSError``."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    zipped = _names(file, size) if head.startswith((b"PK\x03\x04", _END)) else frozenset()
    streams = ole_streams(file) if head.startswith(OLE) else {}
    file.seek(0)
    binary = zipped or streams or head.startswith(_BINARY)
    text = not binary and is_text(head, whole=size <= HEAD)
    return Look(suffix.lower(), size, head, zipped, _mimetype(head) if zipped else "", streams, text)


_BINARY = (b"%PDF-", b"PAR1", b"\x89PNG", b"\xff\xd8\xff", b"PK\x03\x04", OLE)


def _names(file: BinaryIO, size: int) -> frozenset[str]:
    """From the directory at its end, as far as that is told in a megabyte."""
    start = max(0, size - 65_600)
    file.seek(start)
    tail = file.read(65_600)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        return frozenset()
    (length,) = struct.unpack_from("<L", tail, at + 12)
    file.seek(max(0, start + at - length))
    return frozenset(_entries(file.read(min(length, _DIRECTORY))))


def _entries(directory: bytes) -> list[str]:
    names: list[str] = []
    at = 0
    while len(names) < _ENTRIES and directory[at : at + 4] == b"PK\x01\x02" and at + 46 <= len(directory):
        name, extra, comment = struct.unpack_from("<3H", directory, at + 28)
        names.append(directory[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        at += 46 + name + extra + comment
    return names


def _mimetype(head: bytes) -> str:
    """Stored first and as it is, so that it is found without unpacking."""
    if head[30:38] != b"mimetype" or len(head) < 38:
        return ""
    length, extra = struct.unpack_from("<L", head, 22)[0], struct.unpack_from("<H", head, 28)[0]
    return head[38 + extra : 38 + extra + min(length or 80, 120)].split(b"PK")[0].decode("ascii", "replace")
