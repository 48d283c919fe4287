"""What came of asking the open files: values, which a model gets as JSON and a person in a sentence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from config.runtime.clean import EMPTY, CleanText, clean
from pipeline.files.base import FileContent, Kind, Place
from pipeline.files.left_out import LeftOut, left_out_told
from pipeline.files.reading.outline import Section, has_text, lines, sections, top, word_count
from pipeline.tables.base import Note

MOST_HEADINGS = 12
MOST_LETTERS = 6000
"""Of a text that a model reads at once."""

NoSuch = Literal["page", "pages", "chapter", "section", "paragraph", "line", "lines", "more"]


@dataclass(frozen=True, slots=True)
class TableSize:
    """``source``: the file, and of a workbook the sheet."""

    source: CleanText
    rows: int
    columns: tuple[CleanText, ...]
    notes: tuple[Note, ...] = ()
    """How it was read: a column left as text, a row of totals."""


@dataclass(frozen=True, slots=True)
class About:
    """What a file is."""

    name: CleanText
    kind: Kind
    pages: int
    lines: int
    words: int
    title: CleanText
    headings: tuple[CleanText, ...]
    """The outermost ones."""
    more_headings: int
    attached: tuple[CleanText, ...]
    left_out: tuple[LeftOut, ...]
    begins: CleanText
    has_text: bool
    tables: tuple[TableSize, ...] = ()

    def as_json(self) -> dict[str, Any]:
        every = {
            "file": self.name, "kind": self.kind, "pages": self.pages, "lines": self.lines,
            "words": self.words, "title": self.title, "headings": self.headings,
            "more_headings": self.more_headings, "attached": self.attached,
            "left_out": left_out_told(self.left_out, "en"),
        }  # fmt: skip
        return {key: value for key, value in every.items() if value}


def about(name: CleanText, content: FileContent, tables: tuple[TableSize, ...] = ()) -> About:
    """Of a file under the name that it is told by; ``tables``: those that it is."""
    every = sections(content)
    outermost = top(every)[:MOST_HEADINGS]
    counted = lines(content) if content.kind in ("text", "code", "table") else 0
    text = (each for each in content.elements if not (each.level or each.aside))
    begins = (each.text for each in text if each.text.strip())
    return About(
        name, content.kind, content.pages, counted, word_count(content), content.title,
        tuple(section.title for section in outermost), _more(every, outermost), content.attached,
        content.left_out, next(begins, EMPTY), has_text(content), tables,
    )  # fmt: skip


def _more(every: Sequence[Section], told: Sequence[Section]) -> int:
    """Headings that are not told, without the title that they all stand under."""
    level = min((section.level for section in told), default=0)
    return sum(section.level >= level for section in every) - len(told)


@dataclass(frozen=True, slots=True)
class Open:
    """What is open."""

    files: tuple[About, ...]

    @property
    def text(self) -> str:
        return as_json({"open": [each.as_json() for each in self.files]})


@dataclass(frozen=True, slots=True)
class Quote:
    text: CleanText
    place: Place
    near: str = ""
    """The word that stands there instead of the one that was asked for."""
    around: CleanText = EMPTY
    file: CleanText = EMPTY
    """Where several were searched."""


@dataclass(frozen=True, slots=True)
class Found:
    """``whole``: all that was asked for stands in each of the quotes; ``count``: in how many sentences."""

    name: CleanText
    kind: Kind
    words: str
    quotes: tuple[Quote, ...]
    whole: bool
    count: int
    left_out: tuple[LeftOut, ...]
    has_text: bool
    more: bool = False
    """It stands in more places than are quoted."""

    @property
    def text(self) -> str:
        said: dict[str, Any] = {"file": self.name, "words": self.words}
        if not self.quotes:
            said["found"] = f"Nothing. {left_out_told(self.left_out, 'en') or 'All of it was searched.'}"
            return as_json(said)
        if not self.whole:
            said["note"] = "No place has all of the words; these are the nearest."
        found, letters = list[dict[str, Any]](), 0
        for quote in self.quotes:
            letters += len(quote.around or quote.text)
            if letters > MOST_LETTERS:
                break
            name = {"file": quote.file} if quote.file else {}
            found.append(name | placed(quote.place, self.kind) | {"text": quote.around or quote.text})
        return as_json(said | {"found": found})


@dataclass(frozen=True, slots=True)
class Text:
    """What is read: paragraphs of it. ``then``: what comes after it, and ``onward``, how to ask for that."""

    name: CleanText
    kind: Kind
    place: Place
    paragraphs: tuple[CleanText, ...]
    then: Literal["", "page", "chapter"] = ""
    onward: tuple[tuple[str, int | str], ...] = ()

    @property
    def text(self) -> str:
        said: dict[str, Any] = {"file": self.name} | placed(self.place, self.kind)
        text = "\n\n".join(self.paragraphs)
        if len(text) > MOST_LETTERS:
            said["cut"] = f"{len(text) - MOST_LETTERS} more letters: ask for a smaller part."
        said["text"] = text[:MOST_LETTERS]
        return as_json(said | ({"next": dict(self.onward)} if self.onward else {}))


@dataclass(frozen=True, slots=True)
class Lacking:
    """What was asked for is not there."""

    what: NoSuch
    about: About
    number: int = 0
    words: str = ""
    count: int = 0

    @property
    def text(self) -> str:
        return as_json({"failed": f"There is no such {self.what}.", **self.about.as_json()})


@dataclass(frozen=True, slots=True)
class NotProse:
    """It is a table or a program, which nobody can listen to."""

    about: About

    @property
    def text(self) -> str:
        return as_json({"failed": "It is not read out as a whole.", **self.about.as_json()})


@dataclass(frozen=True, slots=True)
class Opened:
    about: About
    sent_to: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return as_json({"opened": self.about.as_json()})


@dataclass(frozen=True, slots=True)
class Done:
    """A sentence of ``files.toml`` with what it names."""

    key: Literal["opening", "closed", "closed_all", "none_open", "no_such"]
    name: CleanText = EMPTY

    @property
    def text(self) -> str:
        return as_json({"done" if self.key != "no_such" else "failed": self.key, "file": self.name})


@dataclass(frozen=True, slots=True)
class Which:
    """Several files are called so."""

    names: tuple[CleanText, ...]
    count: int

    @property
    def text(self) -> str:
        return as_json({"which": self.names, "of": self.count})


Outcome = Open | Found | Text | Lacking | NotProse | Opened | Done | Which


def as_json(value: Any) -> CleanText:
    """On one line. It holds words of files: a model gets it as a tool's result, and nowhere else."""
    return clean(json.dumps(value, ensure_ascii=False))


def placed(place: Place, kind: Kind) -> dict[str, Any]:
    """Where something stands, for a model."""
    where: dict[str, Any] = {}
    if place.page:
        where["slide" if kind == "slides" else "page"] = place.page
    if place.line:
        where["line"] = place.line
    if place.paragraph:
        where["paragraph"] = place.paragraph
    if place.at_s is not None:
        where["at"] = f"{int(place.at_s) // 60}:{int(place.at_s) % 60:02}"
    if place.headings:
        where["headings"] = list(place.headings)
    return where
