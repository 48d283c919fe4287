"""Word, Excel and PowerPoint files that a password locks: nothing of them can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    return "yes" if "EncryptedPackage" in look.streams else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    raise RefusedError("locked")


FORMAT = Format("document", frozenset(), recognises, read)
