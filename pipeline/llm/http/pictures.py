"""A picture as a request has it."""

from __future__ import annotations

import base64

from pipeline.llm.apis.base import Base64Image
from vision.images.picture import ImageLimits, Picture


def base64_image(picture: Picture, limits: ImageLimits | None) -> Base64Image:
    """Blocking: a large picture takes a while to encode. It is kept with the picture."""
    from vision.images.encode import encode

    encoded = encode(picture, limits or ImageLimits())

    def make() -> Base64Image:
        return Base64Image(encoded.mime, base64.b64encode(encoded.data).decode("ascii"))

    return picture.derived.get("base64", limits, make)
