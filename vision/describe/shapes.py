"""One plain shape on a plain background, named only where its outline matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision.describe.colours import name_of, to_lab

if TYPE_CHECKING:
    from vision.images.picture import Picture

GRID = 192
"""The picture is measured at this many points across and down."""

MATCH = 0.94
"""Overlap (intersection over union) with the ideal outline from which a shape has its name."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    """``circle``, ``oval``, ``square``, ``rectangle``, ``triangle``."""
    colour: str
    background: str


def shape_in(picture: Picture) -> Shape | None:
    """The only shape in the picture, of one colour on another; None where that is not surely so."""
    from PIL.Image import Resampling

    grid = np.asarray(picture.image.resize((GRID, GRID), Resampling.NEAREST))
    rim = np.concatenate([grid[0], grid[-1], grid[:, 0], grid[:, -1]])
    background = np.median(rim, axis=0).astype(np.uint8)
    if _apart(rim, background).max() > 12:
        return None
    mask: Mask = _apart(grid, background) > 20
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) < GRID // 8 or len(columns) < GRID // 8:
        return None
    cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    inside = grid[mask]
    colour = np.median(inside, axis=0).astype(np.uint8)
    if np.mean(_apart(inside, colour) < 12) < 0.9:  # the rest is the softened outline
        return None
    ratio = cut.shape[1] * picture.image.width / (cut.shape[0] * picture.image.height)
    name = _named(cut, even=0.94 < ratio < 1.06)
    return Shape(name, _name(colour), _name(background)) if name else None


def _named(cut: Mask, *, even: bool) -> str:
    y, x = (np.indices(cut.shape) + 0.5) / np.array(cut.shape)[:, None, None] * 2 - 1
    oval = x**2 + y**2 <= 1
    candidates = {
        "square" if even else "rectangle": np.ones_like(cut),
        "circle" if even else "oval": oval,
        "triangle": np.abs(x) <= (y + 1) / 2,
    }
    downward = np.abs(x) <= (1 - y) / 2
    overlaps = {name: _overlap(cut, ideal) for name, ideal in candidates.items()}
    overlaps["triangle"] = max(overlaps["triangle"], _overlap(cut, downward))
    best = max(overlaps, key=overlaps.__getitem__)
    return best if overlaps[best] >= MATCH else ""


def _overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


def _apart(colours: NDArray[np.uint8], colour: NDArray[np.uint8]) -> NDArray[np.float64]:
    distance: NDArray[np.float64] = np.linalg.norm(to_lab(colours) - to_lab(colour), axis=-1)
    return distance


def _name(colour: NDArray[np.uint8]) -> str:
    return name_of((int(colour[0]), int(colour[1]), int(colour[2])))
