"""A part of an open file, to be read: a page, a chapter, a line; and what comes after the one read last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from config.runtime.clean import clean
from pipeline.files.base import Place
from pipeline.files.open_files import OpenFile
from pipeline.files.reading import outline
from pipeline.files.reading.outcomes import Lacking, NoSuch, Text, about

Part = Literal[
    "all", "page", "line", "chapter", "paragraph", "heading",
    "next_page", "previous_page", "next_chapter", "previous_chapter",
]  # fmt: skip
PARTS: tuple[Part, ...] = get_args(Part)
LAST = -1


@dataclass(frozen=True, slots=True)
class PartAsked:
    part: Part
    number: int = 0
    """``LAST``: the last."""
    to: int = 0
    """Where several are asked for, the last of them; ``LAST``: all that follow."""
    heading: str = ""
    language: str = "en"


Find = Callable[[str, str], int | None]
"""From words and their language to the element in which all of them stand."""


class Reader:
    """Keeps, of each file, what was read last: "next page" goes on from there."""

    def __init__(self) -> None:
        self._after: dict[int, int] = {}
        """The element after it."""
        self._page: dict[int, int] = {}
        self._told: set[str] = set()

    def part(self, file: OpenFile, asked: PartAsked, find: Find) -> Text | Lacking:
        """Blocking, for a moment."""
        match asked.part:
            case "page":
                return self._pages(file, asked.number, asked.to)
            case "next_page" | "previous_page":
                step = 1 if asked.part == "next_page" else -1
                return self._pages(file, self._page.get(file.number, 0) + step, 0, turned=True)
            case "line":
                return _lines(file, asked.number, asked.to)
            case "chapter":
                found = outline.chapter(file.content, asked.number)
                return self._section(file, found) or lacking(file, "chapter", asked.number)
            case "next_chapter" | "previous_chapter":
                found = self._beside(file, 1 if asked.part == "next_chapter" else -1)
                return self._section(file, found) or lacking(file, "more")
            case "heading":
                return self._under(file, asked, find)
            case "paragraph":
                return self._paragraph(file, asked.number)
            case _:
                return self._text(file, range(len(file.content.elements)))

    def _pages(self, file: OpenFile, first: int, last: int, *, turned: bool = False) -> Text | Lacking:
        pages = file.content.pages
        if not pages:
            return lacking(file, "pages")
        first = pages if first == LAST and not turned else first
        last = pages if last == LAST else min(max(first, last), pages)
        if not 1 <= first <= pages:
            return lacking(file, "more") if turned else lacking(file, "page", first)
        text = replace(self._text(file, outline.on_pages(file.content, first, last)), place=Place(page=first))
        self._page[file.number] = last
        if last == pages:
            return text
        return replace(text, then=self._once("page"), onward=(("part", "page"), ("number", last + 1)))

    def _once(self, onward: Literal["page", "chapter"]) -> Literal["", "page", "chapter"]:
        """How one goes on is told once."""
        if onward in self._told:
            return ""
        self._told.add(onward)
        return onward

    def _paragraph(self, file: OpenFile, number: int) -> Text | Lacking:
        numbers = outline.paragraph_numbers(file.content)
        at = number - 1 if number > 0 else number
        if not -len(numbers) <= at < len(numbers):
            return lacking(file, "paragraph", number, count=len(numbers))
        return self._text(file, [numbers[at]])

    def _under(self, file: OpenFile, asked: PartAsked, find: Find) -> Text | Lacking:
        """What stands under a heading; where none says so, where it is spoken of."""
        if text := self._section(file, outline.section_about(file.content, asked.heading, asked.language)):
            return text
        element = find(asked.heading, asked.language)
        return (
            lacking(file, "section", words=asked.heading) if element is None else self._text(file, [element])
        )

    def _section(self, file: OpenFile, section: outline.Section | None) -> Text | None:
        if section is None:
            return None
        text = self._text(file, range(section.first, section.end))
        following = self._beside(file, 1)
        if following is None:
            return text
        onward = (("part", "heading"), ("heading", following.title))
        return replace(text, then=self._once("chapter"), onward=onward)

    def _beside(self, file: OpenFile, step: int) -> outline.Section | None:
        """The section after the one that was read last, or before it."""
        after, every = self._after.get(file.number, 0), outline.sections(file.content)
        last = next((each for each in reversed(every) if each.first < after), None)
        if last is None:
            return every[0] if every and step > 0 else None
        last = next((each for each in every if each.first <= last.first and each.end == after), last)
        alike = [each for each in every if each.level == last.level]
        place = alike.index(last) + step
        return alike[place] if 0 <= place < len(alike) else None

    def _text(self, file: OpenFile, numbers: Sequence[int]) -> Text:
        elements = [file.content.elements[number] for number in numbers]
        if numbers:
            self._after[file.number] = numbers[-1] + 1
            self._page[file.number] = max(each.place.page for each in elements)
        place = next((each.place for each in elements), Place())
        return Text(file.name, file.kind, place, tuple(outline.readable(elements)))


def _lines(file: OpenFile, first: int, last: int) -> Text | Lacking:
    count = outline.lines(file.content)
    if not count:
        return lacking(file, "lines")
    first = count if first == LAST else first
    if not 1 <= first <= count:
        return lacking(file, "line", first)
    texts = outline.line_texts(file.content, first, max(first, last))
    return Text(file.name, file.kind, Place(line=first), tuple(clean(text.strip()) for _, text in texts))


def lacking(file: OpenFile, what: NoSuch, number: int = 0, words: str = "", count: int = 0) -> Lacking:
    return Lacking(what, about(file.name, file.content), number, words, count)
