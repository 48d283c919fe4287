"""Beside OpenCV's own ``CascadeClassifier``, on the portrait of test_faces.py and on grain."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFilter

from vision.describe.cascade import Cascade, Grey, equalised
from vision.describe.faces import CASCADES

FACE = Path(__file__).with_name("face.jpg")
PACKED = Path(__file__).parents[3] / "vision" / "describe" / "cascades"


def scene(*places: tuple[int, int, int]) -> Grey:
    """The face at each (x, y, size)."""
    image = Image.fromarray(np.random.default_rng(2).integers(60, 200, (240, 320), dtype=np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(1.5))
    for x, y, size in places:
        image.paste(Image.open(FACE).convert("L").resize((size, size)).rotate(x % 7), (x, y))
    return equalised(np.asarray(image))


@pytest.mark.parametrize("name", CASCADES)
@pytest.mark.parametrize(
    ("places", "hits"),
    [
        ((), 1),
        (((40, 30, 150),), 5),
        (((5, 5, 90), (150, 60, 170)), 1),
        (((5, 5, 90), (150, 60, 170)), 5),
        (((250, 150, 120),), 1),
    ],
)
def test_the_same_boxes(name: str, places: tuple[tuple[int, int, int], ...], hits: int) -> None:
    folder, grey = Path(cv2.__file__).parent / "data", scene(*places)
    theirs = cv2.CascadeClassifier(str((folder / name).with_suffix(".xml")))
    found = theirs.detectMultiScale(grey, scaleFactor=1.12, minNeighbors=hits, minSize=(20, 20))
    expected = sorted((int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in found)
    assert sorted(Cascade(PACKED / name).find(grey, step=1.12, least=20, hits=hits)) == expected


def test_a_picture_smaller_than_a_face_has_none() -> None:
    assert Cascade(PACKED / CASCADES[0]).find(np.zeros((9, 9), np.uint8), step=1.1, least=20, hits=1) == []


def test_grey_levels_are_evened_out() -> None:
    for brightest in (1, 40, 256):
        grey = np.random.default_rng(1).integers(0, brightest, (50, 60), dtype=np.uint8)
        assert np.array_equal(equalised(grey), cv2.equalizeHist(grey))
