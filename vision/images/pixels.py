"""From whatever a file holds to upright RGB pixels and nothing else."""

from __future__ import annotations

import functools
import io
import logging
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image


_NOWHERE = logging.NullHandler()

ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held: 1 to 8."""


def quiet_pillow() -> None:
    """Pillow's warning of many pixels is an error; its remarks on metadata are not shown; it opens HEIC."""
    from PIL.Image import DecompressionBombWarning

    _open_heic()
    logging.getLogger("PIL").addHandler(_NOWHERE)
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    warnings.filterwarnings("error", category=DecompressionBombWarning)


@functools.cache
def _open_heic() -> None:
    import pillow_heif

    # Its thumbnails, depths and gain maps are not looked at.
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def declared_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in a WebP's header: Pillow's decoder makes room for the whole canvas on opening."""
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


def orientation(image: Image) -> int:
    """1 to 8 as EXIF counts; 1 when there is none or it is damaged. TIFF comes upright once loaded."""
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # EXIF is a format of its own, with its own damage: no reason to refuse the pixels
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


Box = tuple[int, int, int, int]
BAND = 1_000_000
"""Pixels that are converted at a time: what is worked on is then small beside the picture and its result."""


def clean(image: Image, edge: int | None = None) -> Image:
    """A new RGB image of the pixels alone: colours as sRGB, alpha on white, upright, scaled."""
    return upright(flat(image), orientation(image), edge)


def flat(image: Image, box: Box | None = None, smaller: int = 1) -> Image:
    """A new RGB image of the pixels alone, as they lie in the file: colours as sRGB, alpha on white.

    ``box``: a part of it. ``smaller``: so many pixels in a row, and so many rows, become one.
    """
    from PIL import Image as Pillow

    left, upper, right, lower = box or (0, 0, *image.size)
    fresh = Pillow.new("RGB", (-(-(right - left) // smaller), -(-(lower - upper) // smaller)))
    profile, scale = image.info.get("icc_profile"), _range(image)
    rows = max(1, BAND // (right - left) // smaller) * smaller
    for top in range(upper, lower, rows):
        place = (left, top, right, min(top + rows, lower))
        part = image if place == (0, 0, *image.size) else image.crop(place)
        plain = _on_white(_as_srgb(_eight_bit(part, scale), profile))
        fresh.paste(plain.reduce(smaller) if smaller > 1 else plain, (0, (top - upper) // smaller))
    return fresh


def upright(pixels: Image, turned: int, edge: int | None = None) -> Image:
    """Scaled, and turned back from how the camera was held (``orientation``)."""
    from PIL.Image import Transpose

    from vision.images.scale import fit

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    if edge is not None:
        pixels = fit(pixels, edge)
    return pixels.transpose(turns[turned]) if turned in turns else pixels


def _eight_bit(image: Image, scale: tuple[float, float]) -> Image:
    """RGB, RGBA, L or CMYK at eight bits a channel. Deep greys are scaled; ``convert`` would cut them off."""
    if image.mode.startswith(("I", "F")):
        return _scaled(image, *scale)
    if image.mode == "LAB":
        return _from_lab(image)
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "RGBA", "L", "CMYK") else image.convert("RGB")


def _range(image: Image) -> tuple[float, float]:
    """What is black and what is white in deep greys: sixteen bits by their full range; 32 bits and floats by
    1, 255, 65535 or their own range.
    """
    if image.mode.startswith("I;16"):
        return 0.0, 65535.0
    if not image.mode.startswith(("I", "F")):
        return 0.0, 255.0
    rows = max(1, BAND // image.width)
    places = ((0, top, image.width, min(top + rows, image.height)) for top in range(0, image.height, rows))
    bands = (np.asarray(image.crop(place)) for place in places)
    ends = [
        (float(band.min()), float(band.max())) for part in bands if (band := part[np.isfinite(part)]).size
    ]
    low = min((low for low, _ in ends), default=0.0)
    high = max((high for _, high in ends), default=0.0)
    if low >= 0:
        tops = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
        return 0.0, next((top for top in tops if high <= top), high)
    return low, high


def _scaled(image: Image, low: float, high: float) -> Image:
    from PIL import Image as Pillow

    values = np.nan_to_num(np.asarray(image, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    grey = (values - low) * (255.0 / max(high - low, 1e-12))
    return Pillow.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8))


def _from_lab(image: Image) -> Image:
    from PIL import ImageCms

    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return _image(ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB"))


def _as_srgb(image: Image, profile: Any) -> Image:
    """Colours as the embedded profile means them; without one, or with one that is damaged, as they are."""
    from PIL import ImageCms

    if not isinstance(profile, bytes) or not profile:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return _image(
            ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _image(image: Image | None) -> Image:
    if image is None:
        raise ValueError("no image came back")
    return image


def _on_white(image: Image) -> Image:
    from PIL import Image as Pillow

    if image.mode != "RGBA":
        return image.convert("RGB") if image.mode != "RGB" else image
    white = Pillow.new("RGB", image.size, "white")
    white.paste(image, mask=image)
    return white
