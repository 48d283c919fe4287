"""Questions to the open tables, answered without a model, and the tool that a model may call for the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from config.language.courtesy import undress
from config.language.normalise import normalise
from config.language.words import words_in
from config.runtime.clean import clean
from pipeline.skills import sums, units
from pipeline.skills.answer import SkillRequest
from pipeline.tables.base import Table, Tables
from pipeline.tables.questions.answers import say_question_outcome
from pipeline.tables.questions.asked.assembling import Asked
from pipeline.tables.questions.asked.columns import named
from pipeline.tables.questions.asked.reading import bare_words, read_question
from pipeline.tables.questions.asked.vocabulary import likely
from pipeline.tables.questions.computing import ask
from pipeline.tables.questions.formats import as_json
from pipeline.tables.questions.outcomes import Computed, QuestionOutcome, Unclear
from pipeline.tables.questions.question import PARAMETERS, Question, question_of
from pipeline.tools.base import Tool, ToolResult

TOOL = "ask_table"
_DESCRIPTION = """\
Computes over an open table: totals, averages, medians, largest and smallest values with their row, counts, \
shares, groups, differences; finds, sorts and reads rows; tells columns. Use it for every figure of a table: \
never compute one yourself. What cannot be asked so, query_table can."""
_MOST_TOLD = 50
"""Rows that a model is told."""


@dataclass(slots=True)
class _Talk:
    """What was asked last: a next question may change a part of it, or answer what was asked back."""

    last: Question | None = None
    unclear: Unclear | None = None


class TableQuestions:
    """``tables``: those that are open. A ``Skill`` (``pipeline.skills.answer``)."""

    def __init__(self, tables: Tables, today: Callable[[], date] = date.today) -> None:
        self._tables = tables
        self._today = today
        self._talk = _Talk()
        self.tools: tuple[Tool, ...] = (
            Tool(
                name=TOOL, description=_DESCRIPTION, parameters=PARAMETERS, risk="read", run=self._run,
                available=lambda: bool(self._tables.loaded),
            ),
        )  # fmt: skip

    def parse(self, text: str, language: str) -> SkillRequest | None:
        """In the language of the talk first, then in the others. A question to another table than the one
        opened last names a column of it, or the table.
        """
        if not self._tables.loaded:
            return None
        for code in likely(words_in(text, language), language):
            if (answer := self._answered(text, code)) or (answer := self._read(text, code)):
                return answer
        return None

    def _read(self, text: str, language: str) -> SkillRequest | None:
        found = list(self._readings(text, language))
        best = next((asked for asked in found if asked.certain), found[0] if found else None)
        if best and _is_computed_elsewhere(text, language):
            return None
        return self._request(best.question, language, certain=best.certain) if best else None

    def _readings(self, text: str, language: str) -> Iterator[Asked]:
        today, last = self._today(), self._talk.last
        for table in reversed(self._tables.loaded):
            of_this = last if last and last.table == table.name else None
            if asked := read_question(text, table, language, today, of_this):
                yield asked

    def _answered(self, text: str, language: str) -> SkillRequest | None:
        """A column by itself, where it was asked which one is meant."""
        unclear = self._talk.unclear
        if unclear is None or unclear.table is None or unclear.question is None:
            return None
        among = [column for column in unclear.table.columns if column.name in unclear.names]
        found = named(_bare(text, language), among, language)
        if len(found) != 1:
            return None
        question = _filled(unclear, found[0], unclear.table)
        return self._request(question, language, certain=True) if question else None

    def _request(self, question: Question, language: str, *, certain: bool) -> SkillRequest:
        return SkillRequest(
            TOOL, question.arguments(), certain=certain, language=language, gives_way=True,
            say=partial(say_question_outcome, language=language),
        )  # fmt: skip

    async def _run(self, **arguments: Any) -> ToolResult:
        outcome = await ask(question_of(arguments), self._tables)
        self._talk.unclear = outcome if isinstance(outcome, Unclear) else None
        if isinstance(outcome, Computed):
            self._talk.last = outcome.question
        nothing = isinstance(outcome, Unclear) and not outcome.why.startswith("which")
        return ToolResult(clean(_told(outcome)), value=outcome, untrusted=True, failed=nothing)


def _is_computed_elsewhere(text: str, language: str) -> bool:
    """ "How many minutes are two hours": numbers of the sentence alone are computed with."""
    bare = undress(normalise(text, language=language), language)
    return units.parse(bare, language) is not None or sums.parse(bare, language) is not None


def _bare(text: str, language: str) -> str:
    return " ".join(bare_words(normalise(text, language=language), language))


def _filled(unclear: Unclear, column: str, table: Table) -> Question | None:
    """The question with the column that was not clear."""
    question = unclear.question
    assert question is not None
    if unclear.why in ("which_number", "no_numbers") and question.aggregate and not question.column:
        return replace(question, column=column)
    if unclear.why in ("which_number", "which_value", "which_date"):
        open_one = next((each for each in question.where if not each.column), None)
        if open_one is None:
            return replace(question, by=(*question.by, column)) if question.period else None
        where = tuple(replace(each, column=column) if each is open_one else each for each in question.where)
        return replace(question, where=where)
    if unclear.why != "which_column":
        return None
    said = unclear.said
    where = tuple(replace(each, column=column) if each.column == said else each for each in question.where)
    places = {name: column for name in ("column", "label", "sort") if getattr(question, name) == said}
    lists = {
        name: tuple(column if each == said else each for each in getattr(question, name))
        for name in ("show", "by")
    }
    return replace(question, where=where, **places, **lists)  # type: ignore[arg-type]


# For a model -----------------------------------------------------------------------------------------


def _told(outcome: QuestionOutcome) -> str:
    """As JSON: what was asked, with its columns as they stand in the table, and what came of it."""
    if isinstance(outcome, Unclear):
        text = say_question_outcome(outcome, "en")
        return json.dumps({"not_computed": text}, ensure_ascii=False)
    rows = [[as_json(value) for value in row] for row in outcome.rows[:_MOST_TOLD]]
    told = {
        "asked": outcome.question.arguments(),
        "answer": say_question_outcome(outcome, "en").partition("\n")[0],
        "rows": rows, "row_count": outcome.count, "computed_over_rows": outcome.over,
        "rows_left_out_as_empty": outcome.empty, "rows_left_out_as_no_number": outcome.no_numbers,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)
