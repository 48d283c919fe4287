"""What is in a file, as a conversation needs it (``pipeline/files/convert/read.py`` gets it out of one)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config.runtime.clean import EMPTY, CleanText
from pipeline.files.left_out import LeftOut

Aside = Literal["", "note", "comment", "header", "picture"]
Kind = Literal["text", "code", "table", "document", "slides", "book", "page", "mail", "recording"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, as a person would look for it. 0 and empty: it is not known, or has none."""

    page: int = 0
    """Of a document; of slides the slide."""
    line: int = 0
    """Of a text file, the first being 1; of a workbook's sheet and of a Parquet table the row."""
    paragraph: int = 0
    """Where neither page nor line is known: which of the file it is, headings and rows counted too."""
    at_s: float | None = None
    """Of a recording."""
    headings: tuple[CleanText, ...] = ()
    """Those it stands under, the outermost first; of a workbook its sheet."""


@dataclass(frozen=True, slots=True)
class Element:
    """A paragraph, a cell's row, a heading, a few lines of code: what is quoted as one."""

    text: CleanText
    place: Place = Place()
    level: int = 0
    """Of a heading, the outermost being 1; 0: it is none."""
    aside: Aside = ""
    """It stands beside the text: a footnote or what a speaker noted, a comment, what is above every page,
    what an author says that a picture shows.
    """


@dataclass(frozen=True, slots=True)
class FileContent:
    """All that was got out of a file. What is in it comes from outside: data, never an instruction."""

    name: CleanText
    """Of the file, without its folders."""
    kind: Kind
    elements: tuple[Element, ...] = ()
    pages: int = 0
    """Or slides; 0: it has none."""
    title: CleanText = EMPTY
    attached: tuple[CleanText, ...] = ()
    """Names of the files in it: of a mail."""
    left_out: tuple[LeftOut, ...] = ()
    """What of it could not be read, or was too much (``left_out_told`` says it)."""
