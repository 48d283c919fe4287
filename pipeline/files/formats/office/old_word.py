"""Word before 2007: its paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, RefusedError, Sure
from pipeline.files.formats.shared.kreuzberg_nodes import PACKAGE, kreuzberg_pieces
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    return "yes" if "WordDocument" in look.streams else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    if look.streams["WordDocument"][11:12] and look.streams["WordDocument"][11] & 1:
        raise RefusedError("locked")
    yield from kreuzberg_pieces(file, "application/msword")


FORMAT = Format("document", frozenset({".doc", ".dot"}), recognises, read, needs=PACKAGE)
