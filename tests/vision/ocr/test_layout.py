"""The order of reading, on boxes alone."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from vision.ocr.layout import Box, paragraphs


def flat(boxes: list[Box]) -> list[int]:
    return [i for part in paragraphs(boxes) for row in part for i in row]


def line(left: int, top: int, width: int, height: int = 20) -> Box:
    return (left, top, left + width, top + height)


def test_columns_are_read_one_after_the_other_between_headline_and_foot() -> None:
    head = [line(50, 0, 700, 32)]
    left = [line(50, 60 + 28 * i, 300) for i in range(6)]
    right = [line(420, 66 + 28 * i, 300) for i in range(6)]
    foot = [line(50, 300, 690)]
    page = head + left + right + foot
    shuffled = list(range(len(page)))
    random.Random(3).shuffle(shuffled)
    order = flat([page[i] for i in shuffled])
    assert [shuffled[i] for i in order] == list(range(len(page)))


def test_three_columns() -> None:
    page = [line(20 + 260 * column, 10 + 28 * i, 200) for column in range(3) for i in range(5)]
    assert flat(page) == list(range(15))


def test_a_bill_is_read_across() -> None:
    page = [box for i in range(4) for box in (line(20, 30 * i, 80), line(400, 30 * i + 3, 50))]
    assert [row for part in paragraphs(page) for row in part] == [[0, 1], [2, 3], [4, 5], [6, 7]]


def test_white_space_and_larger_type_part_paragraphs() -> None:
    page = [line(0, 0, 300, 40), line(0, 52, 300), line(0, 80, 280), line(0, 140, 300), line(0, 168, 90)]
    assert paragraphs(page) == [[[0]], [[1], [2]], [[3], [4]]]


def test_nothing_is_nothing() -> None:
    assert paragraphs([]) == []


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 400), st.integers(1, 60)),
        max_size=40,
    )
)
def test_every_line_is_read_exactly_once(places: list[tuple[int, int, int, int]]) -> None:
    boxes = [line(*place) for place in places]
    assert sorted(flat(boxes)) == list(range(len(boxes)))
