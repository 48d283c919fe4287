"""What it takes to decode a picture, known from its header, and what is made of it within that."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 250_000_000
"""Of memory that a decoder may take, with the pixels that it gives."""

TOGETHER_BYTES = 266_000_000
"""Those pixels, and the upright picture that is made of them."""

PHOTO_PIXELS = {"HEIF": 50_000_000}
"""What telephones take is opened, though it needs more."""

_HELD = {"WEBP": 12, "HEIF": 6, "AVIF": 6, "JPEG2000": 14}
"""Bytes a pixel that these decoders hold beside what they give (JPEG 2000: four a colour)."""
_GIVEN = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
"""Bytes a pixel by mode, as Pillow keeps them; all others take four."""

Shares: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom of a part, as shares of the width and height."""
WHOLE: Shares = (0.0, 0.0, 1.0, 1.0)


def most_pixels(image: Image) -> int:
    """Pixels of a file like this one, not decoded yet, that there is memory for."""
    form = image.format or ""
    fits = MOST_BYTES / (_given(image) + _HELD.get(form, 0) + _coefficients(image))
    return max(int(fits), PHOTO_PIXELS.get(form, 0))


def reduction(image: Image, box: tuple[int, int, int, int]) -> int:
    """By how much a part of a decoded picture is made smaller, so that both fit."""
    left = max(TOGETHER_BYTES - image.width * image.height * _given(image), TOGETHER_BYTES - MOST_BYTES)
    return max(1, math.ceil(math.sqrt(4 * (box[2] - box[0]) * (box[3] - box[1]) / left)))


def box_in_file(part: Shares, turned: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A part of the upright picture, in pixels as they lie in the file. ``turned``: EXIF's orientation."""
    corners = [_in_file(x, y, turned) for x, y in (part[:2], part[2:])]
    across, down = (sorted(along) for along in zip(*corners, strict=True))
    (left, right), (top, bottom) = _edges(across[0], across[1], size[0]), _edges(down[0], down[1], size[1])
    return left, top, right, bottom


def _edges(begin: float, end: float, pixels: int) -> tuple[int, int]:
    """At least one pixel of them."""
    first = min(round(begin * pixels), pixels - 1)
    return first, max(first + 1, round(end * pixels))


def _in_file(x: float, y: float, turned: int) -> tuple[float, float]:
    ways = {
        2: (1 - x, y), 3: (1 - x, 1 - y), 4: (x, 1 - y), 5: (y, x),
        6: (y, 1 - x), 7: (1 - y, 1 - x), 8: (1 - y, x),
    }  # fmt: skip
    return ways.get(turned, (x, y))


def _given(image: Image) -> int:
    return _GIVEN.get(image.mode, 4)


def _coefficients(image: Image) -> float:
    """Of a progressive JPEG all are held until the last of them is there: two bytes each."""
    parts = getattr(image, "layer", [])
    if not image.info.get("progressive") or not parts:
        return 0.0
    most = max(part[1] for part in parts) * max(part[2] for part in parts)
    return float(2 * sum(part[1] * part[2] for part in parts) / max(1, most))
