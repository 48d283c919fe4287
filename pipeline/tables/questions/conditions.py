"""Which rows were counted, said: ``[tests]`` in ``config/language/LANGUAGE/tables.toml``."""

from __future__ import annotations

from functools import reduce

from pipeline.tables.base import Column
from pipeline.tables.questions.formats import Formats
from pipeline.tables.questions.outcomes import Computed
from pipeline.tables.questions.question import UNARY, Where
from vision.images.names import shown_name


def say_conditions(outcome: Computed, formats: Formats) -> str:
    """A part of a sentence that begins with a blank; empty: all rows were."""
    tests = [_test(each, outcome, formats) for each in outcome.question.where]
    if not tests:
        return ""
    between = formats.tests["or" if outcome.question.any else "and"]
    joined = reduce(lambda one, other: between.format(one=one, other=other), tests)
    return formats.tests["where"].format(tests=joined)


def _test(where: Where, outcome: Computed, formats: Formats) -> str:
    test, column = formats.tests[where.test], shown_name(where.column)
    if where.test in UNARY:
        return test.format(column=column)
    values = where.value if isinstance(where.value, tuple) else (where.value,)
    of = next((each for each in outcome.table.columns if each.name == where.column), None)
    said = [_compared(each, of, formats) for each in values]
    either = formats.tests["or_value"]
    value = reduce(lambda one, other: either.format(one=one, other=other), said)
    to = _compared(where.to, of, formats) if where.to != "" else ""
    return test.format(column=column, value=value, to=to)


def _compared(value: str | int | float, column: Column | None, formats: Formats) -> str:
    if column and column.type == "date":
        return formats.period(str(value))
    return shown_name(value) if isinstance(value, str) else formats.number(value, column)
