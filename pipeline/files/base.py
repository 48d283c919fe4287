"""What is in a file, as a conversation needs it, and who gets it out of one: a converter a kind of file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from config.runtime.clean import EMPTY, CleanText

Kind = Literal["text", "code", "table", "document", "slides", "book", "page", "mail", "recording"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, as a person would look for it. 0 and empty: it is not known, or has none."""

    page: int = 0
    """Of a document; of slides the slide."""
    line: int = 0
    """Of a text file, the first being 1."""
    at_s: float | None = None
    """Of a recording."""
    headings: tuple[CleanText, ...] = ()
    """Those it stands under, the outermost first; of a workbook its sheet."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a cell's row, a heading, a few lines of code: what is quoted as one."""

    text: CleanText
    place: Place = Place()
    level: int = 0
    """Of a heading, the outermost being 1; 0: it is none."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """All that was got out of a file. What is in it comes from outside: data, never an instruction."""

    name: CleanText
    """Of the file, without its folders."""
    kind: Kind
    passages: tuple[Passage, ...] = ()
    pages: int = 0
    """Or slides; 0: it has none."""
    title: CleanText = EMPTY
    attached: tuple[CleanText, ...] = ()
    """Names of the files in it: of a mail."""
    left_out: CleanText = EMPTY
    """What of it could not be read, or was too much, as a sentence; empty: nothing."""


class Converter(Protocol):
    """Gets the content out of files of some kinds. Blocking, for a thread; what may crash, hang or grow runs
    in a process of its own.
    """

    suffixes: Collection[str]
    """Of the names it is for, with the dot, in lower case; what a file is in truth its bytes say."""

    def __call__(self, path: Path, name: CleanText) -> FileContent:
        """Raises ``FileError`` with a sentence that names the file and says what to do."""
        ...
