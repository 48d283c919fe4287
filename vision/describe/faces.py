"""Faces that look at the camera: how many, and where. Two of OpenCV's cascades for them must agree.

Nobody is recognised, and nothing is said of age, mood or anything else. The cascades (P. Viola and M. Jones,
2001; R. Lienhart and J. Maydt, 2002) lie in ``vision/describe/cascades``, packed by
``scripts/pack_cascades.py``.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vision.describe.cascade import Cascade, equalised
from vision.ocr.layout import Box

if TYPE_CHECKING:
    from vision.images.picture import Picture

CASCADES = ("haarcascade_frontalface_alt2.npz", "haarcascade_frontalface_default.npz")
STEP = 1.12
"""From one size of face that is sought to the next."""

EDGE = 640
"""Pixels of the longer edge at which faces are sought ..."""

SMALLEST = 0.045
"""... and the smallest face, as a share of it: what is smaller is too often a leaf."""

NEIGHBOURS = 5
"""Hits close to each other that make a face, for each cascade."""


def faces_in(picture: Picture) -> tuple[Box, ...]:
    """Boxes in pixels of ``picture.image``, from left to right.

    Blocking, half a second, with a face in it a whole one. A face in profile or half hidden is not found.
    """
    from vision.images.scale import fit

    work = fit(picture.image, EDGE)
    grey = equalised(np.asarray(work.convert("L")))
    least = max(20, round(SMALLEST * max(work.size)))
    agreed: list[Box] | None = None
    for cascade in _cascades():
        found = cascade.find(grey, step=STEP, least=least, hits=NEIGHBOURS) if agreed != [] else []
        agreed = found if agreed is None else [a for a in agreed if any(_overlap(a, b) > 0.4 for b in found)]
    scale = picture.image.width / work.width
    boxes = [tuple(round(scale * edge) for edge in box) for box in agreed or []]
    return tuple(sorted((left, top, right, bottom) for left, top, right, bottom in boxes))


@functools.cache
def _cascades() -> tuple[Cascade, ...]:
    folder = Path(__file__).with_name("cascades")
    return tuple(Cascade(folder / name) for name in CASCADES)


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return across * down / max(1, sum(areas) - across * down)
