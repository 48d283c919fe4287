"""What came of a question to a table: for the program, which words it as the person did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.tables.base import Column, Table, Value
from pipeline.tables.questions.question import Question

Why = Literal[
    "no_table", "no_column", "which_column", "which_number", "which_date", "which_value", "no_value",
    "no_numbers", "no_dates", "no_row", "not_comparable", "failed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nothing was computed. ``said``: what was asked for; ``names``: what there is instead."""

    why: Why
    said: str = ""
    names: tuple[str, ...] = ()
    table: Table | None = None
    question: Question | None = None
    """What was understood of it."""


@dataclass(frozen=True, slots=True)
class Computed:
    """``question`` has each column as it stands in the table."""

    question: Question
    table: Table
    columns: tuple[Column | None, ...]
    """Of the rows; None: it is no column of the table."""
    rows: tuple[tuple[Value, ...], ...]
    """The first of ``count``."""
    count: int
    over: int
    """Rows over which it was computed."""
    empty: int = 0
    """Those left out, since there is nothing in the column."""
    no_numbers: int = 0
    """Those left out, since there is text among the column's numbers."""


QuestionOutcome = Computed | Unclear
