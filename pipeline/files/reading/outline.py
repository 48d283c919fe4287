"""The parts of a file that a person may ask for: chapters, sections, pages, lines, paragraphs. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from config.language.data import languages, table
from config.language.normalise import listed
from config.language.number_words import read_ordinal, whole_number
from config.runtime.clean import EMPTY, CleanText, joined
from pipeline.files.base import Element, FileContent
from pipeline.files.reading.sentences import split
from pipeline.files.reading.words import forms, plain_word, searched, tokens

PARAGRAPH = 500
"""Letters after which a long text is read as another paragraph."""
_ROMAN = re.compile(r"(?=.)(?:x{0,3})(?:ix|iv|v?i{0,3})")
_UNITS = {"i": 1, "v": 5, "x": 10}
_HEADING = 80
"""Letters of a line that may be a heading."""
_ENTRY = re.compile(r"(?:[.…] ?){3}|\w\s+\d+$")
_BEGINS = 50
"""More for a heading that begins so: 4.2 is not 2.4."""
_ALIKE = 70
"""Of 100: so much alike a heading must be to what was said."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: CleanText
    level: int
    first: int
    end: int
    """Of its elements: from the heading's up to the one before ``end``."""


def sections(content: FileContent) -> tuple[Section, ...]:
    """In their order; those within others, too."""
    elements = content.elements
    heads = [number for number, element in enumerate(elements) if element.level] or _unmarked(elements)
    return tuple(
        Section(one_line(elements[at].text), elements[at].level, at, _end(elements, heads, at))
        for at in heads
    )


def _unmarked(elements: Sequence[Element]) -> list[int]:
    """Where no heading is marked as one: short lines of their own like "Chapter Three". An entry of a table
    of contents is none.
    """
    short = ((at, one_line(each.text)) for at, each in enumerate(elements) if len(each.text) <= _HEADING)
    return [at for at, text in short if _names_chapter(text) and not _ENTRY.search(text)]


def _names_chapter(text: str) -> bool:
    begins = tokens(text)[:1]
    return bool(begins) and begins[0] in _chapter_words() and number_of(text) is not None


def _end(elements: Sequence[Element], heads: Sequence[int], at: int) -> int:
    following = (head for head in heads if head > at and elements[head].level <= elements[at].level)
    return next(following, len(elements))


def one_line(text: CleanText) -> CleanText:
    return joined(text.split(), " ")


def top(found: Sequence[Section]) -> list[Section]:
    """Those of the outermost level of which there are several: a title alone has chapters under it."""
    for level in sorted({section.level for section in found}):
        of_level = [section for section in found if section.level == level]
        if len(of_level) > 1:
            return of_level
    return list(found)


def chapter(content: FileContent, number: int) -> Section | None:
    """The one that is numbered so; where none is numbered, the one that is so far down. -1: the last."""
    every = sections(content)
    counted = [(number_of(section.title), section) for section in every]
    numbered = [section for found, section in counted if found == number]
    if number > 0 and any(found for found, _ in counted):
        return min(numbered, key=lambda section: section.level, default=None)
    outermost = top(every)
    at = number - 1 if number > 0 else number
    return outermost[at] if -len(outermost) <= at < len(outermost) else None


@functools.lru_cache(maxsize=4096)
def number_of(title: str) -> int | None:
    """Of a chapter: "Chapter Two", "2. Methods", "II", "Kapitel 2"; None: it has none."""
    words = tokens(title)
    named = words[1:] if words and words[0] in _chapter_words() else words
    if not named or re.match(r"\s*\S*\d+\.\d", title):
        return None
    if named[0].isdecimal() and (named is not words or re.match(r"\s*\d{1,3}[.):\s]", title)):
        return int(named[0]) if len(named[0]) < 4 else None
    if named is words and not re.match(r"\s*[IVX]+[.:)]", title):
        return None
    return _roman(named[0]) or _spelled(named)


def _spelled(words: Sequence[str]) -> int | None:
    for language in languages():
        count = whole_number(words[:1], language)
        if count is not None and count.denominator == 1:
            return int(count)
        if read := read_ordinal(words[:1], 0, language):
            return read[0]
    return None


def _roman(word: str) -> int | None:
    if not _ROMAN.fullmatch(word):
        return None
    values = [_UNITS[letter] for letter in word]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


@functools.cache
def _chapter_words() -> frozenset[str]:
    every = (table(language, "files")["words"]["chapter"] for language in languages())
    return frozenset(plain_word(word) for words in every for word in listed(words))


def section_about(content: FileContent, words: str, language: str) -> Section | None:
    """The one whose heading says so, or nearly."""
    from rapidfuzz import fuzz

    asked, said, best, most = searched(words, language), tokens(words), None, 0.0
    for section in sections(content):
        titled = tokens(section.title)
        there = [each for each in asked if forms(each, language, titled, near=False).weights]
        share = 100 * len(there) / len(asked) if asked else 0
        alike = fuzz.ratio(" ".join(asked), " ".join(searched(section.title, language)))
        score = max(share + alike / 100, alike) + (_BEGINS if titled[: len(said)] == said else 0)
        if score > most:
            best, most = section, score
    return best if most >= _ALIKE else None


def has_text(content: FileContent) -> bool:
    return any(element.text.strip() for element in content.elements)


def paragraph_numbers(content: FileContent) -> list[int]:
    """The elements that are no headings."""
    return [
        number
        for number, each in enumerate(content.elements)
        if not (each.level or each.aside) and each.text.strip()
    ]


def on_pages(content: FileContent, first: int, last: int) -> list[int]:
    return [n for n, each in enumerate(content.elements) if first <= each.place.page <= last]


def lines(content: FileContent) -> int:
    """0: its lines are not numbered."""
    ends = (
        each.place.line + each.text.rstrip("\n").count("\n") for each in content.elements if each.place.line
    )
    return max(ends, default=0)


def line_texts(content: FileContent, first: int, last: int) -> Iterator[tuple[int, CleanText]]:
    """Those of the lines in which something stands."""
    for element in content.elements:
        if element.place.line:
            for number, text in enumerate(element.text.split("\n"), element.place.line):
                if first <= number <= last and text.strip():
                    yield number, text


def readable(elements: Sequence[Element]) -> list[CleanText]:
    """Paragraphs to be read aloud: headings by themselves, a long text in parts. What stands beside the text
    (notes, what is above every page) only where nothing else is asked for.
    """
    elements = [each for each in elements if not each.aside] or elements
    paragraphs: list[CleanText] = []
    for element in elements:
        paragraph = EMPTY
        for text, _ in split(element.text):
            if paragraph and len(paragraph) + len(text) > PARAGRAPH:
                paragraphs.append(paragraph)
                paragraph = text
            else:
                paragraph = paragraph + " " + text if paragraph else text
        if paragraph:
            paragraphs.append(paragraph)
    return paragraphs


def word_count(content: FileContent) -> int:
    return sum(len(element.text.split()) for element in content.elements)
