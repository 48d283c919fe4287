"""The sentences of a file: what is quoted, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.runtime.clean import CleanText, clean
from pipeline.files.base import Element, Place
from voice.tts.text.abbreviations import abbreviations

CHUNK = 800
"""Letters that are ranked together."""
_LONGEST = 600
_END = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+(?=\S)|(?<=[。！？])|\n\s*\n|\n(?=\s*[-*•]\s)")
_BROKEN = re.compile(r"(?<=[^\W\d_])-\n\s*(?=[^\W\d_A-ZÀ-Þ])")
"""A word at the end of a line, which goes on with a small letter on the next."""
_LEADERS = re.compile(r"(?:[.…] ?){4}|…{2}|^[\d .]+\s.{0,80}\s\.$")
_LAST_WORD = re.compile(r"([\w.]+)\.$")


@dataclass(frozen=True, slots=True)
class Sentence:
    text: CleanText
    place: Place
    element: int
    """The number of its element."""
    chunk: int
    """The number of those that are ranked together."""
    is_heading: bool = False

    @property
    def is_entry(self) -> bool:
        """Of a table of contents: what it names stands elsewhere."""
        return _LEADERS.search(self.text) is not None


def sentences(elements: Sequence[Element]) -> Iterator[Sentence]:
    """All of a file, in their order. A chunk is begun at each heading, and never empty."""
    chunk, letters = 0, 0
    for number, element in enumerate(elements):
        if letters and element.level:
            chunk, letters = chunk + 1, 0
        for text, line in split(element.text):
            if letters > CHUNK:
                chunk, letters = chunk + 1, 0
            place = element.place
            if place.line:
                place = replace(place, line=place.line + line)
            yield Sentence(text, place, number, chunk, element.level > 0)
            letters += len(text)


def split(text: CleanText) -> Iterator[tuple[CleanText, int]]:
    """The sentences of a text, each in one line, and how many line ends stand before it."""
    start = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        part = text[start:end]
        if end < len(text) and _goes_on(part.strip()):
            continue
        for at in range(0, len(part), _LONGEST):
            piece = part[at : at + _LONGEST]
            if piece.strip():
                begins = start + at + len(piece) - len(piece.lstrip())
                yield clean(" ".join(_BROKEN.sub("", piece).split())), text.count("\n", 0, begins)
        start = end


def _goes_on(part: str) -> bool:
    """It is too little for a sentence, ends with an abbreviation or amid dots that lead to a number."""
    if part.endswith(" ."):
        return True
    last = _LAST_WORD.search(part)
    return len(part) < 3 or (last is not None and abbreviations().known(last[1].casefold()))
