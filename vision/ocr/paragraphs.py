"""A reading as passages to be read aloud: a paragraph each, small ones together, unsure words named. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from vision.ocr.phrasing import count, flow
from vision.ocr.read import OcrResult

SHORT = 8
"""Words: passages with fewer that follow each other (a bill's lines, a sign's) are read as one."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    unsure: tuple[str, ...] = ()
    """Words in it that may be misread."""


def split_paragraphs(reading: OcrResult) -> tuple[Paragraph, ...]:
    """The text in reading order; () when there is none."""
    parts = []
    for _, group in groupby(reading.lines, key=lambda line: line.paragraph):
        lines = tuple(group)
        parts.append(Paragraph(flow(lines), tuple(word for line in lines for word in line.unsure)))
    return tuple(_together(parts))


def _together(parts: Iterable[Paragraph]) -> list[Paragraph]:
    """Short ones below each other; a heading stays apart from the paragraph that it heads."""
    joined: list[Paragraph] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before and count(part.text) < SHORT and count(before.text.rpartition("\n")[2]) < SHORT:
            joined[-1] = Paragraph(f"{before.text}\n{part.text}", before.unsure + part.unsure)
        else:
            joined.append(part)
    return joined
