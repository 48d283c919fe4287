"""Charts: what they tell is so, in five languages, and what cannot be drawn is told."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from config.errors import QueryError
from config.language.data import languages, table
from config.runtime.clean import clean
from pipeline.tables.base import Note, NoteKey, QueryResult, Table
from pipeline.tables.charts.chart import Chart, chart_of
from pipeline.tables.charts.drawing import drawn
from pipeline.tables.charts.facts import bins, trend_of
from pipeline.tables.charts.wording import Wording
from pipeline.tables.notes import notes_told, told
from tests.tables import for_each


def result(*rows: Sequence[Any], names: str = "x y z") -> QueryResult:
    columns = tuple(map(clean, names.split()[: len(rows[0])]))
    return QueryResult(columns, tuple(tuple(row) for row in rows), len(rows))


def chart(kind: str, *rows: Sequence[Any]) -> Chart:
    return chart_of(kind, "A title", result(*rows))


JANUARY, FEBRUARY, MARCH = (date(2024, month, 1) for month in (1, 2, 3))


@for_each(
    ("kind", "rows", "said"),
    [
        ("bar", [("North", Decimal("10.5")), ("South", 2), ("West", -2)],
         "The mean of the 3 values is 3.5. The largest is North with 10.5, the smallest West with -2."),
        ("bar", [("North", 10), ("South", 0), ("West", 0)],
         "The mean of the 3 values is about 3.333. "
         "The largest is North with 10, the smallest South with 0."),
        ("pie", [("a", 1), ("b", 1)], "All 2 values are 1."),
        ("bar", [("a", 7)], "There is one value, 7."),
        ("line", [(MARCH, 3), (JANUARY, 1), (FEBRUARY, 2)],
         "It rises throughout, from 1 at 2024-01-01 to 3 at 2024-03-01. "
         "It is highest at 2024-03-01 with 3, and "
         "lowest at 2024-01-01 with 1."),
        ("line", [(1, 5), (2, 9), (3, 4)],
         "It goes up and down and ends lower than it began: 5 at 1, 4 at 3. "
         "It is highest at 2 with 9, and lowest at 3 with 4."),
        ("line", [("Jan", 5), ("Feb", 9), ("Mar", 5)],
         "It goes up and down and ends where it began: 5 at Jan and at Mar. It is highest at Feb with 9, and "
         "lowest at Jan with 5."),
        ("line", [(1, 5, 1), (2, 9, None), (3, 4, 12)],
         "The largest value of all is 12, of z at 3. The smallest is 1, of z at 1."),
        ("scatter", [(1, 2), (2, 4), (3, 6)],
         "The larger x, the larger y: their correlation is 1. "
         "It is highest at 3 with 6, and lowest at 1 with 2."),
        ("scatter", [(1, 2), (2, 4), (3, 6), (4, 7)],
         "The larger x, the larger y: their correlation is 0.99. "
         "It is highest at 4 with 7, and lowest at 1 with 2."),
        ("scatter", [("a", 2), ("b", 4)], "It is highest at b with 4, and lowest at a with 2."),
        ("histogram", [(1,), (2,), (2,), (9,)],
         "The fullest range is 0 to 5: 3 of 4 values. They go from 1 to 9, and their median is 2."),
        ("histogram", [("a", 5), ("b", None), ("c", 6)],
         "The fullest range is 5 to 5.5: 1 of 2 values. They go from 5 to 6, and their median is 5.5."),
    ],
)  # fmt: skip
def test_what_a_chart_shows(kind: str, rows: list[Sequence[Any]], said: str) -> None:
    assert Wording("en").gist(chart(kind, *rows)) == said


@for_each(
    ("kind", "rows", "said"),
    [
        ("bar", [("a", "b")], "no column of numbers: “b”"),
        ("bar", [("a",)], "two columns"),
        ("line", [(1, None)], "no value is a number"),
        ("line", [(1, float("inf"))], "no column of numbers"),
        ("histogram", [("a", "b")], "needs a column of numbers"),
        ("scatter", [(1, True)], "no column of numbers"),
    ],
)
def test_what_cannot_be_drawn(kind: str, rows: list[Sequence[Any]], said: str) -> None:
    with pytest.raises(QueryError) as refused:
        chart(kind, *rows)
    assert said in refused.value.told
    with pytest.raises(QueryError, match="no rows"):
        chart_of(kind, "", QueryResult((), (), 0))


def test_what_is_too_much_for_bars_is_told() -> None:
    many = chart("bar", *[(f"n{at}", at) for at in range(60)])
    assert (len(many.x), many.left_out) == (40, 20)


numbers = st.decimals(-10_000, 10_000, places=2).map(Fraction)


@given(st.lists(numbers, min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_the_ranges_hold_every_value_once(values: list[Fraction]) -> None:
    found = bins(values)
    assert sum(each.count for each in found) == len(values)
    assert len(found) <= 21
    assert found[0].low <= min(values) <= max(values) <= found[-1].high
    for each in found[:-1]:
        assert each.count == sum(each.low <= value < each.high for value in values)
    assert (trend_of(values) == "rises") <= (values == sorted(values))


def test_every_language_tells_every_kind() -> None:
    kinds = [
        chart("bar", ("a", 1), ("b", 2)),
        chart("line", (1, 3), (2, 1), (3, 2)),
        chart("line", (1, 3), (2, 1), (3, 1)),
        chart("line", (1, 1, 1), (2, 1, 2)),
        chart("scatter", (1, 1), (2, 5), (3, 0), (4, 3)),
        chart("histogram", (1,), (2,), (5,)),
    ]
    for language in languages():
        words = Wording(language)
        texts = [words.alternative(each) for each in kinds]
        assert not [each for each in texts if "{" in each]
        assert len(set(texts)) == len(kinds)
        assert table(language, "charts")["notes"].keys() == set(get_args(NoteKey))


def test_how_a_table_was_read_is_told_in_every_language() -> None:
    notes = tuple(
        Note(key, {"column": "a{b}", "cells": "“-”", "cell": "x", "units": "€, $", "text": "t", "count": 7})
        for key in get_args(NoteKey)
    )
    for language in languages():
        said = told(notes, language)
        assert said.count("a{b}") == 8
        assert "{c" not in said
        assert (
            notes_told(Table("t", clean("t.csv"), (), 0, clean("English"), notes[:1]), language) != "English"
        )


def test_a_chart_is_drawn_with_what_stands_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALOUD_HOME", str(tmp_path))
    shown = chart("bar", ("$x^{$ \\frac", 3), ("Öst", Decimal("-1.25")))
    with Image.open(io.BytesIO(drawn(shown, "what it shows"))) as picture:
        assert picture.size == (1200, 720)
        assert picture.info["Description"] == "what it shows"
        colours = picture.convert("RGB").getcolors(1 << 20)
    assert colours
    assert (0x00, 0x72, 0xB2) in {colour for _, colour in colours}
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["matplotlib"]
