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

Sure = Literal["no", "by its name", "yes"]
"""Whether a file is of a kind: not, if it is called so (a Markdown file is any text), or whatever its name."""


class Piece(TypedDict, total=False):
    """A passage, or something about the whole file. Plain text: it is cleaned where it leaves the process."""

    text: str
    page: int
    line: int
    level: int
    under: list[str]
    """Headings that it stands under, where they are no passages themselves: a sheet."""
    aside: str
    title: str
    pages: int
    attached: list[str]
    left_out: str
    runs: list[tuple[int, int, int, int, str]]
    """Lines of a page with their boxes, out of order."""
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
    what: str
    """As sentences have it: ``a Word document``."""
    suffixes: frozenset[str]
    """With the dot, in lower case."""
    recognises: Callable[[Look], Sure]
    read: Callable[[BinaryIO, Look], Iterator[Piece]]
    """Raises ``RefusedError``; whatever else is raised tells that the file is damaged."""
    needs: str = ""
    """The package that reads it, and that not everybody has."""
