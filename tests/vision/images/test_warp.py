"""Beside OpenCV itself, to the bit."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from vision.images.warp import Pixels, Quad, cut_out, resized

RANDOM = np.random.default_rng(7)


def grain(width: int, height: int) -> Pixels:
    return RANDOM.integers(0, 256, (height, width, 3), dtype=np.uint8)


def cut_by_opencv(pixels: Pixels, quad: Quad) -> Pixels:
    width = int(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))
    height = int(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))
    straight = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, straight)
    straightened = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straightened, np.uint8)


def test_every_size_becomes_every_other() -> None:
    for _ in range(120):
        (width, height), (wide, high) = RANDOM.integers(1, 200, 2), RANDOM.integers(1, 300, 2)
        pixels = grain(width, height)
        expected = cv2.resize(pixels, (int(wide), int(high)))
        assert np.array_equal(resized(pixels, int(wide), int(high)), expected)


@pytest.mark.parametrize(("wide", "high"), [(60, 40), (120, 40), (60, 80), (120, 80)])
def test_halves_and_what_stays(wide: int, high: int) -> None:
    pixels = grain(120, 80)
    assert np.array_equal(resized(pixels, wide, high), cv2.resize(pixels, (wide, high)))


def test_whatever_lies_aslant_is_cut_out_straight() -> None:
    pixels = np.asarray(cv2.GaussianBlur(grain(300, 200), (5, 5), 1), np.uint8)
    for number in range(200):
        x, y, width, height = (int(n) for n in RANDOM.integers((5, 5, 20, 8), (60, 60, 280, 60)))
        quad = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
        if number % 3:  # and over the edge
            quad += RANDOM.integers(-9, 10, (4, 2)).astype(np.float32)
        if number % 3 == 2:
            quad = (quad * RANDOM.uniform(0.5, 2)).astype(np.float32)
        assert np.array_equal(cut_out(pixels, quad), cut_by_opencv(pixels, quad))
