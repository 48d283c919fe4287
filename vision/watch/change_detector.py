"""What has changed before a camera, by small grey thumbnails: an unchanged scene costs nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision.ocr.regions import Part

if TYPE_CHECKING:
    from vision.images.picture import Picture

Grey = NDArray[np.uint8]
"""Shape (``ROWS * BLOCK``, ``COLUMNS * BLOCK``)."""

BLOCK, ROWS, COLUMNS = 8, 9, 12
"""The picture is compared in 108 blocks of 8 by 8 thumbnail pixels: one is a hundredth of the picture."""

LEAST = 7.0
"""Grey levels by which a block differs at least, on average over its pixels, when something in it changed."""

NOISE = 4.0
"""And at least so many times as much as the grain of the picture makes it differ from frame to frame."""

SETTLED_S = 0.4
"""A change is told of when the scene has been still for so long ..."""

LONGEST_S = 2.0
"""... or has not been still for so long. What comes and goes within that is let pass."""

DRIFT = 0.05
"""How much of each frame without a change goes into the scene that is compared with: daylight moves."""


@dataclass(frozen=True, slots=True)
class Change:
    at: float
    """Seconds, when it was sure."""
    began: float
    share: float
    """Of the picture, 0 to 1."""
    box: Part
    """What holds all of it."""
    first: bool = False
    """It is the scene that was there from the beginning."""

    @property
    def middle(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


class Watcher:
    """Push thumbnails with their times; a ``Change`` comes out once the scene has changed and is still."""

    def __init__(self) -> None:
        self._scene: NDArray[np.float64] | None = None
        self._before: NDArray[np.float64] | None = None
        self._pending: float | None = None
        self._still: float | None = None
        self._noise = 1.0
        self._told_first = False
        self._last: tuple[float, NDArray[np.bool_]] | None = None

    def push(self, grey: Grey, at: float) -> Change | None:
        frame = grey.astype(np.float64)
        if self._scene is None or self._before is None:
            self._scene = self._before = frame
            self._pending = at
            return None
        moving = self._learn(_apart(frame, self._before)) > self._least
        self._before = frame
        self._still = None if moving.any() else at if self._still is None else self._still
        if not self._told_first:
            return self._first(frame, at)
        differs = _apart(frame, self._scene) > self._least
        if not differs.any():
            self._pending = self._last = None
            self._scene = (1 - DRIFT) * self._scene + DRIFT * frame
            return None
        self._pending = at if self._pending is None else self._pending
        self._last = at, differs
        if self._is_settled(at):
            return self._tell(frame, at, differs)
        return None

    def flush(self) -> Change | None:
        """The film is over: what had changed and was not told of yet."""
        if self._last is None or self._before is None:
            return None
        return self._tell(self._before, *self._last)

    @property
    def _least(self) -> float:
        return max(LEAST, NOISE * self._noise)

    def _learn(self, apart: NDArray[np.float64]) -> NDArray[np.float64]:
        """The grain: what most blocks differ by from one frame to the next."""
        self._noise += 0.1 * (min(float(np.median(apart)), 2 * self._noise + 0.1) - self._noise)
        return apart

    def _is_settled(self, at: float) -> bool:
        still = self._still is not None and at - self._still >= SETTLED_S
        return still or (self._pending is not None and at - self._pending >= LONGEST_S)

    def _first(self, frame: NDArray[np.float64], at: float) -> Change | None:
        if not self._is_settled(at):
            return None
        began = self._pending if self._pending is not None else at
        self._told_first, self._scene, self._pending = True, frame, None
        return Change(at, began, 1.0, (0.0, 0.0, 1.0, 1.0), first=True)

    def _tell(self, frame: NDArray[np.float64], at: float, differs: NDArray[np.bool_]) -> Change:
        began = at if self._pending is None else self._pending
        self._scene, self._pending, self._last = frame, None, None
        rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
        box = (
            float(columns[0]) / COLUMNS,
            float(rows[0]) / ROWS,
            float(columns[-1] + 1) / COLUMNS,
            float(rows[-1] + 1) / ROWS,
        )
        return Change(at, began, float(differs.mean()), box)


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much each block differs, shape (``ROWS``, ``COLUMNS``). That by which all of the picture got
    brighter or darker is taken out: the camera judges the light anew, a cloud passes.
    """
    difference = one - other
    difference -= np.median(difference)
    blocks = np.abs(difference).reshape(ROWS, BLOCK, COLUMNS, BLOCK)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float64)


def thumbnail(picture: Picture) -> Grey:
    """What ``Watcher`` takes of a picture. Blocking, a few milliseconds."""
    from PIL.Image import Resampling

    size = (COLUMNS * BLOCK, ROWS * BLOCK)
    small = picture.image.resize(size, Resampling.BOX, reducing_gap=2.0).convert("L")
    return np.asarray(small, np.uint8)
