"""From the parts of a question to what is asked, or to the part of the last question that is asked anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from pipeline.tables.base import ColumnType, Table
from pipeline.tables.questions.asked.certainty import is_certain
from pipeline.tables.questions.asked.columns import holds
from pipeline.tables.questions.asked.dropped import drops
from pipeline.tables.questions.asked.parts import NamedColumn, NoQuestionError, Operation, Parts
from pipeline.tables.questions.question import Aggregate, Period, Question, Where

_EXTREMES: dict[Operation, bool] = {
    "largest": True, "latest": True, "most": True, "smallest": False, "earliest": False, "fewest": False,
}  # fmt: skip
"""Whether the first is the highest."""
_OF_NUMBERS = frozenset({"sum", "mean", "median"})
_ADDED = ("amount", "revenue", "quantity", "profit", "tax", "discount")
"""What a column holds of which "how much" asks for the sum: not so of a price."""
_OF_ROWS = frozenset({"rows", "things", "table"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood."""

    question: Question
    certain: bool
    """It names a column or the table, and asks something of it: it is for this table and nobody else."""
    follows: bool = False
    """It changes a part of the last question."""


def assembled(parts: Parts, table: Table, last: Question | None) -> Asked:
    """Raises ``NoQuestionError`` where the parts ask nothing."""
    assembly = _Assembly(parts, table)
    if parts.follows and last and (changed := assembly.changing(last)):
        return Asked(changed, parts.named, follows=True)
    try:
        question = assembly.question()
    except NoQuestionError:
        if last and parts.is_addition and (changed := assembly.changing(last)):  # "by month"
            return Asked(changed, certain=False, follows=True)
        raise
    return Asked(replace(question, table=table.name), assembly.certain(question))


class _Assembly:
    def __init__(self, parts: Parts, table: Table) -> None:
        self._parts = parts
        self._types: Mapping[str, ColumnType] = {column.name: column.type for column in table.columns}
        if {"and", "or"} <= parts.joined:
            raise NoQuestionError  # which of both binds more is not said
        found = set(parts.operations)
        if len(found & _OF_NUMBERS) > 1 or len({_EXTREMES[each] for each in found if each in _EXTREMES}) > 1:
            raise NoQuestionError  # one at a time
        if parts.descending is None and parts.top in ("first", "last") and parts.sort:
            parts.descending = parts.top == "last"

    def question(self) -> Question:
        ways = (self._row, self._of_table, self._difference, self._extreme, self._computed, self._rows)
        for way in ways:
            if (question := way()) and not drops(self._parts, filled := self._filled(question)):
                return filled
        raise NoQuestionError

    def _filled(self, question: Question) -> Question:
        parts = self._parts
        where = tuple(parts.where)
        return replace(question, where=where, any="or" in parts.joined and len(where) > 1)

    def certain(self, question: Question) -> bool:
        return is_certain(self._parts, question, self._types)

    # What is asked ---------------------------------------------------------------------------------

    def _row(self) -> Question | None:
        parts = self._parts
        if not parts.row or parts.operations or parts.where:
            return None
        return Question(row=parts.row, show=tuple(column.name for column in parts.columns))

    def _of_table(self) -> Question | None:
        """What columns there are; what is in one, or in all."""
        nouns, parts = self._parts.nouns, self._parts
        if set(parts.operations) - {"count"} or parts.where or parts.by or parts.limit:
            return None
        if "columns" in nouns and not parts.columns and not nouns & {"rows"}:
            return Question(about="columns")
        if parts.unknown_column and not parts.operations:
            return Question(about="column", column=parts.unknown_column)
        if parts.operations or "describe" not in nouns:
            return None
        if parts.columns:
            return Question(about="column", column=parts.columns[0].name)
        return Question(about="table") if nouns & _OF_ROWS else None

    def _difference(self) -> Question | None:
        parts = self._parts
        if "difference" not in parts.operations or "share" in parts.operations:
            return None
        if not parts.compare:
            self._set_against_each_other()
        if not parts.compare:
            return None
        number, _ = self._sides()
        aggregate = self._aggregate() or ("sum" if number else "count")
        return Question(aggregate=aggregate, column=number, compare=parts.compare)

    def _set_against_each_other(self) -> None:
        """ "Compare Berlin and Paris"."""
        parts = self._parts
        for each in parts.where:
            values = each.value
            if each.test == "equals" and isinstance(values, tuple) and len(values) == 2:
                parts.compare = tuple(map(str, values))
                parts.where.remove(each)
                return

    def _extreme(self) -> Question | None:
        """The largest value and its row, or the group with the largest total."""
        parts = self._parts
        found = [each for each in parts.operations if each in _EXTREMES]
        highest = _EXTREMES[found[0]] if found else parts.top != "bottom"
        if not found and parts.top not in ("top", "bottom"):
            return None
        aggregate = self._aggregate()
        number, others = self._sides()
        dates = [each for each in others if self._types.get(each) == "date"]
        if not (number or aggregate) and dates:
            number, others = dates[0], tuple(each for each in others if each != dates[0])
        if len(others) > 1:
            raise NoQuestionError
        if (
            not found
            and parts.by
            and self._types.get(parts.by[-1].name) in ("number", "date")
            and not aggregate
        ):
            number = parts.by.pop().name  # "the top three customers by amount"
        groups = tuple(each.name for each in parts.by)
        if aggregate in ("sum", "mean", "median", "count"):
            groups = groups or others[:1]
            return self._ranked(aggregate, number, groups, highest) if groups else None
        if {"most", "fewest"} & set(found):
            groups = groups or others[:1]
            aggregate = "sum" if number else "count"
            return self._ranked(aggregate, number, groups, highest) if groups else None
        return self._largest(found, number, others, groups, highest=highest)

    def _largest(
        self, found: list[Operation], number: str, others: tuple[str, ...], groups: tuple[str, ...], *,
        highest: bool,
    ) -> Question | None:  # fmt: skip
        parts = self._parts
        if not number and {"latest", "earliest"} & set(found):
            number = self._only("date")
        if parts.limit > 1 or (parts.limit and not groups):
            return (
                Question(sort=number, descending=highest, limit=parts.limit, show=_with(others, number))
                if number
                else None
            )
        if not number and not (parts.nouns & _OF_ROWS or parts.where or others):
            return None
        number = number or self._only("number")
        if not number:
            return None
        label = others[0] if others and not groups else ""
        return Question(aggregate="max" if highest else "min", column=number, label=label, by=groups,
                        period=self._period())  # fmt: skip

    def _ranked(self, aggregate: Aggregate, number: str, groups: tuple[str, ...], highest: bool) -> Question:
        column = "" if aggregate == "count" else number
        return Question(
            aggregate=aggregate, column=column, by=groups, descending=highest, limit=self._parts.limit or 1,
            sort=aggregate,
        )  # fmt: skip

    def _computed(self) -> Question | None:
        parts, aggregate = self._parts, self._aggregate()
        number, others = self._sides()
        asked = "how_much" in parts.nouns or parts.by or parts.period
        if not aggregate and asked and any(holds(number, each) for each in _ADDED):
            aggregate = "sum"  # "how much revenue did we have", "revenue by month"
        if not aggregate and self._asks_values(others):
            aggregate = "distinct"
        if not aggregate:
            return None
        beside = not any(self._is_number(each) and not each.beside for each in parts.columns)
        if beside and (parts.unknown_column or others) and aggregate in _OF_NUMBERS:
            number = ""  # "the total of the city" is none of a column Total
        column = number or parts.unknown_column or (others[0] if others else "")
        if aggregate == "count":
            column, others = (others[0], others[1:]) if others else (number, ())
        left = set(others) - {column}
        if left or not (column or self._is_of_rows(aggregate)):
            raise NoQuestionError
        if aggregate == "share" and not (parts.where or parts.by or parts.period):
            raise NoQuestionError
        groups = tuple(each.name for each in parts.by)
        return Question(aggregate=aggregate, column=column, by=groups, period=self._period(),
                        **self._order(aggregate if groups else ""))  # fmt: skip

    def _asks_values(self, others: tuple[str, ...]) -> bool:
        """ "Which cities are there"."""
        parts = self._parts
        more = (
            parts.operations
            or parts.where
            or parts.by
            or parts.period
            or parts.sort
            or parts.limit
            or parts.top
            or parts.row
        )
        return (
            not more
            and len(others) == len(parts.columns) == 1
            and self._types.get(others[0]) in ("text", "truth")
            and bool(parts.nouns & {"which", "show"})
            and not parts.nouns & {"rows", "column"}
        )

    def _is_of_rows(self, aggregate: Aggregate) -> bool:
        parts = self._parts
        tested = any(where.column or where.test != "equals" for where in parts.where) and aggregate != "count"
        about = bool(parts.nouns & _OF_ROWS or parts.by or parts.period or parts.named or tested)
        return about and not (aggregate == "count" and parts.limit)

    def _rows(self) -> Question | None:
        """Rows themselves, or some of their columns."""
        parts = self._parts
        if parts.operations or parts.by or parts.unknown_column or parts.top in ("top", "bottom"):
            return None
        show = tuple(each.name for each in parts.columns)
        asked = parts.nouns & {"rows", "things", "show", "table", "column"} or parts.sort or parts.limit
        if not (asked or (parts.named and parts.where)):
            return None
        if not (parts.where or show or parts.sort or parts.limit or parts.nouns & {"rows", "table"}):
            return None
        if not (parts.named or parts.nouns & _OF_ROWS):
            return None
        order = self._order("")
        return Question(show=_with(show, str(order["sort"])), **order)

    def _order(self, otherwise: str) -> dict[str, Any]:
        parts = self._parts
        sort = parts.sort.name if parts.sort else ""
        if parts.descending is not None and not sort:
            sort = otherwise or self._only("date")
        last = parts.top == "last" and not sort
        limit = -parts.limit if last else parts.limit
        return {"sort": sort, "descending": bool(parts.descending), "limit": limit}

    # Its parts -------------------------------------------------------------------------------------

    def _aggregate(self) -> Aggregate:
        known = [each for each in self._parts.operations if each in get_args(Aggregate)]
        if "distinct" in known:
            return "distinct"
        if "share" in known:
            return "share"
        numbers = [each for each in known if each != "count"]
        return (numbers or known or [""])[0]  # type: ignore[return-value]

    def _period(self) -> Period:
        return self._parts.period  # type: ignore[return-value]

    def _sides(self) -> tuple[str, tuple[str, ...]]:
        """The column of what is computed, and the others."""
        columns = self._parts.columns
        numbers = [each for each in columns if self._is_number(each)]
        sure = list(dict.fromkeys(each.name for each in numbers if not each.beside))
        if len(sure) > 1:
            raise NoQuestionError  # one at a time
        named = [each for each in columns if not each.beside] or columns
        others = dict.fromkeys(each.name for each in named if each not in numbers)
        return next(iter(sure), numbers[0].name if numbers else ""), tuple(others)

    def _is_number(self, column: NamedColumn) -> bool:
        return any(self._types.get(name) == "number" for name in column.names)

    def _only(self, kind: str) -> str:
        of_kind = [name for name, each in self._types.items() if each == kind]
        return of_kind[0] if len(of_kind) == 1 else ""

    # What changes the last -------------------------------------------------------------------------

    def changing(self, last: Question) -> Question | None:
        """The last question with what is said now. None: this is a question of its own."""
        parts, aggregate = self._parts, self._aggregate()
        number, others = self._sides()
        grouped = bool(parts.by or parts.period) and not (last.aggregate or aggregate)
        if (
            grouped
            or parts.unknown_column
            or parts.compare
            or (aggregate and (number or parts.by) and parts.where)
        ):
            return None
        changed = last
        if aggregate:
            changed = replace(changed, aggregate=aggregate, limit=0, sort="", row=0, show=())
        if column := number or (others[0] if others else ""):
            changed = (
                replace(changed, column=column) if changed.aggregate else replace(changed, show=(column,))
            )
        if parts.by or parts.period:
            groups = tuple(each.name for each in parts.by)
            changed = replace(changed, by=groups, period=self._period(), limit=0, sort="")
        if parts.where:
            changed = replace(changed, where=_replaced(last.where, parts.where), row=0)
        if parts.sort or parts.descending is not None or parts.limit:
            changed = replace(changed, **self._order(changed.aggregate))
        return changed if changed != last else None


def _with(show: tuple[str, ...], sort: str) -> tuple[str, ...]:
    """And that by which they are sorted."""
    return (*show, sort) if show and sort and sort not in show else show


def _replaced(old: tuple[Where, ...], new: list[Where]) -> tuple[Where, ...]:
    """Instead of those of the same column and kind; the others stay."""
    kinds = {(each.column, each.test) for each in new}
    return (*(each for each in old if (each.column, each.test) not in kinds), *new)
