"""EPUB: chapters in the order in which they are read, with their headings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.kreuzberg_nodes import PACKAGE, kreuzberg_pieces
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    told = look.mimetype.startswith("application/epub+zip")
    return "yes" if told or "META-INF/container.xml" in look.zipped else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    yield from kreuzberg_pieces(file, "application/epub+zip")


FORMAT = Format("book", frozenset({".epub"}), recognises, read, needs=PACKAGE)
