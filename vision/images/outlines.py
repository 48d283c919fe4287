"""Outlines of the parts of a mask, and the smallest rectangle, of any slant, around one. Pure.

To the last bit what OpenCV's ``findContours``, ``minAreaRect`` and ``boxPoints`` give, in their order, as far
as a rectangle can tell: of an outline only the points are given that may be corners of its hull.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

Mask = NDArray[np.bool_]

Point = tuple[int, int]


class Runs(NamedTuple):
    """Stretches of a row that are set, from top to bottom and from left to right."""

    row: Whole
    first: Whole
    last: Whole


class Rectangle(NamedTuple):
    corners: NDArray[np.float32]
    """Shape (4, 2)."""
    short: float
    """Length of the shorter side."""


def outlines(mask: Mask) -> list[list[Point]]:
    """Of every part (pixels that touch, if only by a corner) and of every hole in one; the lowest first."""
    height, width = mask.shape
    around = np.ones((height + 2, width + 2), np.bool_)
    around[1:-1, 1:-1] = ~mask
    parts, gaps = runs_of(mask), runs_of(around)
    found = _grouped(parts, joined(parts, width + 2, 1), hole=False)
    owner = joined(gaps, width + 4, 0)
    inner = owner != owner[0]
    holes = Runs(gaps.row[inner] - 1, gaps.first[inner] - 1, gaps.last[inner] - 1)
    found += _grouped(holes, owner[inner], hole=True)
    return [outline for _, outline in sorted(found, key=lambda each: each[0], reverse=True)]


def runs_of(mask: Mask) -> Runs:
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, first = np.nonzero(steps == 1)
    return Runs(row, first, np.nonzero(steps == -1)[1] - 1)


def joined(runs: Runs, width: int, reach: int) -> Whole:
    """For each run the first run of its part. ``reach`` 1: runs whose corners touch belong together."""
    starts, ends = runs.row * width + runs.first, runs.row * width + runs.last
    below = np.searchsorted(ends, starts + width - reach, "left").tolist()
    beyond = np.searchsorted(starts, ends + width + reach, "right").tolist()
    first = list(range(len(starts)))
    for run, (start, end) in enumerate(zip(below, beyond, strict=True)):
        for other in range(start, end):
            one, two = _first(first, run), _first(first, other)
            first[max(one, two)] = min(one, two)
    return np.array([_first(first, run) for run in range(len(first))], np.int64)


def _first(first: list[int], run: int) -> int:
    while first[run] != run:
        first[run] = run = first[first[run]]
    return run


def _grouped(runs: Runs, owner: Whole, *, hole: bool) -> list[tuple[Point, list[Point]]]:
    """Each part's outline, with the place (row, column) at which a search by rows comes upon it."""
    order = np.argsort(owner, kind="stable")
    cuts = np.flatnonzero(np.diff(owner[order])) + 1
    found = []
    for group in np.split(order, cuts) if len(order) else []:
        row, first, last = (each[group].tolist() for each in runs)
        ends = [(x, y) for y, left, right in zip(row, first, last, strict=True) for x in (left, right)]
        if hole:  # its outline is that of the pixels around it
            ends = [(x + dx, y + dy) for x, y in ends for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1))]
        found.append(((row[0], first[0] - hole), ends))
    return found


def hull(points: list[Point]) -> list[Point]:
    """Corners of the convex hull, without those on a side, clockwise as seen on a screen."""
    points = sorted(set(points))
    if len(points) < 3:
        return points
    return _half(points)[:-1] + _half(points[::-1])[:-1]


def _half(points: list[Point]) -> list[Point]:
    out: list[Point] = []
    for point in points:
        while len(out) > 1 and _turn(out[-2], out[-1], point) <= 0:
            out.pop()
        out.append(point)
    return out


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def smallest_rectangle(points: list[Point]) -> Rectangle:
    """The rectangle of least area around the points; the order of its corners is OpenCV's."""
    corners = hull(points)
    if len(corners) < 3:
        return Rectangle(np.array(corners * 4, np.float32)[:4], 0.0)
    highest = corners.index(min(corners, key=lambda corner: (corner[1], corner[0])))
    corners = corners[highest + 1 :] + corners[: highest + 1]
    sides, touched = _calipers(corners)
    at = np.array(corners, np.float32)
    along = np.roll(at, -1, axis=0) - at
    lengths = np.sqrt((along.astype(np.float64) ** 2).sum(axis=1))
    unit = (along * (1 / lengths).astype(np.float32)[:, None])[sides[:, 0]]
    x = np.choose(sides[:, 1], [unit[:, 0], unit[:, 1], -unit[:, 0], -unit[:, 1]])
    y = np.choose(sides[:, 1], [unit[:, 1], -unit[:, 0], -unit[:, 1], unit[:, 0]])
    bottom, right, top, left = (at[touched[:, side]] for side in range(4))
    across, down = right - left, top - bottom
    wide = across[:, 0] * x + across[:, 1] * y
    high = -down[:, 0] * y + down[:, 1] * x
    areas = wide * high
    best = int(np.flatnonzero(areas == areas.min())[-1])
    return _rectangle(x[best], y[best], wide[best], high[best], left[best], bottom[best])


def _calipers(corners: list[Point]) -> tuple[Whole, Whole]:
    """Each side of the hull laid against one of four calipers, as they turn by a quarter.

    Returns per step (side of the hull, caliper), and the corners that the four calipers then touch.
    """
    count = len(corners)
    x, y = [corner[0] for corner in corners], [corner[1] for corner in corners]
    along = [(x[(i + 1) % count] - x[i], y[(i + 1) % count] - y[i]) for i in range(count)]
    at = [y.index(min(y)), x.index(max(x)), y.index(max(y)), x.index(min(x))]
    sides, touched = [], []
    for _ in range(count):
        first, way = 0, along[at[0]]
        for caliper in (1, 2, 3):
            dx, dy = along[at[caliper]]
            turned = ((dy, -dx), (-dx, -dy), (-dy, dx))[caliper - 1]
            if turned[1] * way[0] - turned[0] * way[1] < 0:
                first, way = caliper, turned
        sides.append((at[first], first))
        at[first] = (at[first] + 1) % count
        touched.append(tuple(at))
    return np.array(sides), np.array(touched)


def _rectangle(
    x: np.float32, y: np.float32, wide: np.float32, high: np.float32, left: Whole, bottom: Whole
) -> Rectangle:
    """From a direction, two lengths and two points of the sides; each step rounded as OpenCV rounds it."""
    one, two = x * left[0] + left[1] * y, -y * bottom[0] + bottom[1] * x
    scale = np.float32(1) / (x * x - -y * y)
    across, down = (x * wide, y * wide), (-y * high, x * high)
    half = np.float32(0.5)
    middle = (
        (one * x - two * y) * scale + (across[0] + down[0]) * half,
        (x * two - -y * one) * scale + (across[1] + down[1]) * half,
    )
    long, wide_ = (np.float32(math.hypot(*map(float, each))) for each in (across, down))
    angle = np.float32(math.atan2(-float(across[0]), float(across[1])) * 180 / math.pi)
    width, height = wide_, long
    if angle >= 0:  # never 0: it is a quarter turn less, and the sides change their names
        angle, width, height = np.float32(-90), long, wide_
    return Rectangle(_corners(middle, width, height, angle), float(min(width, height)))


def _corners(
    middle: tuple[np.float32, np.float32], width: np.float32, height: np.float32, degrees: np.float32
) -> NDArray[np.float32]:
    angle = float(degrees) * math.pi / 180
    cos, sin = (np.float32(each) * np.float32(0.5) for each in (math.cos(angle), math.sin(angle)))
    (x, y), tall, wide = middle, (sin * height, cos * height), (cos * width, sin * width)
    return np.array(
        [
            (x - tall[0] - wide[0], y + tall[1] - wide[1]),
            (x + tall[0] - wide[0], y - tall[1] - wide[1]),
            (x + tall[0] + wide[0], y - tall[1] + wide[1]),
            (x - tall[0] + wide[0], y + tall[1] + wide[1]),
        ],
        np.float32,
    )
