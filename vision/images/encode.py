"""A picture as the bytes that a model is sent."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from config.errors import PictureError
from vision.images.picture import EncodedImage, ImageLimits, Picture
from vision.images.scale import fit

if TYPE_CHECKING:
    from PIL.Image import Image


def encode(picture: Picture, limits: ImageLimits, *, sharp: bool = False) -> EncodedImage:
    """The picture as an LLM takes it: JPEG for photos, PNG for what is drawn (or when ``sharp``).

    Stays within ``limits.max_bytes`` by lowering quality first and size then; PNG that is too large
    becomes JPEG. Never WebP (llama.cpp and Ollama refuse it). Raises ``PictureError`` if nothing fits.
    """
    # Once for the event that tells how many bytes leave, and for the LLM, in this turn and the next.
    return picture.derived.get("encoded", (limits, sharp), lambda: _encode(picture, limits, sharp=sharp))


def _encode(picture: Picture, limits: ImageLimits, *, sharp: bool) -> EncodedImage:
    from vision.images.texture import is_drawn

    image = fit(picture.image, limits.edge)
    if sharp or is_drawn(picture):
        data = _png(image)
        if len(data) <= limits.max_bytes:
            return EncodedImage(data, "image/png", *image.size)
    while True:
        for quality in sorted({limits.quality, *(q for q in (75, 65, 50, 40) if q < limits.quality)})[::-1]:
            data = _jpeg(image, quality)
            if len(data) <= limits.max_bytes:
                return EncodedImage(data, "image/jpeg", *image.size)
        if max(image.size) <= 32:
            raise PictureError(f"{picture.source} cannot be made as small as {limits.max_bytes} bytes.")
        image = fit(image, max(image.size) * 3 // 4)


def _png(image: Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _jpeg(image: Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
