"""Beside OpenCV's ``fillPoly`` and Clipper's rounded offset themselves."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pyclipper
from numpy.typing import NDArray

from vision.images.outlines import hull
from vision.ocr.quadrilaterals import filled, spread

RANDOM = np.random.default_rng(3)


def boxes(count: int) -> list[NDArray[Any]]:
    out = []
    for number in range(count):
        middle, size = RANDOM.uniform(0, 900, 2), RANDOM.uniform(3, (600 if number % 2 else 30, 60))
        angle = 0.0 if number % 4 == 0 else RANDOM.uniform(-90, 0)
        out.append(cv2.boxPoints((middle.tolist(), size.tolist(), angle)).astype(np.float32))
    return out


def test_a_box_grows_as_clipper_lets_it() -> None:
    for box in boxes(300):
        around = sum(np.linalg.norm(a - b) for a, b in zip(box, np.roll(box, -1, 0), strict=True))
        offset = pyclipper.PyclipperOffset()
        offset.AddPath(box, pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
        (grown,) = offset.Execute(cv2.contourArea(box) * 1.6 / around)
        assert sorted(hull(spread(box, 1.6))) == sorted(hull([tuple(point) for point in grown]))


def test_pixels_in_a_box_and_on_its_lines() -> None:
    for box in boxes(300):
        corners = (box - box.min(axis=0) + 1).astype(np.int64)
        width, height = (int(edge) for edge in corners.max(axis=0) + 2)
        mask = np.zeros((height, width), np.uint8)
        cv2.fillPoly(mask, corners.astype(np.int32)[None], 1)
        assert np.array_equal(filled(corners, width, height), mask > 0)


def test_a_box_of_no_size_does_not_grow() -> None:
    assert spread(np.full((4, 2), 7, np.float32), 1.6) == []
