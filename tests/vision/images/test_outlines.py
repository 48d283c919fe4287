"""Beside OpenCV itself: the same outlines in the same order, and the same rectangles to the last bit."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.images.outlines import Mask, hull, outlines, smallest_rectangle

RANDOM = np.random.default_rng(5)


def blots(width: int, height: int, soft: int) -> Mask:
    """Parts with holes in them, and parts in those."""
    noise = cv2.GaussianBlur(RANDOM.random((height, width)), (soft, soft), 2)
    return np.asarray(noise > np.median(noise))


def contours(mask: Mask) -> list[NDArray[Any]]:
    return list(cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0])


def test_every_part_and_every_hole_has_its_outline_in_order() -> None:
    for soft in (1, 3, 9) * 20:
        mask = blots(int(RANDOM.integers(3, 70)), int(RANDOM.integers(3, 70)), soft)
        expected = [sorted(map(tuple, cv2.convexHull(each)[:, 0].tolist())) for each in contours(mask)]
        assert [sorted(hull(outline)) for outline in outlines(mask)] == expected


def test_an_empty_mask_has_none_and_a_full_one_its_frame() -> None:
    assert outlines(np.zeros((4, 5), np.bool_)) == []
    (outline,) = outlines(np.ones((4, 5), np.bool_))
    assert sorted(hull(outline)) == [(0, 0), (0, 3), (4, 0), (4, 3)]


def test_the_smallest_rectangle_is_the_same_to_the_last_bit() -> None:
    """But where two are equally small: then it may be the other."""
    same = seen = 0
    for _ in range(40):
        mask = blots(90, 60, 9)
        for outline, contour in zip(outlines(mask), contours(mask), strict=True):
            expected = cv2.minAreaRect(contour)
            if min(expected[1]) < 3:
                continue
            corners = smallest_rectangle(outline).corners
            seen += 1
            same += np.array_equal(corners, cv2.boxPoints(expected))
            assert cv2.contourArea(corners) == pytest.approx(expected[1][0] * expected[1][1], abs=1e-3)
    assert seen > 200
    assert same >= 0.99 * seen


def test_a_line_and_a_dot_have_no_width() -> None:
    assert smallest_rectangle([(3, 3)]).short == 0
    assert smallest_rectangle([(0, 0), (5, 5), (2, 2)]).short == 0
