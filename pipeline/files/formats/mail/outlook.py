"""Outlook: a message, who wrote it to whom, and the names of what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.kreuzberg_nodes import PACKAGE, kreuzberg_pieces
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    return "yes" if any(name.startswith("__substg1.0_") for name in look.streams) else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    yield from kreuzberg_pieces(file, "application/vnd.ms-outlook")


FORMAT = Format("mail", frozenset({".msg", ".oft"}), recognises, read, needs=PACKAGE)
