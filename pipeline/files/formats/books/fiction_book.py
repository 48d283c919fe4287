"""FictionBook: its chapters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.kreuzberg_nodes import PACKAGE, kreuzberg_pieces
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    return "yes" if look.text and b"<FictionBook" in look.head[:4096] else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    yield from kreuzberg_pieces(file, "application/x-fictionbook+xml")


FORMAT = Format("book", frozenset({".fb2"}), recognises, read, needs=PACKAGE)
