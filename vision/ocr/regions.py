"""From words to a part of the picture: "at the top left", "unten rechts", "au milieu", "abajo". Pure.

What a place is called in a language is told in ``config/language/LANGUAGE/zoom.toml``.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping

from config.language.data import languages, table
from config.language.normalise import words_only
from vision.ocr.layout import Box

Part = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the picture, 0 to 1."""

NEAR, FAR = 0.55, 0.45
"""A half reaches a little over the middle: what a person calls "on the left" may end there."""


@functools.cache
def _places() -> Mapping[str, str]:
    """Of each word that names a place, in any language, normalised: ``top``, ``left``, ``middle``, ..."""
    named = [table(language, "zoom")["places"] for language in languages()]
    return {words_only(word): place for each in named for place, words in each.items() for word in words}


def place_words() -> Collection[str]:
    """Every word that names a place, normalised."""
    return _places().keys()


def part_named(text: str) -> Part | None:
    """The part that ``text`` names, in any of our languages; None: none."""
    places = _places()
    said = {places[word] for word in words_only(text).split() if word in places}
    if not said or {"top", "bottom"} <= said or {"left", "right"} <= said:
        return None
    across = _span(said, "left", "right")
    down = _span(said, "top", "bottom")
    if said == {"middle"}:
        return (0.2, 0.2, 0.8, 0.8)
    return (across[0], down[0], across[1], down[1])


def _span(said: set[str], first: str, last: str) -> tuple[float, float]:
    if first in said:
        return 0.0, NEAR
    if last in said:
        return FAR, 1.0
    return (0.25, 0.75) if "middle" in said else (0.0, 1.0)


def box_of(part: Part, size: tuple[int, int]) -> Box:
    """The part in pixels of a picture of ``size``."""
    width, height = size
    return (
        int(part[0] * width),
        int(part[1] * height),
        max(int(part[0] * width) + 1, round(part[2] * width)),
        max(int(part[1] * height) + 1, round(part[3] * height)),
    )


def within(inner: Box, outer: Box) -> bool:
    """Whether the middle of one lies in the other."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x < outer[2] and outer[1] <= y < outer[3]


def around(boxes: list[Box], size: tuple[int, int], margin: float = 0.3, least: int = 48) -> Box:
    """The box around all of them, with ``margin`` of their thinnest one on each side, cut to the
    picture, and at least ``least`` pixels wide and high where the picture is.
    """
    pad = max(8, round(margin * min(min(box[2] - box[0], box[3] - box[1]) for box in boxes)))
    left, top = min(box[0] for box in boxes) - pad, min(box[1] for box in boxes) - pad
    right, bottom = max(box[2] for box in boxes) + pad, max(box[3] for box in boxes) + pad
    across, down = max(0, least - (right - left)) // 2, max(0, least - (bottom - top)) // 2
    return (
        max(0, left - across),
        max(0, top - down),
        min(size[0], right + across),
        min(size[1], bottom + down),
    )
