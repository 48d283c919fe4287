"""Colours have the names people give them, and are said to be where they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from tests.tables import for_each
from vision.describe.colours import NAMES, SAMPLES, name_indices, name_of, palette, to_lab
from vision.images.open import from_pixels

# What the names of CSS say of themselves: none of these but the pure ones stands in the table.
KNOWN = {
    "crimson": "red",
    "firebrick": "red",
    "coral": "orange",
    "darkorange": "orange",
    "gold": "yellow",
    "khaki": "yellow",
    "forestgreen": "green",
    "olivedrab": "green",
    "limegreen": "green",
    "palegreen": "green",
    "teal": "turquoise",
    "turquoise": "turquoise",
    "cyan": "turquoise",
    "navy": "blue",
    "midnightblue": "blue",
    "royalblue": "blue",
    "dodgerblue": "blue",
    "skyblue": "light_blue",
    "lightblue": "light_blue",
    "indigo": "purple",
    "rebeccapurple": "purple",
    "mediumorchid": "purple",
    "hotpink": "pink",
    "lightpink": "pink",
    "saddlebrown": "brown",
    "sienna": "brown",
    "tan": "beige",
    "wheat": "beige",
    "silver": "grey",
    "dimgrey": "grey",
    "whitesmoke": "white",
    "black": "black",
}


@for_each("css", KNOWN)
def test_well_known_colours_have_their_names(css: str) -> None:
    red, green, blue = ImageColor.getrgb(css)[:3]
    assert name_of((red, green, blue)) == KNOWN[css]


def test_the_lab_values_are_those_of_the_standard() -> None:
    """Bruce Lindbloom's calculator, D65, to a tenth: red, green, blue, mid grey."""
    rgb = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [119, 119, 119]], np.uint8)
    expected = [[53.24, 80.09, 67.20], [87.74, -86.18, 83.18], [32.30, 79.19, -107.86], [50.03, 0, 0]]
    assert np.allclose(to_lab(rgb), expected, atol=0.1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 255))
def test_what_has_no_hue_is_never_coloured(level: int) -> None:
    assert name_of((level, level, level)) in ("black", "grey", "white")


def test_each_sample_has_its_own_name() -> None:
    for name, codes in SAMPLES.items():
        colours = np.array([list(bytes.fromhex(code)) for code in codes.split()], np.uint8)
        assert {NAMES[i] for i in name_indices(colours)} == {name}


@pytest.mark.parametrize(
    ("box", "where"),
    [
        ((0, 0, 300, 60), "top"),
        ((0, 240, 300, 300), "bottom"),
        ((0, 0, 60, 300), "left"),
        ((240, 0, 300, 300), "right"),
        ((0, 0, 98, 98), "top_left"),
        ((202, 202, 300, 300), "bottom_right"),
        ((110, 110, 195, 195), "middle"),
    ],
)
def test_where_a_colour_lies_is_said(box: tuple[int, int, int, int], where: str) -> None:
    image = Image.new("RGB", (300, 300), "white")
    image.paste((200, 20, 20), box)
    white, red = palette(from_pixels(image, "p"), least=0.05)
    assert (white.name, red.name, red.where) == ("white", "red", where)
    area = (box[2] - box[0]) * (box[3] - box[1]) / 90_000
    assert red.share == pytest.approx(area, abs=0.02)
