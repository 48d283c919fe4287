"""Where lines of text are: PP-OCR's detector, a picture to a map of what is text, and boxes around its parts.

The steps after the model are those of Differentiable Binarization (M. Liao and others, 2020) as PaddleOCR and
RapidOCR do them, with their limits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.images.outlines import outlines, smallest_rectangle
from vision.images.warp import Pixels, resized
from vision.ocr.quadrilaterals import filled, spread

TEXT = 0.3
"""Share from which a place of the map counts as text."""

BOX = 0.5
"""Mean share under which a box is dropped."""

SPREAD = 1.6
"""The map shows lines thinner than they are: their boxes grow by this, times area by circumference."""

THINNEST = 3
"""Pixels of the map; a box that has grown is at least two more."""

MOST = 1000

ROW = 10
"""Pixels between the upper edges of boxes of one row."""

GRAIN = 32
"""The model takes sides of a multiple of this."""

Map = NDArray[np.float32]

_LEVELS = ((np.arange(256, dtype=np.float32) * (1 / 255.0) - np.float64(0.5)) / np.float64(0.5)).astype(
    np.float32
)


def lines(session: Any, pixels: Pixels, largest: int) -> NDArray[np.float32]:
    """Corners in pixels, row by row, shape (n, 4, 2), each clockwise from the upper left.

    ``largest``: the longer edge that the model is given at most.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, largest / max(height, width))
    high, wide = (round(int(edge * scale) / GRAIN) * GRAIN for edge in (height, width))
    if not high or not wide:
        return np.zeros((0, 4, 2), np.float32)
    shares = session.run(None, {session.get_inputs()[0].name: _given(resized(pixels, wide, high))})[0][0, 0]
    return _in_rows(_boxes(shares, width, height))


def _given(pixels: Pixels) -> NDArray[np.float32]:
    """Colour by colour, so that there are no two of it: it is 29 MB of a page."""
    return np.stack([_LEVELS[pixels[:, :, colour]] for colour in range(pixels.shape[2])])[None]


def _boxes(shares: Map, width: int, height: int) -> NDArray[np.float32]:
    boxes = []
    for outline in outlines(_thickened(shares > TEXT))[:MOST]:
        box = smallest_rectangle(outline)
        if box.short < THINNEST or _mean(shares, corners := _ordered(box.corners)) < BOX:
            continue
        grown = smallest_rectangle(spread(corners, SPREAD))
        if grown.short >= THINNEST + 2:
            boxes.append(_fitted(_ordered(grown.corners), shares, width, height))
    return np.array([box for box in boxes if _is_line(box)], np.float32).reshape(-1, 4, 2)


def _thickened(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """By a pixel, to the right and downwards."""
    out = mask.copy()
    out[1:] |= mask[:-1]
    out[:, 1:] |= out[:, :-1].copy()
    return out


def _ordered(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Clockwise from the upper left."""
    a, b, c, d = sorted(corners, key=lambda corner: float(corner[0]))
    (upper_left, lower_left) = (a, b) if b[1] > a[1] else (b, a)
    (upper_right, lower_right) = (c, d) if d[1] > c[1] else (d, c)
    return np.array([upper_left, upper_right, lower_right, lower_left])


def _mean(shares: Map, corners: NDArray[np.float32]) -> float:
    """How sure the model is, within the corners."""
    height, width = shares.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1)).tolist()
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1)).tolist()
    part = shares[top : bottom + 1, left : right + 1]
    within = filled(
        (corners - np.array([left, top], np.float32)).astype(np.int64), part.shape[1], part.shape[0]
    )
    return float(part[within].mean(dtype=np.float64))


def _fitted(corners: NDArray[np.float32], shares: Map, width: int, height: int) -> NDArray[np.int32]:
    """From places of the map to whole pixels of the picture, within it."""
    x = np.clip(np.round(corners[:, 0] / shares.shape[1] * width), 0, width)
    y = np.clip(np.round(corners[:, 1] / shares.shape[0] * height), 0, height)
    box = _ordered(np.stack([x, y], axis=1).astype(np.int32))
    return np.minimum(box, (width - 1, height - 1))


def _is_line(box: NDArray[np.int32]) -> bool:
    return int(np.linalg.norm(box[0] - box[1])) > 3 and int(np.linalg.norm(box[0] - box[3])) > 3


def _in_rows(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """From top to bottom, in a row from left to right."""
    boxes = boxes[np.argsort(boxes[:, 0, 1], kind="stable")]
    row = np.cumsum(np.diff(boxes[:, 0, 1], prepend=boxes[:1, 0, 1]) >= ROW)
    return boxes[np.lexsort((boxes[:, 0, 0], row))]
