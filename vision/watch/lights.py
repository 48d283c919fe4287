"""Lamps that are lit, and the moment at which one takes another's place: a light turns green. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from vision.images.outlines import joined, runs_of

if TYPE_CHECKING:
    from vision.images.picture import Picture

Rgb = NDArray[np.uint8]
"""Shape (height, width, 3)."""

Colour = Literal["red", "yellow", "green"]

WIDTH = 320
"""Pixels across of the picture in which lights are sought: one of a hundredth of its width is seen."""

HUES: tuple[tuple[Colour, float, float], ...] = (
    ("red", 340, 16),
    ("yellow", 28, 62),
    ("green", 95, 185),
)
"""Degrees; the green of traffic lights leans to blue (EN 12368 and its like)."""

SATURATED, BRIGHT = 0.5, 0.6
"""Of HSV, each 0 to 1, from which a pixel may be of a lit lamp."""

SMALLEST, LARGEST = 9, 0.02
"""Pixels, and the share of the picture, that a lamp covers."""

GONE_S = 10.0
"""Seconds without any lamp after which a light is forgotten."""


@dataclass(frozen=True, slots=True)
class Lamp:
    colour: Colour
    x: float
    y: float
    across: float
    """Pixels of the small picture, as are ``x`` and ``y``."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A light that showed ``before`` shows ``colour``."""

    at: float
    colour: Colour
    before: Colour
    x: float
    y: float
    """Where, as shares of the picture."""


@dataclass(frozen=True, slots=True)
class _Head:
    lamp: Lamp
    seen: float
    next: Colour | None = None
    """Seen once in its place: it takes two to be sure."""


class LightWatch:
    """Push small pictures with their times; each light that turned comes out once."""

    def __init__(self) -> None:
        self._heads: list[_Head] = []

    def push(self, rgb: Rgb, at: float) -> list[Turned]:
        lit, turned, heads = lamps(rgb), list[Turned](), list[_Head]()
        free = list(lit)
        for head in self._heads:
            near = [lamp for lamp in free if _same_light(head.lamp, lamp)]
            free = [lamp for lamp in free if lamp not in near]
            same = next((lamp for lamp in near if lamp.colour == head.lamp.colour), None)
            other = next(iter(near), None)
            if same:
                heads.append(_Head(same, at))
            elif other and head.next == other.colour:
                height, width = rgb.shape[:2]
                turned.append(Turned(at, other.colour, head.lamp.colour, other.x / width, other.y / height))
                heads.append(_Head(other, at))
            elif other:
                heads.append(replace(head, seen=at, next=other.colour))
            elif at - head.seen < GONE_S:
                heads.append(replace(head, next=None))
        self._heads = heads + [_Head(lamp, at) for lamp in free]
        return turned


def _same_light(one: Lamp, other: Lamp) -> bool:
    """Of one size, and above each other or in one place, as the lamps of one light are."""
    size = max(one.across, other.across)
    alike = 0.5 <= one.across / other.across <= 2.0
    return alike and abs(one.x - other.x) <= 1.5 * size and abs(one.y - other.y) <= 6 * size


def lamps(rgb: Rgb) -> list[Lamp]:
    """Round bright spots of one of the colours, the largest first."""
    rows, columns = _vivid(rgb)
    hue, saturated, bright = _hsv(rgb[rows, columns])
    lit = (saturated >= SATURATED) & (bright >= BRIGHT)
    found, spot = [], np.zeros(rgb.shape[:2], np.bool_)
    for colour, first, last in HUES:
        of_hue = (hue >= first) & (hue < last) if first < last else (hue >= first) | (hue < last)
        spot[rows, columns] = here = lit & of_hue
        for left, top, right, bottom, area, x, y in _spots(spot) if here.any() else ():
            width, height = right - left, bottom - top
            round_enough = 0.6 <= width / height <= 1.7 and area >= 0.6 * width * height
            if SMALLEST <= area <= LARGEST * spot.size and round_enough:
                found.append(Lamp(colour, x, y, 2 * math.sqrt(area / math.pi)))
    return sorted(found, key=lambda lamp: -lamp.across)


def _vivid(rgb: Rgb) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where a pixel may be ``SATURATED`` and ``BRIGHT``, in whole numbers: mostly next to nowhere."""
    red, green, blue = (rgb[..., part] for part in range(3))
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    rows, columns = np.nonzero((most >= int(255 * BRIGHT)) & (least <= most * np.float32(1 - SATURATED) + 1))
    return rows, columns


def _spots(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int, int, int, int, float, float]]:
    """Of each part: left, top, right, bottom, pixels, and the middle of them."""
    runs = runs_of(mask)
    owner = joined(runs, mask.shape[1] + 2, 1)
    for number in np.unique(owner):
        row, first, last = (each[owner == number] for each in runs)
        long = last - first + 1
        area = int(long.sum())
        x, y = float(((first + last) * long).sum()) / 2 / area, float((row * long).sum()) / area
        yield int(first.min()), int(row[0]), int(last.max()) + 1, int(row[-1]) + 1, area, x, y


def _hsv(rgb: Rgb) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Hue in degrees, saturation and value 0 to 1."""
    red, green, blue = (rgb[..., n].astype(np.float64) / 255 for n in range(3))
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    chroma = np.maximum(most - least, 1e-9)
    hue = np.where(
        most == red,
        (green - blue) / chroma % 6,
        np.where(most == green, (blue - red) / chroma + 2, (red - green) / chroma + 4),
    )
    return hue * 60, np.where(most > 0, (most - least) / np.maximum(most, 1e-9), 0.0), most


def small(picture: Picture) -> Rgb:
    """What ``LightWatch`` takes of a picture. Blocking, a few milliseconds."""
    from vision.images.scale import fit

    scale = WIDTH / picture.image.width
    edge = round(scale * max(picture.image.size)) if scale < 1 else max(picture.image.size)
    return np.asarray(fit(picture.image, edge), np.uint8)
