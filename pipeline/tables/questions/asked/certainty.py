"""Whether a question is surely one to the open table: it is then answered here also where a model is
connected, and before any other skill is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.tables.base import ColumnType
from pipeline.tables.questions.asked.parts import Parts
from pipeline.tables.questions.question import Question

_OF_TABLES = frozenset({"table", "columns", "column"})
_OF_ROWS = _OF_TABLES | {"rows"}


def is_certain(parts: Parts, question: Question, types: Mapping[str, ColumnType]) -> bool:
    """A column or the table is named, and something is computed or sought that nobody asks of the world."""
    somewhere = [each for each in question.where if not each.column and each.test == "equals"]
    if "mine" in parts.nouns or parts.unknown_column or len(somewhere) > 1:
        return bool(parts.nouns & _OF_TABLES) and "mine" not in parts.nouns
    if parts.nouns & _OF_TABLES:
        return True
    if "rows" in parts.nouns:
        return parts.named or not somewhere
    if not parts.named or _is_guessed(parts, question) or _counts_days(question, types):
        return False
    if question.aggregate == "distinct" and not {"distinct", "count"}.intersection(parts.operations):
        # "What is the status" may be asked of anything.
        return "show" in parts.nouns and "elsewhere" not in parts.nouns
    if _computes(question):
        return True
    return _is_sought(parts, question, types) and not _may_be_asked_of_others(parts, question, types)


def _is_guessed(parts: Parts, question: Question) -> bool:
    """Whether the column that is computed was not named: the last order, of a table with one date."""
    named = {column.name for column in parts.columns}
    return bool(question.column) and question.column not in named


def _counts_days(question: Question, types: Mapping[str, ColumnType]) -> bool:
    """ "How many days until December": of a column of days nobody asks how many there are until then."""
    of = {types.get(where.column, "date") for where in question.where}
    return question.aggregate == "count" and not question.column and of == {"date"}


def _computes(question: Question) -> bool:
    tested = any(where.column and where.test != "equals" for where in question.where)
    return question.aggregate not in ("", "count") or bool(question.by or question.period or tested)


def _may_be_asked_of_others(parts: Parts, question: Question, types: Mapping[str, ColumnType]) -> bool:
    """The time, the day, a note: something that others know as well."""
    named = [types.get(name) for name in (*question.show, question.column) if name]
    of_days = bool(named) and all(each in ("date", "time") for each in named)
    return "elsewhere" in parts.nouns or of_days


def _is_sought(parts: Parts, question: Question, types: Mapping[str, ColumnType]) -> bool:
    """ "The price of milk" may be one in the world, and "give me a minute" is none."""
    computes = question.aggregate or question.about or question.row or question.sort or question.limit
    told = question.where or any(types.get(name) == "text" for name in question.show)
    return bool(computes or ("show" in parts.nouns and told))
