"""Text as elements: paragraphs, long ones parted between words, each with the line where it begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from pipeline.files.formats.shared.encodings import Decoded, decoded, marked
from pipeline.files.formats.shared.format import Piece

MOST_BYTES = 20_000_000
LONGEST = 4_000
"""Letters of an element."""
MOST_LINES = 40
"""Of an element, where no empty line parts them."""


def text_of(file: BinaryIO, declared: str = "") -> Decoded:
    """As much of it as is read."""
    data = file.read(MOST_BYTES + 1)
    if len(data) <= MOST_BYTES:
        return decoded(data, declared)
    return Decoded(
        decoded(_whole_letters(data), declared).text, ("megabytes", {"count": MOST_BYTES // 10**6})
    )


def _whole_letters(data: bytes) -> bytes:
    """Cut where no letter is: UTF-16 and UTF-32 have lines of whole fours or twos."""
    if marked(data) or b"\0" in data[:2000]:
        return data[: MOST_BYTES // 4 * 4]
    cut = MOST_BYTES
    while cut > MOST_BYTES - 4 and data[cut] & 0xC0 == 0x80:
        cut -= 1
    return data[:cut]


def doubts(decoding: Decoded) -> Iterator[Piece]:
    if decoding.doubt:
        yield {"left_out": decoding.doubt}


def split_lines(text: str) -> list[str]:
    """By line ends alone, as editors count them; not by the separators that ``str.splitlines`` knows."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def paragraphs(lines: Iterable[str], first: int = 1) -> Iterator[Piece]:
    block: list[str] = []
    begun = first
    for number, line in enumerate(lines, first):
        if not line.strip() or len(block) == MOST_LINES:
            yield from elements("\n".join(block), begun)
            block = []
        if line.strip():
            begun = begun if block else number
            block.append(line.rstrip())
    yield from elements("\n".join(block), begun)


def elements(text: str, line: int) -> Iterator[Piece]:
    """One, or several of a text that is too long for one."""
    at = 0
    while len(text) - at > LONGEST:
        end = at + LONGEST
        cut = max(text.rfind("\n", at, end), text.rfind(" ", at + LONGEST // 2, end)) + 1 or end
        yield {"text": text[at:cut].rstrip(), "line": line}
        line += text.count("\n", at, cut)
        at = cut
    if text[at:].strip():
        yield {"text": text[at:], "line": line}
