"""From words to a part of the picture: "at the top left", "unten rechts", "au milieu", "abajo". Pure."""

from __future__ import annotations

import functools
import re

from vision.ocr.layout import Box

Part = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the picture, 0 to 1."""

_WORDS = {
    "top": "top|upper|uppermost|oben|obere[nmrs]?|oberste[nmrs]?|haut|supérieure?|arriba|superior|alto",
    "bottom": "bottom|lower|lowest|unten|untere[nmrs]?|unterste[nmrs]?|bas|inférieure?|abajo|inferior|bajo",
    "left": "left|left-hand|links|linke[nmrs]?|gauche|izquierd[ao]",
    "right": "right|right-hand|rechts|rechte[nmrs]?|droite?|derech[ao]",
    "middle": "middle|centre|center|central|mitte|mittlere[nmrs]?|milieu|centro|medio",
}

NEAR, FAR = 0.55, 0.45
"""A half reaches a little over the middle: what a person calls "on the left" may end there."""


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b(?:{words})\b") for name, words in _WORDS.items()}


def place_words() -> str:
    """A pattern for any word that names a place."""
    return "|".join(_WORDS.values())


def part_named(text: str) -> Part | None:
    """The part that ``text`` (small letters) names, in English, German, French or Spanish; None: none."""
    said = {name for name, pattern in _patterns().items() if pattern.search(text)}
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
