"""A question to a table in pieces: what its words may be in it, a column, a number, a date, or none of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from config.language.lexicon import Found
from config.language.number_words import read_number
from pipeline.tables.base import Table
from pipeline.tables.questions.asked.columns import Likeness, Mention, mention_at, name_words
from pipeline.tables.questions.asked.dates import date_at
from pipeline.tables.questions.asked.vocabulary import SIGNS, Kinds, vocabulary

_NONE: Kinds = frozenset()
_LITTLE = frozenset({"filler", "in", "of", "and", "or", "is", "to", "by", "where", "not", "no", "follow"})
_BEFORE_NAME = frozenset(
    {"by", "sort", "column", "columns", "distinct", "largest", "smallest", "latest", "earliest"}
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words from ``at`` up to ``end``. Without anything that they may be they are of something else: a value,
    or another talk.
    """

    at: int
    end: int
    kinds: Kinds = _NONE
    columns: tuple[str, ...] = ()
    likeness: int = 0
    number: int | float | None = None
    date: str = ""

    @property
    def unknown(self) -> bool:
        return not (self.kinds or self.columns or self.date) and self.number is None


def chunks_of(words: Sequence[str], table: Table, language: str, today: date) -> list[Chunk]:
    """The longest of what may begin at each word; where two are as long, both."""
    found, at = list[Chunk](), 0
    while at < len(words):
        chunk = _chunk(words, at, table, language, today)
        if chunk.columns and chunk.kinds & _LITTLE:  # a column "at", or "no"
            named = bool(found and found[-1].kinds & _BEFORE_NAME)
            chunk = replace(chunk, kinds=_NONE) if named else replace(chunk, columns=(), likeness=0)
        found.append(chunk)
        at = chunk.end
    return found


def _chunk(words: Sequence[str], at: int, table: Table, language: str, today: date) -> Chunk:
    for end in (at + 2, at + 1):
        if sign := SIGNS.get(" ".join(words[at:end])):
            return Chunk(at, end, frozenset({sign}))
    part = vocabulary(language).parts.longest(words, at)
    named = mention_at(words, at, table.columns, language)
    if named and part and named.likeness < Likeness.CONCEPT and "day" not in part.meaning:
        named = None  # "orders" is no part of Order Date
    day = date_at(words, at, language, today)
    number = read_number(words, at, language)
    ends = (
        part.end if part else 0,
        named.end if named else 0,
        day[1] if day else 0,
        number[1] if number else 0,
    )
    end = max(at + 1, *ends)
    kinds = part.meaning if part and part.end == end else _NONE
    if not kinds and (end_of_name := _table_named(words, at, table)) > 0:
        return Chunk(at, end_of_name, frozenset({"table", "things"}))
    return Chunk(
        at,
        end,
        kinds,
        *_columns(named, end),
        number=_number(part, kinds, number, end),
        date=day[0] if day and day[1] == end else "",
    )


def _columns(named: Mention | None, end: int) -> tuple[tuple[str, ...], int]:
    return (named.names, named.likeness) if named and named.end == end else ((), 0)


def _number(
    part: Found[Kinds] | None, kinds: Kinds, read: tuple[Fraction, int] | None, end: int
) -> int | float | None:
    """That of the phrase, or the number that stands there by itself."""
    if part and kinds and part.values:
        return next(iter(part.values.values()))
    if not read or read[1] != end:
        return None
    return int(read[0]) if read[0].denominator == 1 else float(read[0])


def _table_named(words: Sequence[str], at: int, table: Table) -> int:
    """Behind the table's name, as it is said; 0 where that does not stand there."""
    for name in (table.name, table.source.rpartition(".")[0]):
        said = name_words(name)
        if said and tuple(words[at : at + len(said)]) == said:
            return at + len(said)
    return 0
