"""A question to a table as a value, and as the arguments of the tool that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

About = Literal["", "columns", "column", "table"]
Aggregate = Literal["", "sum", "mean", "median", "max", "min", "count", "distinct", "share"]
Period = Literal["", "day", "week", "month", "quarter", "year", "weekday"]
Test = Literal[
    "equals", "not", "contains", "begins", "more", "at_least", "less", "at_most", "between",
    "before", "after", "since", "until", "in", "empty", "filled",
]  # fmt: skip
Given = str | int | float | tuple[str | int | float, ...]

MOST_ROWS = 1000
"""That are asked for at once."""
UNARY: tuple[Test, ...] = ("empty", "filled")
OF_NUMBERS: tuple[Test, ...] = ("more", "at_least", "less", "at_most")
OF_DATES: tuple[Test, ...] = ("before", "after", "since", "until", "in")


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows count. Without a ``column`` it is the only one that it may be."""

    test: Test
    column: str = ""
    value: Given = ""
    """Several: one of them."""
    to: str | int | float = ""
    """Of ``between`` the upper end, which counts."""

    def arguments(self) -> dict[str, Any]:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        given = {"column": self.column, "is": self.test, "value": value, "to": self.to}
        return {name: each for name, each in given.items() if each != ""}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Columns stand as the table has them, or as they were said where that is not clear."""

    table: str = ""
    """Empty: the one that was opened last."""
    about: About = ""
    aggregate: Aggregate = ""
    column: str = ""
    show: tuple[str, ...] = ()
    """Of rows that are told: these columns of them."""
    label: str = ""
    """Of the row with the largest or smallest value: what of it is told."""
    by: tuple[str, ...] = ()
    period: Period = ""
    """Of the date by which it is grouped too."""
    where: tuple[Where, ...] = ()
    any: bool = False
    """One of the conditions is enough."""
    compare: tuple[str, ...] = ()
    """Two values of a column, which are set against each other."""
    sort: str = ""
    descending: bool = False
    limit: int = 0
    """Below 0: the last so many."""
    row: int = 0
    """One by its number; -1 is the last."""

    def arguments(self) -> dict[str, Any]:
        """As JSON; what says nothing is left out."""
        given: dict[str, Any] = {
            "table": self.table, "about": self.about, "aggregate": self.aggregate, "column": self.column,
            "show": list(self.show), "label": self.label, "by": list(self.by), "period": self.period,
            "where": [each.arguments() for each in self.where], "any": self.any,
            "compare": list(self.compare), "sort": self.sort, "descending": self.descending,
            "limit": self.limit, "row": self.row,
        }  # fmt: skip
        return {name: each for name, each in given.items() if each}


def question_of(arguments: Mapping[str, Any]) -> Question:
    """From arguments that were checked against ``PARAMETERS``."""
    plain: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in arguments.items()
    }
    return replace(Question(**plain), where=tuple(map(_where_of, arguments.get("where", ()))))


def _where_of(given: Mapping[str, Any]) -> Where:
    value = given.get("value", "")
    value = tuple(value) if isinstance(value, list) else value
    return Where(given["is"], given.get("column", ""), value, given.get("to", ""))


_NAME = {"type": "string", "maxLength": 200}
_VALUE = {"type": ["string", "number"], "maxLength": 500}


def _one_of(literal: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [each for each in get_args(literal) if each]}


PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "table": _NAME | {"description": "its name; the one opened last where none is given"},
        "about": _one_of(About) | {"description": "what columns there are, what is in one, or in the table"},
        "aggregate": _one_of(Aggregate),
        "column": _NAME | {"description": "what is computed"},
        "show": {"type": "array", "items": _NAME, "maxItems": 20, "description": "columns of the rows told"},
        "label": _NAME | {"description": "of the row with the largest or smallest value, what to tell"},
        "by": {"type": "array", "items": _NAME, "maxItems": 3, "description": "columns to group by"},
        "period": _one_of(Period) | {"description": "group a date by it"},
        "where": {
            "type": "array",
            "maxItems": 8,
            "items": {
                "type": "object",
                "properties": {
                    "column": _NAME,
                    "is": _one_of(Test),
                    "value": {
                        "type": ["string", "number", "array"],
                        "description": "several: one of them; dates as 2024-03-05, 2024-03 or 2024",
                        "maxLength": 500,
                        "maxItems": 20,
                        "items": _VALUE,
                    },
                    "to": _VALUE,
                },
                "required": ["is"],
            },
        },
        "any": {"type": "boolean", "description": "one of the conditions is enough"},
        "compare": {"type": "array", "items": _NAME, "minItems": 2, "maxItems": 2},
        "sort": _NAME | {"description": "a column; of groups, the aggregate"},
        "descending": {"type": "boolean"},
        "limit": {"type": "integer", "minimum": -MOST_ROWS, "maximum": MOST_ROWS},
        "row": {"type": "integer", "minimum": -1, "maximum": 1_000_000_000},
    },
    "required": [],
}
