"""Faces that look at the camera: how many, and where. Two of OpenCV's cascades for them must agree.

Nobody is recognised, and nothing is said of age, mood or anything else. The cascades (P. Viola and M. Jones,
2001; R. Lienhart and J. Maydt, 2002) lie in the wheels of OpenCV 4; OpenCV 5 has neither them nor the class
that runs them, and then faces are not looked for.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vision.layout import Box

if TYPE_CHECKING:
    from vision.image import Picture

CASCADES = ("haarcascade_frontalface_alt2.xml", "haarcascade_frontalface_default.xml")
EDGE = 640
"""Pixels of the longer edge at which faces are sought ..."""

SMALLEST = 0.045
"""... and the smallest face, as a share of it: what is smaller is too often a leaf."""

NEIGHBOURS = 5
"""Hits close to each other that make a face, for each cascade."""


def faces_in(picture: Picture) -> tuple[Box, ...] | None:
    """Boxes in pixels of ``picture.image``, from left to right; None: faces cannot be looked for here.

    Blocking, half a second. A face in profile or half hidden is not found.
    """
    detectors = _detectors()
    if len(detectors) < len(CASCADES):
        return None
    import cv2

    from vision.image import fit

    work = fit(picture.image, EDGE)
    grey = cv2.equalizeHist(np.asarray(work.convert("L")))
    least = max(20, round(SMALLEST * max(work.size)))
    first, second = (
        detector.detectMultiScale(grey, scaleFactor=1.12, minNeighbors=NEIGHBOURS, minSize=(least, least))
        for detector in detectors
    )
    scale = picture.image.width / work.width
    agreed = (box for box in _boxes(first) if any(_overlap(box, other) > 0.4 for other in _boxes(second)))
    found = [tuple(round(scale * edge) for edge in box) for box in agreed]
    return tuple(sorted((left, top, right, bottom) for left, top, right, bottom in found))


@functools.cache
def _detectors() -> tuple[Any, ...]:
    import cv2

    maker = getattr(cv2, "CascadeClassifier", None)
    folder = Path(getattr(getattr(cv2, "data", None), "haarcascades", ""))
    files = [folder / name for name in CASCADES if (folder / name).is_file()]
    return tuple(maker(str(file)) for file in files) if maker else ()


def _boxes(found: Any) -> list[Box]:
    return [(int(x), int(y), int(x + width), int(y + height)) for x, y, width, height in found]


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return across * down / max(1, sum(areas) - across * down)
