"""What a question names, found in the table: columns, and the values that its rows are compared with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from config.language.data import DEFAULT, languages, table
from config.language.normalise import normalise
from pipeline.tables.base import Column, ColumnType, Table, Tables
from pipeline.tables.questions.asked.columns import named
from pipeline.tables.questions.asked.dates import any_month, span
from pipeline.tables.questions.outcomes import Unclear, Why
from pipeline.tables.questions.question import OF_DATES, OF_NUMBERS, UNARY, Question, Where
from pipeline.tables.questions.sql import as_plain, literal, name, plain

_ALIKE = 0.89
"""Of 1, how like each other a value and what was heard for it are."""
_MOST = 50
"""Ways in which one value may be written."""
_NUMBERS: tuple[ColumnType, ...] = ("number",)
_OF_NUMBER = ("sum", "mean", "median", "max", "min")


class UnclearError(Exception):
    """The question cannot be computed; ``args`` hold an ``Unclear``."""

    @property
    def unclear(self) -> Unclear:
        found = self.args[0]
        assert isinstance(found, Unclear)
        return found


def table_of(question: Question, tables: Sequence[Table]) -> Table:
    """By its name or its file's, else the last. Raises ``UnclearError``."""
    if not question.table and tables:
        return tables[-1]
    wanted = question.table.casefold()
    for each in reversed(tables):
        if wanted in (
            each.name.casefold(),
            each.source.casefold(),
            each.source.rpartition(".")[0].casefold(),
        ):
            return each
    raise UnclearError(Unclear("no_table", question.table, tuple(each.source for each in tables)))


def with_columns(question: Question, of: Table, language: str = DEFAULT) -> Question:
    """Each as it stands in the table; that of a number or a date is added where it can be but one. Raises
    ``UnclearError``.
    """
    search = _Columns(of, language, question)
    sort = question.sort if question.sort == question.aggregate else search.one(question.sort)
    asked = replace(
        question,
        column=search.one(question.column), label=search.one(question.label), sort=sort,
        show=tuple(filter(None, map(search.one, question.show))),
        by=tuple(filter(None, map(search.one, question.by))),
        where=tuple(map(search.condition, question.where)),
    )  # fmt: skip
    if (asked.by or asked.period or asked.compare) and not asked.aggregate:
        asked = replace(asked, aggregate="sum" if search.type(asked.column) == "number" else "count")
    if (asked.aggregate == "distinct" or asked.about == "column") and not asked.column:
        raise search.unclear_column()
    if asked.aggregate in _OF_NUMBER and not asked.column:
        asked = replace(asked, column=search.only("which_number", "no_numbers", ("number",)))
    if asked.period and not any(search.type(each) == "date" for each in asked.by):
        asked = replace(asked, by=(*asked.by, search.only("which_date", "no_dates", ("date",))))
    return asked


@dataclass(frozen=True, slots=True)
class _Columns:
    table: Table
    language: str
    question: Question

    def type(self, column: str) -> str:
        return next((each.type for each in self.table.columns if each.name == column), "")

    def one(self, said: str) -> str:
        if not said:
            return ""
        found = named(said, self.table.columns, self.language)
        if len(found) == 1:
            return found[0]
        every = tuple(column.name for column in self.table.columns)
        raise self._unclear("which_column" if found else "no_column", said, found or every)

    def only(self, which: Why, none: Why, types: Sequence[ColumnType]) -> str:
        found = tuple(column.name for column in self.table.columns if column.type in types)
        if len(found) == 1:
            return found[0]
        every = tuple(column.name for column in self.table.columns)
        raise self._unclear(which if found else none, "", found or every)

    def unclear_column(self) -> UnclearError:
        return self._unclear("which_column", "", tuple(column.name for column in self.table.columns))

    def condition(self, where: Where) -> Where:
        """With its column, unless that is found by its value."""
        if where.column:
            where = replace(where, column=self.one(where.column))
        elif where.test in OF_DATES or (where.test == "between" and isinstance(where.value, str)):
            where = replace(where, column=self.only("which_date", "no_dates", ("date",)))
        elif where.test in (*OF_NUMBERS, "between"):
            where = replace(where, column=self.only("which_number", "no_numbers", ("number",)))
        return self._comparable(where)

    def _comparable(self, where: Where) -> Where:
        """Raises ``UnclearError`` for what a column of its type cannot be compared with."""
        if not where.column and where.test not in ("equals", "not"):
            raise self.unclear_column()
        if where.test in UNARY:
            return where
        values = where.value if isinstance(where.value, tuple) else (where.value,)
        if where.test == "between":
            values = (*values, where.to) if len(values) == 1 else ()
        if not values or any(value == "" for value in values):
            raise self._unclear("not_comparable", where.column or self.table.source)
        kind = self.type(where.column)
        if where.test == "between":
            fits = self._of_one_type(values, kind)
        elif where.test in OF_NUMBERS:
            fits = kind == "number" and all(map(_is_number, values))
        elif where.test in OF_DATES or (kind == "date" and where.test in ("equals", "not")):
            fits = kind == "date" and all(map(_is_dated, values))
        else:
            fits = (
                kind != "number" or where.test not in ("equals", "not") or None not in map(_as_number, values)
            )
        if not fits:
            raise self._unclear("not_comparable", where.column)
        if kind == "number" and where.test in ("equals", "not"):
            numbers = tuple(number for value in values if (number := _as_number(value)) is not None)
            return replace(where, value=numbers)
        return where

    def _of_one_type(self, values: Sequence[str | int | float], kind: str) -> bool:
        if kind == "number":
            return all(map(_is_number, values))
        return kind == "date" and all(span(value) is not None for value in values)

    def _unclear(self, why: Why, said: str = "", names: tuple[str, ...] = ()) -> UnclearError:
        return UnclearError(Unclear(why, said, names, self.table, self.question))


def _is_dated(value: str | int | float) -> bool:
    return span(value) is not None or any_month(value) > 0


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _as_number(value: str | int | float) -> int | float | None:
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return None


# Values -----------------------------------------------------------------------------------------


class ValueSearch:
    """Finds the values of conditions in the rows, as they are written there."""

    def __init__(self, tables: Tables, table: Table, question: Question) -> None:
        self._tables = tables
        self._table = table
        self._question = question

    async def conditions(self, wheres: Iterable[Where]) -> tuple[Where, ...]:
        """Raises ``UnclearError`` for a value that no row has, or that is in several columns."""
        return tuple([await self.condition(each) for each in wheres])

    async def condition(self, where: Where) -> Where:
        if where.test not in ("equals", "not") or self._type(where.column) not in (
            "",
            "text",
            "other",
            "truth",
        ):
            return where
        if self._type(where.column) == "truth":
            return replace(where, value=self._truths(where))
        texts = tuple(map(str, where.value if isinstance(where.value, tuple) else (where.value,)))
        return await self.found(texts, where)

    async def found(self, texts: tuple[str, ...], where: Where) -> Where:
        columns = [where.column] if where.column else self._text_columns()
        each = [await self._one(text, columns) for text in texts]
        if not all(each) and len(texts) > 1 and (whole := await self._joined(texts, columns)):
            each, texts = [whole], (" ".join(texts),)
        if where.column and where.test == "equals" and not any(each):
            raise self._unclear("no_value", ", ".join(texts))
        missing = next((text for text, found in zip(texts, each, strict=True) if not found), "")
        if missing:
            raise self._unclear("no_value", missing)
        shared = [column for column in columns if all(column in found for found in each)]
        if len(shared) != 1:
            raise self._unclear("which_value", texts[0], tuple(shared or each[0]))
        values = tuple({plain(value): value for found in each for value in found[shared[0]]}.values())
        return replace(where, column=shared[0], value=values)

    async def _one(self, text: str, columns: Sequence[str]) -> dict[str, list[str]]:
        """By column, the values that it may be: the same, else those that have its words, else the likest."""
        wanted = literal(plain(text))
        tests: tuple[Callable[[str], str], ...] = (
            lambda value: f"{value} = {wanted}",
            lambda value: f"contains(' ' || {value} || ' ', ' ' || {wanted} || ' ')",
        )
        for test in tests:
            if found := await self._search(test, columns):
                return found
        return await self._likest(wanted, columns)

    async def _search(self, test: Callable[[str], str], columns: Sequence[str]) -> dict[str, list[str]]:
        selects = [
            f"SELECT DISTINCT {number} AS place, {name(column)} AS value FROM {name(self._table.name)}"
            f" WHERE {test(as_plain(column))}"
            for number, column in enumerate(columns)
        ]
        if not selects:
            return {}
        result = await self._tables.query(f"{' UNION ALL '.join(selects)} LIMIT {_MOST}")
        found = dict[str, list[str]]()
        for at, value in result.rows:
            found.setdefault(columns[int(str(at))], []).append(str(value))
        return found

    async def _likest(self, wanted: str, columns: Sequence[str]) -> dict[str, list[str]]:
        alike = [
            f"SELECT DISTINCT {number} AS place, {name(column)} AS value,"
            f" jaro_winkler_similarity({as_plain(column)}, {wanted}) AS likeness"
            f" FROM {name(self._table.name)}"
            for number, column in enumerate(columns)
        ]
        if not alike or len(wanted) < _ALIKE * 6:
            return {}
        result = await self._tables.query(
            f"SELECT place, value FROM ({' UNION ALL '.join(alike)}) WHERE likeness >= {_ALIKE}"
            " ORDER BY likeness DESC LIMIT 1"
        )
        return {columns[int(str(at))]: [str(value)] for at, value in result.rows}

    async def _joined(self, texts: Sequence[str], columns: Sequence[str]) -> dict[str, list[str]]:
        """One value, with an "and" in it."""
        ways = [literal(plain(f" {between} ".join(texts))) for between in _between()]
        return await self._search(lambda value: f"{value} IN ({', '.join(ways)})", columns)

    def _truths(self, where: Where) -> tuple[str, ...]:
        texts = map(str, where.value if isinstance(where.value, tuple) else (where.value,))
        truths = tuple(_truth(normalise(text)) for text in texts)
        if "" in truths:
            raise self._unclear("not_comparable", where.column)
        return truths

    def _text_columns(self) -> list[str]:
        return [column.name for column in self._table.columns if column.type in ("text", "other")]

    def _type(self, column: str) -> str:
        return next((each.type for each in self._table.columns if each.name == column), "")

    def _unclear(self, why: Why, said: str, names: tuple[str, ...] = ()) -> UnclearError:
        return UnclearError(Unclear(why, said, names, self._table, self._question))


@functools.cache
def _between() -> tuple[str, ...]:
    words = (
        word
        for each in languages()
        for kind in ("and", "or")
        for word in table(each, "tables")["words"][kind]
    )
    return tuple(dict.fromkeys(("&", "+", *map(normalise, words))))


def _truth(said: str) -> str:
    """``true`` or ``false``; empty: it is neither."""
    for kind, truth in (("yes", "true"), ("no", "false")):
        if any(said in map(normalise, table(each, "tables")["words"][kind]) for each in languages()):
            return truth
    return ""


def column_of(table: Table, called: str) -> Column | None:
    return next((each for each in table.columns if each.name == called), None)
