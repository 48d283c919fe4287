"""Doubt without an LLM that sees: what several readings agree on, and no more than was measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from pipeline.pictures.reread import differing, second_look_here
from vision.images.open import from_pixels
from vision.images.picture import Picture


def sign(text: str, size: int = 40, blur: float = 0.0) -> Picture:
    image = Image.new("RGB", (700, 160), "white")
    ImageDraw.Draw(image).text((30, 50), text, "black", ImageFont.load_default(size))
    return from_pixels(image.filter(ImageFilter.GaussianBlur(blur)), "sign.png")


def test_clear_text_is_the_same_each_time() -> None:
    assert second_look_here([sign("Open until nine tonight")]).endswith(
        "Read 3 times, each time differently, the text was the same."
    )


def test_unclear_text_is_named_or_given_up() -> None:
    said = second_look_here([sign("wharf 4711 quay illicit", 16, 2.2)])
    assert "I am not sure of" in said or "no text" in said


def test_without_text_it_says_that_it_does_not_know() -> None:
    said = second_look_here([from_pixels(Image.new("RGB", (96, 64), "navy"), "blue.png")], "de")
    assert said.startswith("Ich kann es nicht sehen, nur messen.")
    assert said.endswith("Was es zeigt, weiß ich nicht.")


def test_text_that_came_with_the_picture_is_not_in_doubt() -> None:
    page = Picture("page.pdf", Image.new("RGB", (60, 80), "white"), text="Dear Anna")
    assert "the same" in second_look_here([page])


@pytest.mark.parametrize(
    ("texts", "pairs"),
    [
        (["Exit here", "exit, here", "Exit here."], []),
        (["Exlt here", "Exit here", "Exlt here"], [("Exlt", "Exit")]),
        (["Pay 12 now", "Pay now", "Pay 17 now"], [("12", "")]),
        (["a b", "a b c"], []),
    ],
)
def test_what_differs(texts: list[str], pairs: list[tuple[str, str]]) -> None:
    assert differing(texts) == pairs


@given(st.lists(st.text("ab .", max_size=20), min_size=1, max_size=3))
def test_every_word_that_differs_is_of_the_first_text(texts: list[str]) -> None:
    assert all(word in texts[0].split() for word, _ in differing(texts))
    assert differing([texts[0], texts[0]]) == []
