"""What is said of what came of a question: ``[say]`` in ``config/language/LANGUAGE/tables.toml``. The number
first, then what it was computed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from config.language.phrases import phrases
from pipeline.skills.answer import sentence
from pipeline.tables.base import Column, Value
from pipeline.tables.notes import notes_told, told
from pipeline.tables.questions.conditions import say_conditions
from pipeline.tables.questions.formats import DIVIDED, Formats, exactly
from pipeline.tables.questions.outcomes import Computed, QuestionOutcome, Unclear
from pipeline.tables.questions.shown import markdown
from vision.images.names import shown_name

_SAID = 3
"""Rows or groups that are said; more are shown."""
_NAMED = 12
"""Columns that are named."""
_CELLS = 4
"""Of a row in which more were not asked for."""


def say_question_outcome(outcome: QuestionOutcome, language: str) -> str:
    """In whole sentences, and a table where there is more than can be said."""
    if isinstance(outcome, Unclear):
        return _Answer(language).unclear(outcome)
    return _Computed(outcome, language).said()


class _Answer:
    def __init__(self, language: str) -> None:
        self.formats = Formats(language)
        self._own = phrases(language)

    def say(self, key: str, **values: object) -> str:
        return sentence(self.formats.say[key].format(**values))

    def part(self, key: str, **values: object) -> str:
        """Within a sentence."""
        return self.formats.say[key].format(**values)

    def rows(self, count: int) -> str:
        return self.part("row_one") if count == 1 else self.part("row_many", count=self.formats.number(count))

    def listed(self, items: Sequence[str], most: int, count: int = 0) -> str:
        """The first of them, and how many more there are."""
        more = max(count, len(items)) - most
        if more <= 0:
            return self._own.listed(list(items))
        return self.part("more", items=", ".join(items[:most]), count=self.formats.number(more))

    def names(self, names: Sequence[str], most: int = _NAMED) -> str:
        return self.listed([shown_name(each) for each in names], most)

    def _choice(self, outcome: Unclear) -> str:
        names = [shown_name(each) for each in outcome.names]
        if not outcome.why.startswith("which") or len(names) < 2:
            return self.listed(names, _NAMED)
        either = self.formats.tests["or_value"]
        return either.format(one=", ".join(names[:-1]), other=names[-1])

    def unclear(self, outcome: Unclear) -> str:
        table = outcome.table
        key: str = outcome.why
        if key == "no_numbers" and not outcome.names:
            key = "no_numbers_in_any" if outcome.said else "no_numbers_at_all"
        elif key == "no_numbers" and not outcome.said:
            key = "no_numbers_at_all"
        elif key == "no_table" and not outcome.names:
            key = "no_table_at_all"
        return self.say(
            key, said=shown_name(outcome.said, "…"), names=self._choice(outcome),
            table=table.source if table else "", rows=self.rows(table.rows if table else 0),
        )  # fmt: skip


class _Computed(_Answer):
    """``outcome`` in words."""

    def __init__(self, outcome: Computed, language: str) -> None:
        super().__init__(language)
        self._outcome = outcome
        self._question = outcome.question
        self._table = shown_name(outcome.table.source)
        self._column = shown_name(outcome.question.column) if outcome.question.column else ""
        self._where = say_conditions(outcome, self.formats)

    def said(self) -> str:
        text = " ".join(filter(None, (self._main(), self._left_out(), self._with_total())))
        return f"{text}{markdown(self._outcome, self.formats)}" if self._is_long() else text

    def _with_total(self) -> str:
        """That a row is counted which is itself a sum, where one is."""
        notes = [note for note in self._outcome.table.notes if note.key == "total"]
        return told(notes, self.formats.language) if self._question.aggregate else ""

    def _is_long(self) -> bool:
        question = self._question
        told = question.by or not (question.aggregate or question.about or question.row)
        return bool(told and len(self._outcome.rows) > _SAID)

    def _main(self) -> str:
        question, outcome = self._question, self._outcome
        if question.about:
            return self._about()
        if question.row:
            return self.say(
                "row", number=self.formats.number(outcome.count), cells=self._cells(outcome.rows[0])
            )
        if not self._found():
            return self._none()
        if question.compare:
            return self._difference()
        if question.by:
            return self._groups()
        if question.aggregate in ("max", "min"):
            return self._extreme()
        return self._value() if question.aggregate else self._rows()

    def _found(self) -> bool:
        """Whether any row has what was asked for; that none was counted is an answer."""
        question, outcome = self._question, self._outcome
        if question.aggregate in ("count", "distinct") and not question.by:
            return True
        missing = any(row[1] is None for row in outcome.rows) if question.compare else False
        return bool(outcome.over and outcome.rows) and not (missing and question.aggregate != "sum")

    def _none(self) -> str:
        outcome = self._outcome
        if outcome.empty:
            rows = self.rows(outcome.empty)
            return self.say("nothing_there", column=self._column, rows=rows, where=self._where)
        return self.say("none", where=self._where, table=self._table)

    def _left_out(self) -> str:
        """What a number does not count."""
        outcome = self._outcome
        if (
            not (self._question.aggregate and self._column and outcome.over)
            or self._question.aggregate == "count"
        ):
            return ""
        said = []
        for key, count in (("left_out", outcome.empty), ("no_numbers_left_out", outcome.no_numbers)):
            if count:
                said.append(self.say(key, rows=self.rows(count), column=self._column))
        return " ".join(said)

    # One number ------------------------------------------------------------------------------------

    def _number(self, value: Value, column: Column | None = None, *, divided: bool = False) -> str:
        return self.formats.value(value, column, divided=divided)

    def _value(self) -> str:
        question, outcome = self._question, self._outcome
        column, (value, other) = outcome.columns[0], outcome.rows[0][:2] if outcome.rows else (0, 0)
        rows = self.rows(outcome.over)
        if question.aggregate == "count":
            return self._count(rows, other)
        if question.aggregate == "distinct":
            return self._distinct()
        if question.aggregate == "share":
            return self._share(value, other)
        divided = question.aggregate in DIVIDED
        said = self._number(value, column, divided=divided)
        return self.say(question.aggregate, value=said, column=self._column, where=self._where, rows=rows)

    def _count(self, rows: str, different: Value) -> str:
        if not self._column:
            return self.say("count", rows=rows, where=self._where, table=self._table)
        return self.say(
            "count_column",
            rows=rows,
            where=self._where,
            column=self._column,
            different=self._number(different),
        )

    def _distinct(self) -> str:
        outcome = self._outcome
        names = [self.formats.value(row[0], outcome.columns[0]) for row in outcome.rows]
        if not names:
            return self._none()
        key = "distinct" if outcome.count <= _SAID + 2 else "distinct_many"
        listed = self.listed(names, _SAID if key == "distinct_many" else len(names))
        if key == "distinct_many":
            listed = self._own.listed(names[:_SAID])
        count = self.formats.number(outcome.count)
        return self.say(key, count=count, column=self._column, where=self._where, names=listed)

    def _share(self, part: Value, whole: Value) -> str:
        if not whole:
            return self._none()
        percent = 100 * _fraction(part) / _fraction(whole)
        column = self._outcome.columns[0]
        return self.say(
            "share" if self._column else "share_rows", value=self.formats.number(percent, divided=True),
            column=self._column, where=self._where, part=self._number(part or 0, column),
            whole=self._number(whole, column),
        )  # fmt: skip

    def _extreme(self) -> str:
        outcome, question = self._outcome, self._question
        column, *labels = outcome.columns
        dated = column is not None and column.type in ("date", "time")
        key = f"{question.aggregate}_date" if dated else question.aggregate
        value = self.formats.value(outcome.rows[0][0], column)
        said = self.say(key, value=value, column=self._column, where=self._where).removesuffix(".")
        if not labels:
            return f"{said}."
        tied = outcome.count > 1
        rows = [
            ", ".join(self._cell(*each) for each in zip(labels, row[1:], strict=True)) for row in outcome.rows
        ]
        more = outcome.count - _SAID
        cells = "; ".join(rows[:_SAID])
        if more > 0:
            cells = self.part("more", items=cells, count=self.formats.number(more))
        told = self.say("of_row", value=said, cells=cells)
        return f"{told} {self.say('tied', rows=self.rows(outcome.count))}" if tied else told

    def _difference(self) -> str:
        outcome = self._outcome
        by, column = outcome.columns
        first, second = (_fraction(row[1]) for row in outcome.rows)
        divided = self._question.aggregate in DIVIDED
        groups = [
            self.part(
                "group",
                name=self.formats.value(name, by),
                value=self._number(value or 0, column, divided=divided),
            )
            for name, value in outcome.rows
        ]
        of = f" ({self._what()})"
        difference = self.formats.number(abs(first - second), column, divided=divided)
        key = "difference" if first != second else "same"
        return self.say(key, value=difference, of=of, groups=self._own.listed(groups))

    # Several ---------------------------------------------------------------------------------------

    def _what(self) -> str:
        key = self._question.aggregate
        if key == "share" and not self._column:
            key = "share_rows"  # type: ignore[assignment]
        return self.part(f"what_{key}", column=self._column)

    def _groups(self) -> str:
        question, outcome = self._question, self._outcome
        *by, column = outcome.columns
        divided = question.aggregate in DIVIDED
        groups = [
            self.part(
                "group",
                name=", ".join(self._group(*each) for each in zip(by, row[:-1], strict=True)),
                value=self._number(row[-1], column, divided=divided),
            )
            for row in outcome.rows
        ]
        key = "groups"
        if question.sort == question.aggregate and question.limit == 1:
            key = "ranked_most" if question.descending else "ranked_least"
        names = self._own.listed([self._by(each) for each in by])
        said = self.listed(groups, _SAID, outcome.count)
        return self.say(key, groups=said, what=self._what(), by=names, where=self._where)

    def _by(self, column: Column | None) -> str:
        if self._question.period and column and column.type == "date":
            return self.part(f"by_{self._question.period}")
        return shown_name(column.name) if column else ""

    def _group(self, column: Column | None, value: Value) -> str:
        if self._question.period and column and column.type == "date" and isinstance(value, str):
            return self.formats.period(value)
        return self.formats.value(value, column)

    def _rows(self) -> str:
        outcome = self._outcome
        whole = [self._cells(row) for row in outcome.rows[:_SAID]]
        said = "; ".join(whole)
        rows = self.rows(outcome.over)
        if outcome.count < outcome.over:
            count = self.formats.number(outcome.count)
            return self.say("rows_shown", count=count, rows=rows, where=self._where, cells=said)
        key = "rows_found" if len(outcome.rows) <= _SAID else "rows_many"
        return self.say(key, rows=rows, where=self._where, cells=said)

    def _cells(self, row: Sequence[Value]) -> str:
        pairs = list(zip(self._outcome.columns, row, strict=True))
        if self._question.show or self._question.row:
            return ", ".join(self._cell(*each) for each in pairs)
        sort = self._question.sort
        pairs.sort(key=lambda each: each[0] is None or each[0].name != sort)
        filled = [each for each in pairs if each[1] not in (None, "")]
        return ", ".join(self.formats.value(value, column) for column, value in filled[:_CELLS])

    def _cell(self, column: Column | None, value: Value) -> str:
        said = self.formats.value(value, column)
        return self.part("cell", name=shown_name(column.name), value=said) if column else said

    # What there is ---------------------------------------------------------------------------------

    def _about(self) -> str:
        table, about = self._outcome.table, self._question.about
        if about == "column":
            return self._about_column()
        names, count = self.names([column.name for column in table.columns]), len(table.columns)
        said = self.say(about, count=count, names=names, table=self._table, rows=self.rows(table.rows))
        return f"{said} {notes_told(table, self.formats.language)}".strip() if about == "table" else said

    def _about_column(self) -> str:
        outcome = self._outcome
        column, rows = outcome.columns[0], self.rows(outcome.over)
        if not outcome.over or column is None:
            return self.say("column_empty", column=self._column)
        if column.type in ("number", "date", "time"):
            low, high, mean = (self.formats.value(each, column) for each in outcome.rows[0])
            if column.type == "number":
                mean = self._number(outcome.rows[0][2], column, divided=True)
            key = "column_numbers" if column.type == "number" else "column_dates"
            return self.say(key, column=self._column, low=low, high=high, mean=mean, rows=rows)
        names = self._own.listed([self.formats.value(row[0], column) for row in outcome.rows[:_SAID]])
        count = self.formats.number(outcome.count)
        return self.say("column_texts", column=self._column, count=count, rows=rows, names=names)


def _fraction(value: Value) -> Fraction:
    exact = exactly(value) if isinstance(value, (int, float, Decimal)) else None
    return exact or Fraction(0)
