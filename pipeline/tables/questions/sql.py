"""SQL for questions to tables. What was said goes into it as names in quotes and literals, never as it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.tables.base import Column, Table
from pipeline.tables.questions.asked.dates import any_month, span
from pipeline.tables.questions.question import Period, Question, Test, Where

_COMPARED: Mapping[Test, str] = {"more": ">", "at_least": ">=", "less": "<", "at_most": "<="}
_FORMATS: Mapping[Period, str] = {
    "day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y", "weekday": "%u",
}  # fmt: skip


def name(text: str) -> str:
    """In double quotes."""
    return '"' + text.replace('"', '""') + '"'


def literal(value: str | int | float | bool | date) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + value.replace("\x00", "").replace("'", "''") + "'"


def plain(text: str) -> str:
    """As ``as_plain`` makes it of a value: lower case, without accents and blanks at its ends."""
    decomposed = unicodedata.normalize("NFD", text.strip().lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def as_plain(column: str) -> str:
    return f"strip_accents(lower(trim(CAST({name(column)} AS VARCHAR))))"


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of a table, as conditions on columns that are known."""

    table: Table
    where: tuple[Where, ...] = ()
    any: bool = False

    @property
    def types(self) -> Mapping[str, str]:
        return {column.name: column.type for column in self.table.columns}

    @property
    def source(self) -> str:
        """``FROM …`` with its ``WHERE``."""
        return f"FROM {name(self.table.name)}{self.condition(' WHERE ')}"

    def condition(self, before: str = "") -> str:
        if not self.where:
            return ""
        tests = (f"({self._test(each)})" for each in self.where)
        return before + (" OR " if self.any else " AND ").join(tests)

    def _test(self, where: Where) -> str:
        column = name(where.column)
        if where.test == "empty":
            return self._is_empty(where.column)
        if where.test == "filled":
            return f"NOT ({self._is_empty(where.column)})"
        if where.test in ("contains", "begins"):
            called = "contains" if where.test == "contains" else "starts_with"
            of = as_plain(where.column)
            return " OR ".join(f"{called}({of}, {literal(plain(str(each)))})" for each in _all(where))
        if self.types.get(where.column) == "date":
            return self._dated(where, column)
        if where.test in _COMPARED and isinstance(where.value, (int, float)):
            return f"{column} {_COMPARED[where.test]} {literal(where.value)}"
        if where.test == "between" and isinstance(where.value, (int, float)):
            return f"{column} BETWEEN {literal(where.value)} AND {literal(where.to)}"
        typed = self._typed(where)
        if self.types.get(where.column) == "text":
            column, typed = as_plain(where.column), [plain(str(each)) for each in _all(where)]
        values = ", ".join(map(literal, typed))
        if where.test == "not":
            return f"{column} IS NULL OR {column} NOT IN ({values})"
        return f"{column} IN ({values})"

    def _typed(self, where: Where) -> Iterable[str | int | float | bool]:
        """Of a column of truths as ``resolve`` has made them."""
        if self.types.get(where.column) == "truth":
            return [each == "true" for each in _all(where)]
        return _all(where)

    def _is_empty(self, column: str) -> str:
        blank = f" OR trim({name(column)}) = ''" if self.types.get(column) == "text" else ""
        return f"{name(column)} IS NULL{blank}"

    def _dated(self, where: Where, column: str) -> str:
        if where.test == "not":
            return f"NOT ({self._dates(where, column)}) OR {column} IS NULL"
        return self._dates(where, column)

    def _dates(self, where: Where, column: str) -> str:
        return " OR ".join(_within(where.test, each, where.to, column) for each in _all(where))


def _within(test: Test, value: str | int | float, to: str | int | float, column: str) -> str:
    if test in ("in", "equals", "not") and (month := any_month(value)):
        return f"month({column}) = {month}"
    found = span(value)
    end = span(to)
    if found is None or (test == "between" and end is None):
        return "FALSE"
    begin, after = (literal(each) for each in found)
    if test == "before":
        return f"{column} < {begin}"
    if test == "after":
        return f"{column} >= {after}"
    if test == "since":
        return f"{column} >= {begin}"
    if test == "until":
        return f"{column} < {after}"
    last = literal(end[1]) if test == "between" and end else after
    return f"{column} >= {begin} AND {column} < {last}"


def _all(where: Where) -> tuple[str | int | float, ...]:
    return where.value if isinstance(where.value, tuple) else (where.value,)


def number(column: Column) -> str:
    """A column as numbers; of text those values that are some."""
    return name(column.name) if column.type == "number" else f"TRY_CAST({name(column.name)} AS DOUBLE)"


def aggregate(question: Question, column: Column | None) -> str:
    """What is computed; of rows where there is no column. Fractions are summed without errors that grow."""
    if question.aggregate == "count" or column is None:
        return "count(*)"
    if question.aggregate == "distinct":
        return f"count(DISTINCT {name(column.name)})"
    of = name(column.name) if column.type in ("date", "time") else number(column)
    exact = column.type == "number" and not column.sql_type.startswith(("DOUBLE", "FLOAT", "REAL"))
    total = f"sum({of})" if exact else f"fsum({of})"
    calls = {"sum": total, "share": total, "mean": f"avg({of})", "median": f"median({of})"}
    return calls.get(question.aggregate, f"{question.aggregate}({of})")


def period(column: str, of: Period) -> str:
    """A date's day, month …, as text that sorts by time."""
    if of == "quarter":
        return f"CAST(year({name(column)}) AS VARCHAR) || '-Q' || CAST(quarter({name(column)}) AS VARCHAR)"
    return f"strftime({name(column)}, '{_FORMATS[of]}')"
