"""Pixels made larger, smaller and straight, to the bit as OpenCV does it. Pure.

``resized`` is its bilinear ``resize``, ``cut_out`` its ``warpPerspective`` with cubic weights: the same
fixed-point arithmetic, so that what the text models are given, and what they read, is the same.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Shape (height, width, 3), uint8, blue first as OpenCV has it, contiguous."""

Quad = NDArray[np.float32]
"""Corners in pixels, clockwise from the upper left, shape (4, 2)."""

Whole = NDArray[np.int32]

WEIGHT = 2048
"""What the weights of a bilinear step add up to."""

STEPS = 32
"""Places between two pixels that a cubic step tells apart."""

CUBIC = -0.75
"""The slope of the cubic at a distance of one pixel."""

CUBIC_WEIGHT = 1 << 15

BLOCK = 1024
"""Pixels for which OpenCV counts from one corner."""


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Bilinear, without smoothing."""
    was_high, was_wide = pixels.shape[:2]
    if (was_wide, was_high) == (width, height):
        return pixels
    if (was_wide, was_high) == (2 * width, 2 * height):
        return _halved(pixels)
    left, right, less, more = _taps(was_wide, width)
    above, below, upper, lower = _taps(was_high, height, over_the_edge=True)
    rows = _sum(pixels, 1, (left, less[:, None]), (right, more[:, None])) >> 4
    up = upper[:, None, None] * np.take(rows, above, axis=0) >> 16
    down = lower[:, None, None] * np.take(rows, below, axis=0) >> 16
    return ((up + down + 2) >> 2).astype(np.uint8)


def _sum(pixels: Pixels, axis: int, one: tuple[Whole, Whole], other: tuple[Whole, Whole]) -> Whole:
    return np.take(pixels, one[0], axis) * one[1] + np.take(pixels, other[0], axis) * other[1]


def _halved(pixels: Pixels) -> Pixels:
    fine = pixels.astype(np.uint16)
    four = fine[::2, ::2] + fine[1::2, ::2] + fine[::2, 1::2] + fine[1::2, 1::2]
    return ((four + 2) >> 2).astype(np.uint8)


def _taps(was: int, becomes: int, over_the_edge: bool = False) -> tuple[Whole, Whole, Whole, Whole]:
    """For each place the two it is made of, and their weights.

    ``over_the_edge``: a place beyond the last keeps two weights, both of the last: they round otherwise.
    """
    at = ((np.arange(becomes) + 0.5) * (1.0 / (becomes / was)) - 0.5).astype(np.float32)
    first = np.floor(at)
    share = at - first
    if not over_the_edge:
        share[(first < 0) | (first >= was - 1)] = 0
    place = first.astype(np.int32)
    weights = (np.rint(part * np.float32(WEIGHT)).astype(np.int32) for part in (np.float32(1) - share, share))
    return np.clip(place, 0, was - 1), np.clip(place + 1, 0, was - 1), *weights


def cut_out(pixels: Pixels, quad: Quad) -> Pixels:
    """What lies within the corners, made straight; cubic, the edge of the picture goes on beyond it."""
    width, height = _across(quad, 0, 1, 3, 2), _across(quad, 0, 3, 1, 2)
    straight = _straight(width, height)
    left, top = np.floor(quad[0]).astype(int).tolist()
    part = pixels[top : top + height, left : left + width]
    as_it_is = np.array_equal(quad, straight + np.array([left, top])) and min(left, top) >= 0
    if as_it_is and part.shape[:2] == (height, width):
        return part
    return _warped(pixels, _inverse(_homography(quad, straight)), width, height)


def _across(quad: Quad, *corners: int) -> int:
    a, b, c, d = (quad[corner] for corner in corners)
    return int(max(np.linalg.norm(a - b), np.linalg.norm(c - d)))


def _straight(width: int, height: int) -> Quad:
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def _homography(source: Quad, target: Quad) -> list[float]:
    """The matrix that takes the corners ``source`` to ``target``, row by row."""
    equations = []
    for row in (0, 1):
        for place, to in zip(source, target[:, row], strict=True):
            before, after = [0.0] * 3 * row, [0.0] * 3 * (1 - row)
            factors = [*before, *place.tolist(), 1.0, *after, *(-place * to).tolist()]
            equations.append([*factors, float(to)])
    return [*_solved(equations), 1.0]


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss's elimination, step by step in the order that gives OpenCV's last bits: they round places."""
    count = len(rows)
    for i in range(count):
        most = max(range(i, count), key=lambda n: abs(rows[n][i]))
        rows[i], rows[most] = rows[most], rows[i]
        for row in rows[i + 1 :]:
            factor = row[i] * (-1 / rows[i][i])
            row[i + 1 :] = [value + factor * other for value, other in zip(row, rows[i], strict=True)][
                i + 1 :
            ]
    out = [0.0] * count
    for i in reversed(range(count)):
        rest = rows[i][count]
        for n in range(i + 1, count):
            rest -= rows[i][n] * out[n]
        out[i] = rest / rows[i][i]
    return out


def _inverse(matrix: list[float]) -> NDArray[np.float64]:
    """Shape (3, 3)."""
    a, b, c, d, e, f, g, h, i = matrix
    part = 1 / (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g))
    rows = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    return np.array(rows) * part


def _warped(pixels: Pixels, matrix: NDArray[np.float64], width: int, height: int) -> Pixels:
    x, y = np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64)[:, None]
    within = x % (BLOCK // min(16, height))  # added last, which decides some roundings
    across, down, far = (row[0] * (x - within) + row[1] * y + row[2] + row[0] * within for row in matrix)
    at_x = np.rint(across * (STEPS / far)).astype(np.int64).ravel()
    at_y = np.rint(down * (STEPS / far)).astype(np.int64).ravel()
    weights = _cubic()[(at_y % STEPS) * STEPS + at_x % STEPS]
    near = _around(pixels, at_x // STEPS, at_y // STEPS)
    made = np.einsum("nk,nkc->nc", weights, near.astype(np.float32))  # whole numbers below 2^24: exact
    out = np.clip((made[:, :3].astype(np.int32) + CUBIC_WEIGHT // 2) // CUBIC_WEIGHT, 0, 255)
    return np.asarray(out, np.uint8).reshape(height, width, 3)


def _around(pixels: Pixels, x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The 16 pixels around each place, row by row, shape (n, 16, 4); taken as one number each, for speed."""
    height, width = pixels.shape[:2]
    step = np.arange(-1, 3)
    columns = np.clip(x[:, None] + step, 0, width - 1)
    rows = np.clip(y[:, None] + step, 0, height - 1)
    (left, right), (top, bottom) = (columns.min(), columns.max() + 1), (rows.min(), rows.max() + 1)
    part = np.zeros((bottom - top, right - left, 4), np.uint8)
    part[:, :, :3] = pixels[top:bottom, left:right]
    places = (rows - top)[:, :, None] * (right - left) + (columns - left)[:, None, :]
    taken = np.take(part.view(np.uint32).ravel(), places.reshape(-1, 16))
    return np.asarray(taken.view(np.uint8), np.uint8).reshape(-1, 16, 4)


@functools.cache
def _cubic() -> NDArray[np.float32]:
    """Weights of the 16 pixels around each of 32 by 32 places between them, shape (1024, 16)."""
    x = np.arange(STEPS, dtype=np.float32) / np.float32(STEPS)
    a, one = np.float32(CUBIC), np.float32(1)
    far = ((a * (x + one) - 5 * a) * (x + one) + 8 * a) * (x + one) - 4 * a
    near = ((a + 2) * x - (a + 3)) * x * x + one
    next_ = ((a + 2) * (one - x) - (a + 3)) * (one - x) * (one - x) + one
    line = np.stack([far, near, next_, one - far - near - next_], axis=1)
    table = (line[:, None, :, None] * line[None, :, None, :]).reshape(-1, 16)
    whole = np.clip(np.rint(table * np.float32(CUBIC_WEIGHT)), -CUBIC_WEIGHT, CUBIC_WEIGHT - 1)
    return np.stack([_summed_up(row) for row in whole]).astype(np.float32)


def _summed_up(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """What rounding lacks goes to the largest of four in the middle, what it has too much to the smallest."""
    lacks = CUBIC_WEIGHT - weights.sum()
    middle = weights[[10, 11, 14, 15]]
    weights[(10, 11, 14, 15)[int(middle.argmax() if lacks > 0 else middle.argmin())]] += lacks
    return weights
