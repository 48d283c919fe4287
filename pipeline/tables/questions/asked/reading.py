"""What is asked of a table, read out of an utterance. Pure: the words of the language are data, and only
their order and what they may be in a question is looked at here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import get_args

from config.language.courtesy import undress
from config.language.normalise import normalise
from config.language.words import find, joined, one_by_one, words_in
from pipeline.tables.base import ColumnType, Table
from pipeline.tables.questions.asked.assembling import Asked, assembled
from pipeline.tables.questions.asked.chunks import Chunk, chunks_of
from pipeline.tables.questions.asked.columns import Likeness
from pipeline.tables.questions.asked.conditions import Conditions
from pipeline.tables.questions.asked.dates import YEARS, with_plain_dates
from pipeline.tables.questions.asked.parts import TOPS, NamedColumn, NoQuestionError, Operation, Parts, Top
from pipeline.tables.questions.asked.values import Values
from pipeline.tables.questions.asked.vocabulary import vocabulary
from pipeline.tables.questions.question import MOST_ROWS, Period, Question, Where

_LONGEST = 250
"""Letters. No question to a table is longer."""
_NOUNS = frozenset(
    {"rows", "things", "columns", "column", "table", "show", "describe", "which", "how_much", "mine"}
)
_EXTREMES = frozenset({"largest", "smallest", "latest", "earliest"})
_COUNTED = _EXTREMES | {"rows", "things"}
_ROWS = {"row": 0, "last_row": -1, "first_row": 1}
_DATED_TOPS: tuple[tuple[str, Operation, Top], ...] = (
    ("top_latest", "latest", "top"), ("top_earliest", "earliest", "bottom"),
)  # fmt: skip
_LITTLE = frozenset({"filler", "of", "is", "column", "value"})
_DIRECTIONS = frozenset({"ascending", "descending"})
_BETWEEN = frozenset({"and", "or"})
_NOTHING = frozenset(
    {"how_much", "mine", "value", "filler", "of", "in", "is", "where", "and", "currency", "to", "by", "with"}
)


def read_question(
    text: str, table: Table, language: str, today: date, last: Question | None = None
) -> Asked | None:
    """``last``: what was asked before, of which it may change a part. None: it is about something else,
    or one of its words has no place in such a question.
    """
    if len(text) > _LONGEST:
        return None
    plain = with_plain_dates(text, language)
    said = normalise(plain, language=language)
    for way in dict.fromkeys((undress(said, language), said)):  # of "member is yes" the "yes" is no courtesy
        words = _apart(way, language)
        if words and (asked := _asked(words, plain, table, language, today, last, _follows(said, language))):
            return asked
    return None


def _asked(
    words: Sequence[str], text: str, table: Table, language: str, today: date, last: Question | None,
    follows: bool,
) -> Asked | None:  # fmt: skip
    chunks = chunks_of(words, table, language, today)

    def written(at: int, end: int) -> str:
        return joined(find(words[at:end], text, language))

    values = Values(chunks, words, written, vocabulary(language).never)
    try:
        parts = _Reader(values, table, language, today).read()
        parts.follows |= follows
        if vocabulary(language).never.intersection(words):
            parts.nouns.add("elsewhere")
        return assembled(parts, table, last)
    except NoQuestionError:
        return None


def _follows(said: str, language: str) -> bool:
    """Whether it begins as a part of the last question does."""
    found = vocabulary(language).parts.longest(one_by_one(said, language))
    return found is not None and "follow" in found.meaning


def bare_words(normalised: str, language: str) -> list[str]:
    """Without courtesy, and without the little words that ask for nothing."""
    words, at, kept = _apart(undress(normalised, language), language), 0, list[str]()
    while at < len(words):
        found = vocabulary(language).parts.longest(words, at)
        end = found.end if found else at + 1
        if not (found and found.meaning & _NOTHING):
            kept += words[at:end]
        at = end
    return kept


def _apart(bare: str, language: str) -> list[str]:
    """Word by word; of ``Gesamtbetrag`` both."""
    heads = vocabulary(language).heads
    words = one_by_one(bare, language)
    return [part for word in words for part in _cut(word, heads)]


def _cut(word: str, heads: Sequence[str]) -> list[str]:
    head = next((each for each in heads if word.startswith(each) and len(word) > len(each) + 3), "")
    return [head, word.removeprefix(head)] if head else [word]


class _Reader:
    """Goes through the words once; what each says is noted in its ``parts``."""

    def __init__(self, values: Values, table: Table, language: str, today: date) -> None:
        self._values = values
        self._parts = Parts()
        self._types: dict[str, ColumnType] = {column.name: column.type for column in table.columns}
        self._conditions = Conditions(values, self._parts, self, self._types, today)
        self._language = language

    def read(self) -> Parts:
        """Raises ``NoQuestionError``."""
        at = 0
        while at < len(self._values):
            at = self._step(at)
        self._named_as_computed()
        if not self._parts.where and self._sets_condition():
            raise NoQuestionError
        return self._parts

    def _sets_condition(self) -> bool:
        """ "Rows where member is": there was a condition, and it was not understood."""
        words = (self._values[at].kinds for at in range(len(self._values)))
        return any("where" in kinds and not kinds & {"filler", "in", "yes", "and"} for kinds in words)

    def at(self, at: int) -> NamedColumn | None:
        chunk = self._values[at]
        if not chunk.columns:
            return None
        beside = bool(self._operations(chunk)) or "value" in chunk.kinds
        if chunk.likeness > (Likeness.CONCEPT if beside else Likeness.ALIKE):
            self._parts.named = True
        kinds = {self._types.get(name, "other") for name in chunk.columns}
        if len(chunk.columns) > 1 and len(kinds) == 1:
            self._types[self._values.said(at, at + 1)] = next(iter(kinds))
        return NamedColumn(chunk.columns, self._values.said(at, at + 1), beside)

    def _step(self, at: int) -> int:
        conditions = self._conditions
        ways = (
            self._follow, self._no_column, self._grouped, self._sorted, conditions.of_column, self._compared,
            self._computed, self._counted_off, conditions.alone, conditions.placed, self._column, self._noun,
            self._number,
        )  # fmt: skip
        for way in ways:
            if end := way(at):
                return end
        raise NoQuestionError

    def _follow(self, at: int) -> int | None:
        if at or "follow" not in self._values[0].kinds:
            return None
        self._parts.follows = True
        # "only" and "and" may be no more than that.
        return 1

    def _no_column(self, at: int) -> int | None:
        """ "The column weight", and none is called so."""
        if "column" not in self._values[at].kinds or not self._values[at + 1].unknown:
            return None
        words = self._values.words_at(at + 1)
        if words is None:
            return None
        self._parts.nouns.add("column")
        self._parts.unknown_column = words[0]
        return words[1]

    def _grouped(self, at: int) -> int | None:
        """``by city and month``; ``monthly``."""
        chunk = self._values[at]
        if period := next((each for each in get_args(Period) if f"by_{each}" in chunk.kinds), ""):
            self._parts.period = period
            return at + 1
        if "by" not in chunk.kinds:
            return None
        end = self._group(self._values.passed(at + 1, _LITTLE))
        while (
            end and "and" in self._values[end].kinds and (more := self._group(self._values.passed(end + 1)))
        ):
            end = more
        return end

    def _group(self, at: int) -> int | None:
        chunk, column = self._values[at], self.at(at)
        if column and column.beside and chunk.likeness <= Likeness.CONCEPT:
            return None  # "by total amount"
        kinds = chunk.kinds
        period = next((each for each in get_args(Period) if each and each in kinds), "")
        if column and not (period and self._types.get(column.name) == "date"):
            self._parts.by.append(column)
        elif period:
            self._parts.period = period
        else:
            return None
        return at + 1

    def _sorted(self, at: int) -> int | None:
        if "sort" not in self._values[at].kinds:
            return None
        behind = self._values.passed(at + 1, _NOTHING | {"rows", "table", "things", "show"})
        for each in range(at, behind):
            self._parts.nouns |= self._values[each].kinds & {"rows", "table"}
        column = self.at(behind)
        if column is None:
            directed = any(self._values[each].kinds & _DIRECTIONS for each in range(len(self._values)))
            return at + 1 if directed else None
        self._parts.sort = column
        return behind + 1

    def _compared(self, at: int) -> int | None:
        """``between Berlin and Paris``, where a difference is asked for."""
        if "between" not in self._values[at].kinds or "difference" not in self._parts.operations:
            return None
        listed = self._values.listed_at(at + 1)
        if listed is None or len(listed[0]) != 2:
            return None
        self._parts.compare = tuple(map(str, listed[0]))
        return listed[1]

    def _computed(self, at: int) -> int | None:
        chunk = self._values[at]
        operations = self._operations(chunk)
        if not operations:
            return None
        column = self.at(at)
        if "count" in operations and chunk.likeness <= Likeness.CONCEPT:
            column = None  # "number" is no more than how many
        before = set(self._parts.operations) - {"count"}
        if column and before and (chunk.likeness > Likeness.CONCEPT or before & {"sum", "mean", "median"}):
            self._parts.columns.append(column)
            return at + 1
        self._parts.operations += operations
        if column:
            self._parts.columns.append(column)
            return at + 1
        return self._of_no_column(at + 1, operations) or at + 1

    def _operations(self, chunk: Chunk) -> list[Operation]:
        return [each for each in get_args(Operation) if each in chunk.kinds]

    def _of_no_column(self, at: int, operations: Sequence[Operation]) -> int | None:
        """ "The average weight", and no column is called so."""
        if not {"sum", "mean", "median"}.intersection(operations) or not self._values[at].unknown:
            return None
        words = self._values.words_at(at)
        if words is None:
            return None
        self._parts.unknown_column = words[0]
        return words[1]

    def _counted_off(self, at: int) -> int | None:
        chunk, parts = self._values[at], self._parts
        if chunk.kinds & {*TOPS, "top_latest", "top_earliest"} and parts.limit:
            raise NoQuestionError  # so many, and so many
        for kind, number in _ROWS.items():
            if kind in chunk.kinds:
                parts.row = chunk.number if isinstance(chunk.number, int) and kind == "row" else number
                parts.nouns.add("rows")
                return at + 1
        for kind, operation, end in _DATED_TOPS:
            if kind in chunk.kinds and isinstance(chunk.number, int):
                parts.operations.append(operation)
                parts.top, parts.limit = end, min(chunk.number, MOST_ROWS)
                return at + 1
        top = next((each for each in TOPS if each in chunk.kinds), None)
        if top is None or not isinstance(chunk.number, int):
            return None
        parts.top, parts.limit = top, min(chunk.number, MOST_ROWS)
        return at + 1

    def _column(self, at: int) -> int | None:
        column = self.at(at)
        if column is None:
            return None
        self._parts.columns.append(column)
        return at + 1

    def _noun(self, at: int) -> int | None:
        kinds, parts = self._values[at].kinds, self._parts
        if "or" in kinds or "and" in kinds:
            parts.joined |= (kinds & _BETWEEN) if parts.where else set()
        if "show" in kinds and at > 1 and not kinds & _NOTHING:
            return None  # "on my list"
        parts.nouns |= kinds & _NOUNS
        for kind, descending in (("ascending", False), ("descending", True)):
            if kind in kinds:
                parts.descending = descending
                return at + 1
        return at + 1 if kinds & (_NOUNS | _NOTHING | {"or", "follow"}) else None

    def _number(self, at: int) -> int | None:
        """``three customers``: so many of them."""
        chunk, behind = self._values[at], self._values[at + 1]
        if not isinstance(chunk.number, int) or chunk.kinds or self._parts.limit:
            return None
        if chunk.number in YEARS and "date" in self._types.values():
            self._parts.where.append(Where("in", "", str(chunk.number)))
            return at + 1
        if not (self._is_counted(behind) or behind.kinds & _COUNTED):
            return None
        self._parts.limit = min(chunk.number, MOST_ROWS)
        return at + 1

    def _is_counted(self, chunk: Chunk) -> bool:
        """Three customers, or the three largest amounts, and not three minutes."""
        extreme = any(self._values[at].kinds & _EXTREMES for at in range(len(self._values)))
        return any(extreme or self._types.get(name) != "number" for name in chunk.columns)

    def _named_as_computed(self) -> None:
        """ "The total amount", where the column itself is called so."""
        parts = self._parts
        if parts.operations or len(parts.columns) != 1:
            return
        first = parts.columns[0].said.split()[0]
        found = vocabulary(self._language).parts.whole(words_in(first, self._language))
        computed = [each for each in ("sum", "mean", "median") if found and each in found.meaning]
        parts.operations += computed[:1]
