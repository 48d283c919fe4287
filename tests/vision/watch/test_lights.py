"""A traffic light, drawn as a camera sees it: by day and by night, near and far."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.tables import for_each
from vision.images.open import from_pixels
from vision.watch.lights import LightWatch, Rgb, Turned, lamps, small

LIT = {"red": "#ff2a1a", "yellow": "#ffb400", "green": "#1ce8a0"}
PLACES = {"red": 0, "yellow": 1, "green": 2}


def crossing(*lit: str, across: int = 30, sky: str = "#9fb4c8") -> Image.Image:
    """A head with three lamps, those named lit, at the upper right of a photo of 640 by 480."""
    image = Image.new("RGB", (640, 480), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 350, 640, 480), "#4a4a4c")
    left, top = 450, 60
    draw.rectangle((left, top, left + across * 1.4, top + across * 3.8), "#141414")
    for name, place in PLACES.items():
        y = top + across * (0.2 + 1.2 * place)
        fill = LIT[name] if name in lit else "#2c2620"
        draw.ellipse((left + 0.2 * across, y, left + 1.2 * across, y + across), fill)
    return image.filter(ImageFilter.GaussianBlur(0.75))


def seen(image: Image.Image) -> Rgb:
    grain = np.random.default_rng(4).normal(0, 5, (image.height, image.width, 1))
    return small(
        from_pixels(Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)), "x")
    )


def turned(*states: tuple[float, Image.Image]) -> list[Turned]:
    """Each state is shown from its time on until the next one's, five times a second; the last for 2 s."""
    watch, told = LightWatch(), []
    ends = [at for at, _ in states[1:]] + [states[-1][0] + 2]
    for (at, image), end in zip(states, ends, strict=True):
        frame = seen(image)
        for moment in np.arange(at, end - 0.01, 0.2):
            told += watch.push(frame, float(moment))
    return told


@for_each("colour", ["red", "yellow", "green"])
@for_each("across", [12, 30, 55])
def test_the_lit_lamp_is_found(colour: str, across: int) -> None:
    found = lamps(seen(crossing(colour, across=across)))
    assert [lamp.colour for lamp in found] == [colour]
    assert found[0].across == pytest.approx(across / 2, rel=0.35)


@pytest.mark.parametrize("sky", ["#9fb4c8", "#05060a"])
def test_red_to_green_is_told_once_and_at_once(sky: str) -> None:
    (told,) = turned((0, crossing("red", sky=sky)), (4, crossing("green", sky=sky)))
    assert (told.before, told.colour) == ("red", "green")
    assert 4.0 <= told.at <= 4.5
    assert told.x == pytest.approx(471 / 640, abs=0.02)


def test_the_european_way_over_red_and_yellow() -> None:
    told = turned(
        (0, crossing("red")), (3, crossing("red", "yellow")), (4, crossing("green")), (9, crossing("yellow"))
    )
    assert [(t.before, t.colour) for t in told] == [("red", "green"), ("green", "yellow")]


def test_a_light_that_is_hidden_for_a_while_is_the_same_light() -> None:
    told = turned((0, crossing("red")), (2, crossing()), (5, crossing("green")))
    assert [t.colour for t in told] == ["green"]


def test_a_light_that_stays_and_things_of_its_colours_are_quiet() -> None:
    assert turned((0, crossing("red")), (3, crossing("red"))) == []
    meadow = Image.new("RGB", (640, 480), "#3a9a3a")
    ImageDraw.Draw(meadow).rectangle((100, 100, 450, 350), "#c01818")
    assert lamps(seen(meadow)) == []
