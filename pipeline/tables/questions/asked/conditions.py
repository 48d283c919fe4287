"""Which rows count: the conditions of a question to a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from pipeline.tables.base import ColumnType
from pipeline.tables.questions.asked.dates import any_month, in_order, span, with_year
from pipeline.tables.questions.asked.parts import NamedColumn, Parts
from pipeline.tables.questions.asked.values import Values
from pipeline.tables.questions.question import OF_DATES, OF_NUMBERS, UNARY, Test, Where

_FILLER = frozenset({"filler", "value"})
_LITTLE = _FILLER | {"where"}
_APART = frozenset({"in", "yes", "no"})
"""What stands between a column and another value than its own; and what is a value."""
_TESTS: tuple[Test, ...] = (
    "filled", "empty", "between", "more", "at_least", "less", "at_most", "before", "after", "since", "until",
    "not", "contains", "begins", "equals",
)  # fmt: skip
"""In the order in which words that may be several are tried."""


class Columns(Protocol):
    """The columns that are named in a question."""

    def at(self, at: int) -> NamedColumn | None: ...


class Conditions:
    """Each method gives the place behind what it has read, or None, and fills ``parts``."""

    def __init__(
        self, values: Values, parts: Parts, columns: Columns, types: Mapping[str, ColumnType], today: date
    ) -> None:
        self._values = values
        self._parts = parts
        self._columns = columns
        self._types = types
        self._today = today

    def of_column(self, at: int) -> int | None:
        """``amount is over 100``, ``city Berlin``: a column, and what is said of it."""
        column = self._columns.at(at)
        if column is None:
            return None
        for passed in (_FILLER, _FILLER | {"is"}, _FILLER | {"of"}):
            before = self._values.passed(at + 1, passed)
            if end := self._tested(before, column.name):
                return end
        return self._equal(at, column)

    def _equal(self, at: int, column: NamedColumn) -> int | None:
        after = self._values.passed(at + 1, _FILLER, _APART)
        which = at > 0 and "which" in self._values[at - 1].kinds
        if which and (self._values[at + 1].unknown or self._types.get(column.name) == "date"):
            return None  # "which category sells best", "which day is today"
        said = any("is" in self._values[each].kinds for each in range(at + 1, after + 1))
        adjacent = self._values[at + 1].unknown or self._is_numbered(at, column)
        if not (said or adjacent or self._stands_apart(at)):
            return None
        listed = self._values.listed_at(after)
        if listed is None:
            return None
        values, end = listed
        if not all(self._fits(each, column.name) for each in values):
            return None
        self._add(Where("equals", column.name, _one_or(values)))
        return end

    def _fits(self, value: str | float, column: str) -> bool:
        kind = self._types.get(column)
        if kind == "date":
            return span(value) is not None or any_month(value) > 0
        return kind != "number" or isinstance(value, (int, float))

    def _is_numbered(self, at: int, column: NamedColumn) -> bool:
        """``City 3``, of texts; ``member yes``, of truths."""
        behind = self._values[at + 1]
        if self._types.get(column.name) == "truth":
            return bool(behind.kinds & {"yes", "no"})
        return self._types.get(column.name) == "text" and behind.number is not None and not behind.kinds

    def _stands_apart(self, at: int) -> bool:
        """``whose city Berlin is``: what is compared stands before the verb, behind a little word."""
        little = self._values[at + 1].kinds
        return "filler" in little and "in" not in little and self._values[at + 2].unknown

    def alone(self, at: int) -> int | None:
        """``over 100``, ``more than 5 items``: the column stands behind it, or is not named."""
        return self._tested(at, "")

    def _tested(self, at: int, column: str) -> int | None:
        chunk = self._values[at]
        for test in _TESTS:
            if test in chunk.kinds and (end := self._test(test, at + 1, column)):
                return end
        return None

    def _test(self, test: Test, at: int, column: str) -> int | None:
        if test in UNARY:
            return self._unary(test, at, column)
        if test == "between":
            return self._between(at, column)
        if test in OF_NUMBERS:
            number = self._values.number_at(at)
            return self._of_number(test, number, column) if number else self._of_date(test, at, column)
        if test in OF_DATES:
            return self._of_date(test, at, column)
        if test == "not" and not column:
            return self._without(at)
        return self._of_words(test, at, column) if column else None

    def _unary(self, test: Test, at: int, column: str) -> int | None:
        """``the note is missing``, ``without a note``."""
        behind = self._values.passed(at, _LITTLE)
        named = self._columns.at(behind)
        values_follow = test == "empty" and self._values[behind].unknown
        if column and named is None and not values_follow:
            self._add(Where(test, column))
            return at
        if column:
            return None  # "customers without a note": it is of what stands behind it
        if named is None:
            return self._without(behind) if test == "empty" else None
        at = behind
        self._add(Where(test, named.name))
        return at + 1

    def _without(self, at: int) -> int | None:
        """``without Berlin``."""
        listed = self._values.listed_at(at) if self._values[self._values.passed(at)].unknown else None
        if listed is None:
            return None
        self._add(Where("not", "", _one_or(listed[0])))
        return listed[1]

    def _between(self, at: int, column: str) -> int | None:
        for read in (self._values.date_at, self._values.number_at):
            low = read(at)
            if low and self._values[low[1]].kinds & {"to", "and", "until"} and (high := read(low[1] + 1)):
                column = column or self._inherited(
                    ("number",) if isinstance(low[0], (int, float)) else ("date",)
                )
                fits = "date" if read == self._values.date_at else "number"
                if self._types.get(column, fits) != fits:
                    continue
                self._add(Where("between", column, *in_order(low[0], high[0], self._today)))
                return high[1]
        return None

    def _of_number(self, test: Test, number: tuple[int | float, int], column: str) -> int | None:
        value, end = number
        if self._types.get(column) in ("date", "time") and isinstance(value, int):
            self._add(Where(_AS_DATES[test], column, str(value)))
            return end
        if not column or self._types.get(column) == "text":
            behind = self._values.passed(end, frozenset({"in", "of"}))
            if (named := self._columns.at(behind)) and self._types.get(named.name) == "number":
                self._parts.named, column, end = True, named.name, behind + 1
            elif column:
                return None
        self._add(Where(test, column or self._inherited(("number",)), value))
        return end

    def _of_date(self, test: Test, at: int, column: str) -> int | None:
        read = self._values.date_at(at)
        if read is None or self._types.get(column, "date") != "date":
            return None
        test = _AS_DATES.get(test, test)
        day = read[0] if test == "in" else with_year(read[0], self._today)
        self._add(Where(test, column or self._inherited(("date",)), day))
        return read[1]

    def _of_words(self, test: Test, at: int, column: str) -> int | None:
        listed = self._values.listed_at(at)
        if listed is None:
            return None
        values, end = listed
        if test in ("equals", "not") and not all(self._fits(each, column) for each in values):
            return None
        self._add(Where(test, column, _one_or(values)))
        return end

    def placed(self, at: int) -> int | None:
        """``in March``, ``for Berlin``: no column is named."""
        if not self._values[at].kinds & {"in", "of", "where"}:
            return None
        if "in" in self._values[at].kinds and (read := self._values.date_at(at + 1)):
            self._add(Where("in", "", read[0]))
            return read[1]
        behind = self._values.passed(at + 1, _LITTLE)
        listed = self._values.listed_at(behind) if self._values[behind].unknown else None
        if listed is None:
            return None
        values, end = listed
        if "of" in self._values[at].kinds and not self._parts.columns and self._computes():
            self._parts.unknown_column = self._parts.unknown_column or str(values[0])
        else:
            self._add(Where("equals", "", _one_or(values)))
        return end

    def _computes(self) -> bool:
        return bool({"sum", "mean", "median"} & set(self._parts.operations)) and not self._parts.where

    def _inherited(self, types: tuple[ColumnType, ...]) -> str:
        """ "amount over 100 and under 200": that of the condition before."""
        before = self._parts.where[-1].column if self._parts.where else ""
        return before if self._types.get(before) in types else ""

    def _add(self, where: Where) -> None:
        self._parts.where.append(where)


_AS_DATES: Mapping[Test, Test] = {"more": "after", "less": "before", "at_least": "since", "at_most": "until"}


def _one_or(values: tuple[str | int | float, ...]) -> str | int | float | tuple[str | int | float, ...]:
    return values[0] if len(values) == 1 else values
