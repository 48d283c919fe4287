"""A chart as values: what a question gave, as points of one or several series."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from config.errors import QueryError
from config.runtime.clean import CleanText, clean
from pipeline.tables.base import QueryResult, Value
from vision.images.names import shown_name

ChartKind = Literal["bar", "line", "scatter", "histogram"]
KINDS: tuple[str, ...] = (*get_args(ChartKind), "pie")
"""``pie`` is asked for and becomes bars: slices can be compared by nobody, and told to nobody."""
MOST_BARS = 40
MOST_SERIES = 6

X = Fraction | datetime | CleanText


@dataclass(frozen=True, slots=True)
class Series:
    """``values``: None where there is none; a histogram's are all there is."""

    name: CleanText
    values: tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """``x``: a place for each value: numbers, moments or names, all of a kind."""

    kind: ChartKind
    title: CleanText
    x_name: CleanText
    x: tuple[X, ...]
    series: tuple[Series, ...]
    from_pie: bool = False
    left_out: int = 0
    """Rows that were too many, or had nothing at their place."""

    @property
    def points(self) -> list[tuple[X, Fraction]]:
        """Of the first series, those that are there."""
        pairs = zip(self.x, self.series[0].values, strict=False)
        return [(x, value) for x, value in pairs if value is not None]


def chart_of(kind: str, title: str, found: QueryResult) -> Chart:
    """The first column goes along the bottom, each further one is a series; a histogram takes the first
    column of numbers alone. Raises ``QueryError`` for what cannot be drawn.
    """
    if not found.rows:
        raise QueryError("There is nothing to draw: the question gave no rows.", todo="Ask another one.")
    named = shown_name(title, otherwise="Chart")
    chosen: ChartKind = "bar" if kind == "pie" else kind  # type: ignore[assignment]
    if chosen == "histogram":
        return _histogram(named, found)
    if len(found.columns) < 2:
        raise QueryError(
            "A chart needs two columns: what goes along the bottom, and a number.", todo="Select both."
        )
    rows = [row for row in found.rows if row[0] is not None]
    most = MOST_BARS if chosen == "bar" else len(rows)
    kept = rows[:most]
    left_out = found.count - len(kept)
    x = _places([row[0] for row in kept], named=chosen == "bar")
    columns = list(enumerate(found.columns))[1 : 1 + MOST_SERIES]
    series = tuple(
        Series(shown_name(name), _numbers([row[at] for row in kept], name)) for at, name in columns
    )
    if not any(value is not None for each in series for value in each.values):
        raise QueryError(
            "There is nothing to draw: no value is a number.", todo="Select a column of numbers."
        )
    return Chart(chosen, named, shown_name(found.columns[0]), x, series, kind == "pie", left_out)


def _histogram(title: CleanText, found: QueryResult) -> Chart:
    for at, name in enumerate(found.columns):
        values = [row[at] for row in found.rows if row[at] is not None]
        if values and all(_number(value) is not None for value in values):
            series = Series(shown_name(name), _numbers(values, name))
            return Chart(
                "histogram", title, shown_name(name), (), (series,), left_out=found.count - len(values)
            )
    raise QueryError("A histogram needs a column of numbers.", todo="Select one.")


def _numbers(values: list[Value], name: str) -> tuple[Fraction | None, ...]:
    found = tuple(None if value is None else _number(value) for value in values)
    if wrong := next((v for v, n in zip(values, found, strict=True) if v is not None and n is None), None):
        raise QueryError(
            f"“{shown_name(name)}” is no column of numbers: “{shown_name(str(wrong))}” stands in it.",
            todo="Select the column that goes along the bottom first, then numbers.",
        )
    return found


def _number(value: Value) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not math.isfinite(value):
        return None
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _places(values: list[Value], *, named: bool) -> tuple[X, ...]:
    """All numbers, all moments, or else what they are called."""
    numbers = [_number(value) for value in values]
    if not named and all(number is not None for number in numbers):
        return tuple(number for number in numbers if number is not None)
    if not named and all(isinstance(value, date) for value in values):
        return tuple(_moment(value) for value in values if isinstance(value, date))
    return tuple(_called(value) for value in values)


def _moment(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _called(value: Value) -> CleanText:
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return shown_name(clean(str(value)), otherwise="–")
