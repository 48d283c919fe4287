"""From words to the part of a picture that is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.runtime.clean import clean
from tests.tables import for_each
from vision.ocr.layout import Box
from vision.ocr.locate import locate
from vision.ocr.read import Code, Line, OcrResult
from vision.ocr.regions import around, box_of, part_named, within

SIZE = (1000, 800)


@for_each(
    ("said", "part"),
    [
        ("the label at the top left", (0.0, 0.0, 0.55, 0.55)),
        ("oben rechts", (0.45, 0.0, 1.0, 0.55)),
        ("das untere ende", (0.0, 0.45, 1.0, 1.0)),
        ("en bas à gauche", (0.0, 0.45, 0.55, 1.0)),
        ("a la derecha", (0.45, 0.0, 1.0, 1.0)),
        ("the top middle", (0.25, 0.0, 0.75, 0.55)),
        ("die mitte", (0.2, 0.2, 0.8, 0.8)),
        ("the topping", None),
        ("from top to bottom", None),
        ("", None),
    ],
)
def test_places(said: str, part: tuple[float, float, float, float] | None) -> None:
    assert part_named(said) == part


SHOP = OcrResult(
    (
        Line(clean("EXIT"), 0.99, (60, 40, 220, 90)),
        Line(clean("Fresh bread 3.20 €"), 0.99, (600, 100, 900, 140), 1),
        Line(clean("Open until 8 p.m."), 0.99, (600, 150, 880, 190), 1),
        Line(clean("B AL 4711"), 0.95, (420, 700, 560, 740), 2),
        Line(clean("Best before 14.03.2027"), 0.9, (50, 600, 380, 630), 3),
        Line(clean("Ring 030 901820"), 0.9, (50, 640, 300, 670), 3),
    ),
    (Code("QR Code", clean("https://example.org"), (800, 600, 900, 700)),),
)


@for_each(
    ("thing", "line"),
    [
        ("label that says exit", 0),
        ("sign saying fresh bread", 1),
        ("number plate", 3),
        ("nummernschild", 3),
        ("matrícula", 3),
        ("price", 1),
        ("prix", 1),
        ("expiry date", 4),
        ("phone number", 5),
        ("open until", 2),
    ],
)
def test_things_are_found_by_their_text(thing: str, line: int) -> None:
    found = locate(thing, SHOP, SIZE)
    assert found
    assert [n for n, other in enumerate(SHOP.lines) if within(other.box, found)] == [line]


def test_codes_and_all_text_of_a_part() -> None:
    assert locate("qr code", SHOP, SIZE) == (790, 590, 910, 710)
    found = locate("label", SHOP, SIZE, part_named("top right"))
    assert found
    assert [n for n, other in enumerate(SHOP.lines) if within(other.box, found)] == [1, 2]


@pytest.mark.parametrize(
    "thing", ["label that says entrance", "dog", "bar code on the tin", "e-mail address"]
)
def test_what_is_not_there_is_not_found(thing: str) -> None:
    assert locate(thing, OcrResult(SHOP.lines), SIZE) is None


boxes = st.tuples(st.integers(0, 900), st.integers(0, 700), st.integers(1, 100), st.integers(1, 100)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(st.lists(boxes, min_size=1, max_size=5))
def test_the_box_around_holds_all_of_them_and_stays_in_the_picture(found: list[Box]) -> None:
    left, top, right, bottom = around(found, SIZE)
    assert 0 <= left < right <= SIZE[0]
    assert 0 <= top < bottom <= SIZE[1]
    assert all(left <= box[0] and top <= box[1] and right >= box[2] and bottom >= box[3] for box in found)


@given(st.sampled_from(["top", "bottom left", "right", "middle"]), st.integers(1, 5000), st.integers(1, 5000))
def test_a_part_of_any_picture_has_a_pixel_at_least(said: str, width: int, height: int) -> None:
    part = part_named(said)
    assert part
    left, top, right, bottom = box_of(part, (width, height))
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
