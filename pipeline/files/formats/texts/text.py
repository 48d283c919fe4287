"""Plain text: paragraphs, each with the line where it begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.format import Format, Piece, Sure
from pipeline.files.formats.shared.lines import doubts, paragraphs, split_lines, text_of
from pipeline.files.formats.shared.look import Look


def recognises(look: Look) -> Sure:
    return "named" if look.text else "no"


def read(file: BinaryIO, look: Look) -> Iterator[Piece]:
    text = text_of(file)
    yield from doubts(text)
    yield from paragraphs(split_lines(text.text))


FORMAT = Format("text", frozenset({".txt", ".text", ".log", ".srt", ".vtt"}), recognises, read)
