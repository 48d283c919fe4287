"""Whether a machine drew a picture: by its texture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vision.images.picture import Picture


@dataclass(frozen=True, slots=True)
class Texture:
    """What tells drawn from photographed; each a share, 0 to 1."""

    flat: float
    """Pixels of exactly the colour of the one below and the one to the right."""
    common: float
    """Pixels of the sixteen commonest exact colours."""
    beside: float
    """Of the pixels not of the commonest colour: those of the next 32."""

    @property
    def drawn(self) -> bool:
        return self.flat >= 0.5 and self.common >= 0.6 and self.beside >= 0.35


def texture(picture: Picture) -> Texture:
    """Measured on at most 16 tiles of 192 pixels spread over the picture, at full resolution."""
    flat, codes = [], []
    for box in _tiles(picture.image.size):
        tile = np.asarray(picture.image.crop(box)).astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
        here = tile[:-1, :-1]
        flat.append(((here == tile[1:, :-1]) & (here == tile[:-1, 1:])).ravel())
        codes.append(tile.ravel())
    counts = np.sort(np.unique(np.concatenate(codes), return_counts=True)[1])[::-1]
    equal = np.concatenate(flat)
    total, rest = int(counts.sum()), int(counts[1:].sum())
    return Texture(
        float(equal.mean()) if equal.size else 1.0,
        float(counts[:16].sum() / total),
        float(counts[1:33].sum() / rest) if rest else 1.0,
    )


def is_drawn(picture: Picture) -> bool:
    """Whether a machine drew the picture (a screen, a chart, a page of text), not a camera.

    Drawn surfaces are exactly flat and repeat few exact colours; that the rest repeats as well sets them
    apart from a photograph on pure white. The limits part 16 photographs and scans (flat at most 0.37)
    from 8 drawings and logos (0.79 at least) among the sample pictures of scikit-image, scikit-learn and
    matplotlib. A screenshot saved as JPEG may count as not drawn.
    """
    return texture(picture).drawn


def _tiles(size: tuple[int, int], side: int = 192, across: int = 4) -> list[tuple[int, int, int, int]]:
    def starts(length: int) -> list[int]:
        if length <= side:
            return [0]
        count = min(across, -(-length // side))
        return [round(i * (length - side) / (count - 1)) for i in range(count)]

    width, height = size
    return [
        (x, y, min(x + side, width), min(y + side, height)) for y in starts(height) for x in starts(width)
    ]
