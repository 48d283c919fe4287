"""PowerPoint before 2007: what stands on its slides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.kreuzberg_nodes import PACKAGE, kreuzberg_pieces
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    return "yes" if "PowerPoint Document" in look.streams else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    if "EncryptedSummary" in look.streams:
        raise RefusedError("locked")
    yield from kreuzberg_pieces(file, "application/vnd.ms-powerpoint")


FORMAT = Format(
    "slides",
    frozenset({".ppt", ".pps", ".pot"}),
    recognises,
    read,
    needs=PACKAGE,
)
