"""Pictures made smaller, until they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def fit(image: Image, edge: int) -> Image:
    """The image with its longer edge at most ``edge`` pixels; never enlarged, shape kept."""
    from PIL.Image import Resampling

    if max(image.size) <= edge:
        return image
    return image.resize(_fitted(image.size, edge), Resampling.LANCZOS, reducing_gap=3.0)


def _fitted(size: tuple[int, int], edge: int) -> tuple[int, int]:
    scale = min(1.0, edge / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
