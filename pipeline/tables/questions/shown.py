"""Rows as a table on the screen: of Markdown, of which a voice tells no more than what it is."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.tables.base import Column, Value
from pipeline.tables.questions.formats import DIVIDED, Formats
from pipeline.tables.questions.outcomes import Computed
from vision.images.names import shown_name

_MOST = 50
"""Rows that are shown."""


def markdown(outcome: Computed, formats: Formats) -> str:
    """Behind the sentences, in a paragraph of its own."""
    question = outcome.question
    names = [shown_name(column.name) if column else "" for column in outcome.columns]
    if question.by:
        what = formats.say[f"what_{question.aggregate}"].format(column=question.column)
        names[-1] = shown_name(what)
    lines = [_line(names), _line(["---"] * len(names))]
    for row in outcome.rows[:_MOST]:
        lines.append(
            _line([_cell(*each, outcome, formats) for each in zip(row, outcome.columns, strict=True)])
        )
    return "\n\n" + "\n".join(lines) + "\n"


def _cell(value: Value, column: Column | None, outcome: Computed, formats: Formats) -> str:
    question = outcome.question
    if value is None or value == "":
        return ""
    if question.period and isinstance(value, str) and column and column.type == "date":
        return formats.period(value)
    divided = question.aggregate in DIVIDED and column is outcome.columns[-1]
    return formats.value(value, column, divided=divided)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("\\", "\\\\").replace("|", "\\|") for cell in cells) + " |"
