"""Pictures as values. (Opening, turning upright, stripping, scaling and encoding stand below.)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of mind takes: the longest edge in pixels, bytes at most, and the format."""

    edge: int = 1024
    max_bytes: int = 5_000_000
    quality: int = 85


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it leaves: no metadata in it."""

    data: bytes
    mime: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture opened, upright, RGB, its first frame, with nothing but pixels in it."""

    source: str
    """Where it came from, as a person would say it: a file's name, a URL, ``clipboard``."""
    image: Image
    frames: int = 1
    """How many frames the file had; more than one when it was animated."""
    was: tuple[int, int] = (0, 0)
    """Width and height of the original, upright, in pixels."""
