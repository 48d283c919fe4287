"""A question computed: the queries that answer it, and what came of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from config.errors import QueryError
from config.runtime.clean import clean
from pipeline.tables.base import Column, QueryResult, Table, Tables, Value
from pipeline.tables.questions import sql
from pipeline.tables.questions.outcomes import Computed, QuestionOutcome, Unclear
from pipeline.tables.questions.question import Question, Where
from pipeline.tables.questions.resolving import UnclearError, ValueSearch, column_of, table_of, with_columns
from pipeline.tables.questions.sql import Selection, name

_log = logging.getLogger(__name__)

_LABELS = 3
"""Columns of a row that are told beside its largest value."""
_MOST_GROUPS = 200
_FEW = 20
"""Values that are named."""


async def ask(question: Question, tables: Tables) -> QuestionOutcome:
    """What takes too long, or too much memory, is not computed."""
    try:
        table = table_of(question, tables.loaded)
        asked = with_columns(question, table)
        search = ValueSearch(tables, table, asked)
        where = _anew(asked.where, await search.conditions(asked.where))
        asked = replace(asked, table=table.name, where=where)
        return await _Computation(asked, table, tables, search).outcome()
    except UnclearError as unclear:
        return unclear.unclear
    except QueryError as error:
        _log.debug("A question was not computed: %s", error.told)
        return Unclear("failed", question=question)


def _anew(asked: Sequence[Where], found: tuple[Where, ...]) -> tuple[Where, ...]:
    """Of "and in Paris?", asked behind "in Berlin", the last: a value that stands for its column by itself
    takes the place of the one before.
    """
    later = {
        each.column
        for was, each in zip(asked, found, strict=True)
        if each.test == "equals" and not was.column
    }
    return tuple(
        each
        for was, each in zip(asked, found, strict=True)
        if not (was.column and each.test == "equals" and each.column in later)
    )


class _Computation:
    def __init__(self, question: Question, table: Table, tables: Tables, search: ValueSearch) -> None:
        self._question = question
        self._table = table
        self._tables = tables
        self._search = search
        self._column = column_of(table, question.column)
        self._selection = Selection(table, question.where, question.any)

    async def outcome(self) -> QuestionOutcome:
        question = self._question
        of_numbers = self._column is None or self._column.type in ("number", "text")
        if not of_numbers and (unclear := self._no_numbers(0, 0)):
            return unclear
        if question.about == "column":
            return await self._of_column()
        if question.about:
            return self._computed((), (), (), self._table.rows)
        if question.row:
            return await self._row()
        if question.compare:
            return await self._compared()
        if question.by:
            return await self._grouped()
        if question.aggregate in ("max", "min"):
            return await self._extreme()
        if question.aggregate:
            return await self._aggregated()
        return await self._rows()

    # One value -------------------------------------------------------------------------------------

    async def _aggregated(self) -> QuestionOutcome:
        question, column = self._question, self._column
        total = sql.aggregate(question, column)
        if question.aggregate == "share":
            return await self._share(total)
        result = await self._query(f"SELECT {total}, {self._counts()} {self._selection.source}")
        value, over, filled, of_numbers, different = result.rows[0]
        if unclear := self._no_numbers(_int(filled), _int(of_numbers)):
            return unclear
        rows: tuple[tuple[Value, ...], ...] = ((value, different),)
        if question.aggregate == "distinct" and column:
            rows = await self._names(column)
        return self._computed(rows, (column,), (_int(over), _int(filled), _int(of_numbers)), _int(value or 0))

    def _counts(self) -> str:
        """Rows, those with a value, those with a number, how many values differ."""
        if self._column is None:
            return "count(*), count(*), count(*), 0"
        of, empty = name(self._column.name), Where("empty", self._column.name)
        filled = f"count(*) FILTER (NOT ({Selection(self._table, (empty,)).condition()}))"
        return f"count(*), {filled}, count({self._numbers()}), count(DISTINCT {of})"

    def _numbers(self) -> str:
        column = self._column
        computes = self._question.aggregate in ("sum", "mean", "median", "max", "min", "share")
        if column is None or column.type != "text" or not computes:
            return name(column.name) if column else "*"
        return sql.number(column)

    def _no_numbers(self, filled: int, of_numbers: int) -> Unclear | None:
        """A text column of which most are no numbers."""
        column = self._column
        if column is None or self._question.aggregate not in ("sum", "mean", "median", "max", "min", "share"):
            return None
        dated = column.type in ("date", "time") and self._question.aggregate in ("max", "min")
        if (
            column.type == "number"
            or dated
            or (column.type == "text" and filled and 2 * of_numbers >= filled)
        ):
            return None
        numbers = tuple(each.name for each in self._table.columns if each.type == "number")
        return Unclear("no_numbers", column.name, numbers, self._table, self._question)

    async def _names(self, column: Column) -> tuple[tuple[Value, ...], ...]:
        filled = replace(self._selection, where=(*self._selection.where, Where("filled", column.name)))
        source = filled.source if not self._selection.any else self._selection.source
        result = await self._query(
            f"SELECT {name(column.name)}, count(*) {source} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_FEW}"
        )
        return result.rows

    async def _share(self, total: str) -> QuestionOutcome:
        condition = self._selection.condition() or "TRUE"
        result = await self._query(
            f"SELECT {total} FILTER ({condition}), {total}, count(*) FILTER ({condition}), {self._counts()}"
            f" FROM {name(self._table.name)}"
        )
        part, whole, _, *counts = result.rows[0]
        rows, filled, of_numbers, _ = map(_int, counts)
        if unclear := self._no_numbers(filled, of_numbers):
            return unclear
        columns = (self._column, self._column)
        return self._computed(((part, whole),), columns, (rows, filled, of_numbers), 1)

    async def _compared(self) -> QuestionOutcome:
        """Two groups beside each other."""
        first, second = self._question.compare
        where = await self._search.found((first, second), Where("equals"))
        values = where.value if isinstance(where.value, tuple) else (where.value,)
        if len(values) != 2:
            return Unclear("which_value", first, tuple(map(str, values)), self._table, self._question)
        total = sql.aggregate(self._question, self._column)
        rows, counts = list[tuple[Value, ...]](), [0, 0, 0]
        for value in values:
            chosen = Selection(self._table, (*self._question.where, Where("equals", where.column, (value,))))
            result = await self._query(f"SELECT {total}, {self._counts()} {chosen.source}")
            of, *found = result.rows[0]
            over, filled, of_numbers, _ = map(_int, found)
            if unclear := self._no_numbers(filled, of_numbers) if filled else None:
                return unclear
            counts = [one + other for one, other in zip(counts, (over, filled, of_numbers), strict=True)]
            rows.append((clean(str(value)), of))
        by = column_of(self._table, where.column)
        return self._computed(tuple(rows), (by, self._column), counts, 2)

    # Groups and rows -------------------------------------------------------------------------------

    async def _grouped(self) -> QuestionOutcome:
        question, column = self._question, self._column
        groups = [self._group(each) for each in question.by]
        total = sql.aggregate(question, column)
        over = await self._query(f"SELECT {self._counts()} {self._selection.source}")
        rows, filled, of_numbers, _ = map(_int, over.rows[0])
        if unclear := self._no_numbers(filled, of_numbers):
            return unclear
        if question.aggregate == "share":
            total = f"100.0 * {total} / NULLIF((SELECT {total} {self._selection.source}), 0)"
        order, limit = (
            self._order_of_groups(len(groups)),
            f" LIMIT {question.limit}" if question.limit > 0 else "",
        )
        result = await self._query(
            f"SELECT {', '.join(groups)}, {total} {self._selection.source}"
            f" GROUP BY {', '.join(map(str, range(1, len(groups) + 1)))} ORDER BY {order}{limit}"
        )
        by = tuple(column_of(self._table, each) for each in question.by)
        return self._computed(result.rows, (*by, column), (rows, filled, of_numbers), result.count)

    def _group(self, column: str) -> str:
        dated = next((each.type for each in self._table.columns if each.name == column), "") == "date"
        return sql.period(column, self._question.period) if dated and self._question.period else name(column)

    def _order_of_groups(self, groups: int) -> str:
        question, value = self._question, groups + 1
        if question.period and not question.sort:
            return ", ".join(map(str, range(1, groups + 1)))
        if question.sort and question.sort != question.aggregate and question.sort in question.by:
            return f"{question.by.index(question.sort) + 1} {_direction(descending=question.descending)}"
        descending = question.descending if question.sort else True
        return f"{value} {_direction(descending=descending)}, 1"

    async def _extreme(self) -> QuestionOutcome:
        question, column = self._question, self._column
        assert column is not None
        result = await self._query(f"SELECT {self._counts()} {self._selection.source}")
        over, filled, of_numbers, _ = map(_int, result.rows[0])
        if unclear := self._no_numbers(filled, of_numbers):
            return unclear
        of = name(column.name) if column.type in ("date", "time") else sql.number(column)
        both = f" AND ({self._selection.condition()})" if self._selection.where else ""
        labels = self._labels(column)
        shown = ", ".join([of, *(name(each.name) for each in labels)])
        rows = await self._query(
            f"SELECT {shown} FROM {name(self._table.name)} WHERE {of} ="
            f" (SELECT {question.aggregate}({of}) {self._selection.source}){both}"
        )
        return self._computed(rows.rows, (column, *labels), (over, filled, of_numbers), rows.count)

    def _labels(self, column: Column) -> list[Column]:
        if label := column_of(self._table, self._question.label):
            return [label]
        told = [each for each in self._table.columns if each.type in ("text", "date") and each != column]
        return told[:_LABELS]

    async def _rows(self) -> QuestionOutcome:
        question = self._question
        columns = tuple(column_of(self._table, each) for each in question.show) or self._table.columns
        shown = ", ".join(name(each.name) for each in columns if each)
        order = ""
        if question.sort:
            order = f" ORDER BY {name(question.sort)} {_direction(descending=question.descending)}"
        counted = await self._query(f"SELECT count(*) {self._selection.source}")
        count = _int(counted.rows[0][0])
        limit = f" LIMIT {abs(question.limit)}" if question.limit else ""
        if question.limit < 0:
            limit += f" OFFSET {max(0, count + question.limit)}"
        result = await self._query(f"SELECT {shown} {self._selection.source}{order}{limit}")
        return self._computed(result.rows, columns, (count,) * 3, result.count)

    async def _row(self) -> QuestionOutcome:
        number = self._question.row if self._question.row > 0 else self._table.rows
        if not 0 < number <= self._table.rows:
            return Unclear("no_row", str(number), (), self._table, self._question)
        columns = tuple(column_of(self._table, each) for each in self._question.show) or self._table.columns
        shown = ", ".join(name(each.name) for each in columns if each)
        result = await self._query(
            f"SELECT {shown} FROM {name(self._table.name)} LIMIT 1 OFFSET {number - 1}"
        )
        return self._computed(result.rows, columns, (1, 1, 1), number)

    async def _of_column(self) -> QuestionOutcome:
        column = self._column
        assert column is not None
        counted = await self._query(f"SELECT {self._counts()} {self._selection.source}")
        over, filled, _, different = map(_int, counted.rows[0])
        of = name(column.name)
        if column.type in ("number", "date", "time"):
            mean = f"avg({of})" if column.type == "number" else "NULL"
            result = await self._query(f"SELECT min({of}), max({of}), {mean} {self._selection.source}")
            rows = result.rows
        else:
            rows = await self._names(column)
        return self._computed(rows, (column,), (over, filled, filled), different)

    # -----------------------------------------------------------------------------------------------

    async def _query(self, text: str) -> QueryResult:
        return await self._tables.query(text)

    def _computed(
        self, rows: tuple[tuple[Value, ...], ...], columns: Sequence[Column | None], counts: Sequence[int],
        count: int,
    ) -> Computed:  # fmt: skip
        """``counts``: rows, those with a value, those with one that could be computed with."""
        over, filled, computed = counts if len(counts) == 3 else (self._table.rows,) * 3
        return Computed(
            self._question,
            self._table,
            tuple(columns),
            rows,
            count,
            computed,
            over - filled,
            filled - computed,
        )


def _direction(*, descending: bool) -> str:
    return f"{'DESC' if descending else 'ASC'} NULLS LAST"


def _int(value: Value) -> int:
    return int(str(value)) if value is not None and str(value).lstrip("-").isdecimal() else 0
