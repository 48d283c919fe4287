"""Rich text (RTF): its paragraphs. It has neither headings nor pages of which the file knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.kreuzberg_nodes import PACKAGE, kreuzberg_pieces
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    return "yes" if look.head.startswith(b"{\\rtf") else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    yield from kreuzberg_pieces(file, "application/rtf")


FORMAT = Format("document", frozenset({".rtf"}), recognises, read, needs=PACKAGE)
