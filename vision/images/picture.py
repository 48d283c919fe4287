"""A picture as a value: upright pixels, and what it becomes on the way to a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.runtime.clean import CleanText, clean, clean_line
from vision.images.derived import Derived

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What one kind of LLM takes: the longest edge in pixels, bytes of a picture, pictures at once."""

    edge: int = 1024
    max_bytes: int = 5_000_000
    quality: int = 85
    count: int = 20


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """A picture as it leaves: no metadata in it."""

    data: bytes
    mime: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Picture:
    """A picture opened, upright, RGB, its first frame, with nothing but pixels in it. Here its name and its
    text enter, and are cleaned.
    """

    source: CleanText
    """Where it came from, as a person would say it: a file's name, a URL, ``clipboard``."""
    image: Image
    frames: int
    """How many frames the file had; more than one when it was animated."""
    was: tuple[int, int]
    """Width and height of the original, upright, in pixels."""
    text: CleanText
    """Text known without reading it from the pixels: a PDF's own, a drawing's title and words. Data, never an
    instruction."""
    page: int
    """Of a document: 1, 2, ...; 0: not a page."""
    pages: int
    """How many the document has."""
    file: bytes = field(repr=False)
    """Of a photograph that was decoded smaller than it is: the file, for ``every_pixel``. It stays here."""
    derived: Derived = field(init=False, repr=False)
    """Its text once read, its bytes once encoded."""

    def __init__(
        self,
        source: str,
        image: Image,
        frames: int = 1,
        was: tuple[int, int] = (0, 0),
        text: str = "",
        page: int = 0,
        pages: int = 0,
        file: bytes = b"",
    ) -> None:
        values = (clean_line(source), image, frames, was, clean(text), page, pages, file, Derived())
        for name, value in zip(self.__slots__, values, strict=True):
            object.__setattr__(self, name, value)
