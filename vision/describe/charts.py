"""A chart known by its text: figures that climb evenly beside it, words in a row below it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from vision.ocr.read import Spot

LEAST = 3
"""Figures up an axis, or marks along one, that make it one."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Its text; empty where there is none."""

    title: str = ""
    upwards: tuple[str, str] | None = None
    """The lowest and the highest figure of the upright axis."""
    along: tuple[str, str] | None = None
    """The first and the last mark of the axis below."""
    names: tuple[str, ...] = ()
    """What the axes are called: along, upwards."""


def chart_in(spots: Sequence[Spot], size: tuple[int, int]) -> Chart | None:
    """None where the text does not surely stand as a chart's does."""
    if len(spots) < 2 * LEAST:
        return None
    ticks = _climbing(spots)
    if not ticks:
        return None
    height = median(spot.box[3] - spot.box[1] for spot in ticks)
    right = max(spot.box[2] for spot in ticks)
    below = [
        s
        for s in spots
        if s not in ticks and _middle(s)[1] > _middle(ticks[0])[1] - 0.5 * height and s.box[2] > right
    ]
    along = _row(below, height)
    if along is None:
        return None
    top = min(spot.box[1] for spot in ticks)
    foot = max(spot.box[3] for spot in along)
    named_along = [s.text for s in below if s.box[1] >= foot - 0.3 * height and s not in along]
    upright = [s.text for s in spots if _is_upright(s) and s.box[2] <= right and s not in ticks]
    title = [
        s
        for s in spots
        if s not in ticks and s.box[3] <= top + 0.5 * height and not _is_upright(s) and _is_central(s, size)
    ]
    names = tuple(named_along[:1] + upright[:1])
    marks = " ".join(spot.text for spot in along).split()
    first, last = (along[0].text, along[-1].text) if len(along) > 1 else (marks[0], marks[-1])
    return Chart(" ".join(s.text for s in title[:2]), (ticks[0].text, ticks[-1].text), (first, last), names)


def _climbing(spots: Sequence[Spot]) -> list[Spot]:
    """Figures below each other at even distances whose values climb evenly as well: from the lowest up."""
    figures = [spot for spot in spots if _value(spot.text) is not None]
    best: list[Spot] = []
    for anchor in figures:
        for edge in (2, 0):  # their right or their left edges are in line
            near = 0.8 * (anchor.box[3] - anchor.box[1])
            column = [spot for spot in figures if abs(spot.box[edge] - anchor.box[edge]) <= near]
            column.sort(key=lambda spot: -spot.box[3])
            if len(column) > len(best) and len(column) >= LEAST and _even(column):
                best = column
    return best


def _even(column: list[Spot]) -> bool:
    places = [b - a for a, b in pairwise(_middle(spot)[1] for spot in column)]
    steps = [b - a for a, b in pairwise(_value(spot.text) or 0.0 for spot in column)]
    step, gap = median(steps), median(places)
    if step <= 0 or gap >= 0:
        return False
    return all(abs(p - gap) <= 0.15 * abs(gap) for p in places) and all(
        abs(s - step) <= 0.05 * abs(step) for s in steps
    )


def _row(below: list[Spot], height: float) -> list[Spot] | None:
    """The first row under the plot with marks enough: several spots, or one with several words."""
    for first in sorted(below, key=lambda spot: _middle(spot)[1]):
        row = [s for s in below if abs(_middle(s)[1] - _middle(first)[1]) <= 0.6 * height]
        row.sort(key=lambda spot: spot.box[0])
        if len(row) >= LEAST or sum(len(spot.text.split()) for spot in row) >= LEAST + 1:
            return row
    return None


def _value(text: str) -> float | None:
    """Of "1,200", "35 %", "-4", "2.5k"; None for anything else."""
    match = re.fullmatch(r"[€$£]? ?([-−–]?\d[\d,.\s]*)( ?[%kKMm°]?C?| ?€| ?EUR)", text.strip())
    if not match:
        return None
    plain = re.sub(r"[\s,](?=\d{3}\b)", "", match[1].strip()).replace("−", "-").replace("–", "-")
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return None


def _middle(spot: Spot) -> tuple[float, float]:
    return (spot.box[0] + spot.box[2]) / 2, (spot.box[1] + spot.box[3]) / 2


def _is_upright(spot: Spot) -> bool:
    width, height = spot.box[2] - spot.box[0], spot.box[3] - spot.box[1]
    return len(spot.text) > 2 and height > 1.5 * width


def _is_central(spot: Spot, size: tuple[int, int]) -> bool:
    return 0.25 * size[0] <= _middle(spot)[0] <= 0.75 * size[0] and _value(spot.text) is None
