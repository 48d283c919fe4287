"""Quadrilaterals on a grid of pixels: made larger all round, and the pixels that lie in them. Pure.

The same whole numbers as Clipper 6 gives for ``JT_ROUND`` and OpenCV for ``fillPoly``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Corners = NDArray[np.float32]
"""Shape (4, 2)."""

SAGITTA = 0.25
"""Pixels by which a round corner's chords may miss the circle."""


FRACTION = 1 << 16
"""Parts of a pixel that a side's slope is counted in."""


def spread(corners: Corners, ratio: float) -> list[tuple[int, int]]:
    """Corners of what lies within a distance of the whole corners: ``ratio`` times area by circumference."""
    points = _without_repeats([(int(x), int(y)) for x, y in corners.tolist()])
    distance = _distance(corners, ratio) if len(points) > 2 else 0.0
    if not distance:
        return []
    if _area(points) < 0:
        points.reverse()
    normals = [_normal(a, b) for a, b in zip(points, points[1:] + points[:1], strict=True)]
    per_turn = min(math.pi / math.acos(1 - min(SAGITTA, distance / 4) / distance), distance * math.pi)
    out: list[tuple[int, int]] = []
    for number, point in enumerate(points):
        out += _corner(point, normals[number - 1], normals[number], distance, per_turn)
    return out


def _distance(corners: Corners, ratio: float) -> float:
    points = [(float(x), float(y)) for x, y in corners]
    around = sum(math.dist(a, b) for a, b in zip(points, points[1:] + points[:1], strict=True))
    return abs(_area(points)) * ratio / around


def _area(points: Sequence[tuple[float, float]]) -> float:
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]]))


def _without_repeats(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [point for number, point in enumerate(points) if point != points[number - 1]]


def _normal(a: tuple[int, int], b: tuple[int, int]) -> tuple[float, float]:
    across, down = b[0] - a[0], b[1] - a[1]
    by = 1 / math.sqrt(across * across + down * down)
    return down * by, -across * by


def _corner(
    point: tuple[int, int],
    before: tuple[float, float],
    after: tuple[float, float],
    distance: float,
    per_turn: float,
) -> list[tuple[int, int]]:
    """A round corner between two sides, by their normals."""
    sine = before[0] * after[1] - after[0] * before[1]
    cosine = before[0] * after[0] + before[1] * after[1]
    if abs(sine * distance) < 1 and cosine > 0:
        return [_moved(point, before, distance)]
    sine = max(-1.0, min(1.0, sine))
    if sine * distance < 0:  # it points inwards: no corner of what is sought
        return [_moved(point, before, distance), _moved(point, after, distance)]
    steps = max(_rounded(per_turn / (2 * math.pi) * abs(math.atan2(sine, cosine))), 1)
    turn_sine, turn_cosine = math.sin(2 * math.pi / per_turn), math.cos(2 * math.pi / per_turn)
    out, (x, y) = [], before
    for _ in range(steps):
        out.append(_moved(point, (x, y), distance))
        x, y = x * turn_cosine - turn_sine * y, x * turn_sine + y * turn_cosine
    return [*out, _moved(point, after, distance)]


def _moved(point: tuple[int, int], normal: tuple[float, float], distance: float) -> tuple[int, int]:
    return _rounded(point[0] + normal[0] * distance), _rounded(point[1] + normal[1] * distance)


def _rounded(value: float) -> int:
    return int(value - 0.5) if value < 0 else int(value + 0.5)


def filled(corners: NDArray[np.int64], width: int, height: int) -> NDArray[np.bool_]:
    """The pixels within and on the lines between whole corners, shape (height, width)."""
    mask = np.zeros((height, width), np.bool_)
    points = [(int(x), int(y)) for x, y in corners]
    sides = list(zip(points, points[1:] + points[:1], strict=True))
    for a, b in sides:
        x, y = _line(a, b)
        there = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        mask[y[there], x[there]] = True
    rows = np.arange(height)
    crossings = np.stack(
        [_crossing(a, b, rows) for a, b in sides if a[1] != b[1]] or [np.full(height, np.nan)]
    )
    least, most = (pick(crossings, axis=0) for pick in (np.fmin.reduce, np.fmax.reduce))
    column = np.arange(width)
    return np.asarray(mask | ((column >= least[:, None]) & (column <= most[:, None])))


def _crossing(a: tuple[int, int], b: tuple[int, int], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Where a side crosses each row; NaN where it does not."""
    (x, top), (to, bottom) = sorted((a, b), key=lambda point: point[1])
    slope = int((to - x) * FRACTION / (bottom - top))
    at = x + (rows - top) * slope / FRACTION
    return np.where((rows >= top) & (rows < bottom), at, np.nan)


def _line(a: tuple[int, int], b: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Bresenham's, from left to right."""
    (x, y), (to_x, to_y) = sorted((a, b), key=lambda point: point[0]) if a[0] != b[0] else (a, b)
    across, down = to_x - x, to_y - y
    count = max(abs(across), abs(down))
    steps = np.arange(count + 1)
    minor = -((count - 2 * min(abs(across), abs(down)) * steps) // max(2 * count, 1))
    if abs(across) >= abs(down):
        return x + steps, y + int(np.sign(down)) * minor
    return x + int(np.sign(across)) * minor, y + int(np.sign(down)) * steps
