"""A kind of file as a value: how it is recognised, and the function that reads it.

Each module of ``pipeline.files.formats`` has one, ``FORMAT``; that is all a new kind needs. These modules and
what they share import nothing else of ours: they run in a process that has no more than them
(``pipeline/files/formats/shared/worker.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, TypedDict

from pipeline.files.formats.shared.look import Look

Sure = Literal["no", "named", "yes"]
"""Whether a file is of a kind: if it is named so (Markdown is any text), or whatever its name."""


class Piece(TypedDict, total=False):
    """An element, or something about the whole file. Plain text, cleaned where it leaves the process."""

    text: str
    page: int
    line: int
    level: int
    under: list[str]
    """Headings that it stands under, where they are no elements themselves: a sheet."""
    aside: str
    title: str
    pages: int
    attached: list[str]
    left_out: tuple[str, dict[str, int | str]]
    """Why (``pipeline.files.left_out``), and what the sentence needs to say it."""
    runs: list[tuple[int, int, int, int, str]]
    """Lines of a page with their boxes, out of order."""
    drawn: bool
    """There is something on a page, be it no text."""
    kind: str
    """Of the whole file, where it is not that of the format."""


class RefusedError(Exception):
    """``why``: ``locked``, ``damaged``, ``unsafe``, ``large``, ``memory``, ``nothing``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Format:
    kind: str
    """One of ``pipeline.files.base.Kind``."""
    suffixes: frozenset[str]
    """With the dot, in lower case."""
    recognises: Callable[[Look], Sure]
    read: Callable[[BinaryIO, Look], Iterator[Piece]]
    """Raises ``RefusedError``; whatever else is raised tells that the file is damaged."""
    needs: str = ""
    """The package that reads it, and that not everybody has."""
