"""What can be measured of a picture without understanding it: light, sharpness, colours, a plain shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision.describe.colours import Patch, palette, to_lab
from vision.describe.shapes import Shape, shape_in
from vision.images.texture import Texture, texture

if TYPE_CHECKING:
    from vision.images.picture import Picture


@dataclass(frozen=True, slots=True)
class Measures:
    """What the description rests on."""

    texture: Texture
    drawn: bool
    lightness: float
    """Mean CIELAB L*, 0 black to 100 white."""
    contrast: float
    """Standard deviation of the 8-bit grey."""
    coloured: float
    """Share of pixels with a colour one would notice (chroma above 8)."""
    washed: float
    """Share of pixels as bright as they can be."""
    blur: float
    colours: tuple[Patch, ...]
    shape: Shape | None


def measure(picture: Picture) -> Measures:
    from vision.images.scale import fit

    found = texture(picture)
    drawn = found.drawn
    lab = to_lab(np.asarray(fit(picture.image, 128)))
    grey = np.asarray(fit(picture.image, 800).convert("L"), np.float64)
    return Measures(
        found,
        drawn,
        float(lab[..., 0].mean()),
        float(grey.std()),
        float((np.hypot(lab[..., 1], lab[..., 2]) > 8).mean()),
        float((grey >= 252).mean()),
        blur(grey),
        palette(picture),
        shape_in(picture) if drawn else None,
    )


def blur(grey: NDArray[np.float64], window: int = 9) -> float:
    """0 sharp to 1 blurred: how little a further blur takes away.

    F. Crete, T. Dolmiere, P. Ladret, M. Nicolas, "The blur effect: perception and estimation with a new
    no-reference perceptual blur metric", 2007. The worse of the two directions; 0 for less than 2 windows.
    """
    if min(grey.shape) < 2 * window:
        return 0.0
    worst = 0.0
    for plane in (grey, grey.T):
        sums = np.cumsum(np.vstack([np.zeros((1, plane.shape[1])), plane]), axis=0)
        soft = (sums[window:] - sums[:-window]) / window
        steps = np.abs(np.diff(plane[window // 2 : window // 2 + len(soft)], axis=0))
        lost = np.maximum(0, steps - np.abs(np.diff(soft, axis=0))).sum()
        worst = max(worst, 1 - float(lost) / max(float(steps.sum()), 1e-9))
    return worst
