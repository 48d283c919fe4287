"""Whether a question leaves out something that was said: it is then not what was asked."""

from __future__ import annotations

from pipeline.tables.questions.asked.parts import NamedColumn, Parts
from pipeline.tables.questions.question import Question


def drops(parts: Parts, question: Question) -> bool:
    """Columns, values, numbers and periods that were named are all in it."""
    return (
        not _named(parts) <= _used(question)
        or bool(parts.unknown_column and parts.unknown_column != question.column)
        or len(parts.where) != len(question.where)
        or bool(parts.limit and abs(question.limit) != parts.limit)
        or bool(parts.row and question.row != parts.row)
        or parts.period != question.period
        or bool(parts.compare and not question.compare)
    )


def _named(parts: Parts) -> set[str]:
    columns: list[NamedColumn] = [*parts.columns, *parts.by, *([parts.sort] if parts.sort else [])]
    return {column.name for column in columns if not column.beside}


def _used(question: Question) -> set[str]:
    where = (each.column for each in question.where)
    return {question.column, question.label, question.sort, *question.show, *question.by, *where}
