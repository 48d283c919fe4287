"""Pictures opened safely, turned upright, stripped of everything but pixels.

What was opened is what is described, so the order matters: the size is read from the header and judged
before one pixel is decoded, the content (never the suffix) says what the file is, and the pixels are
pasted into a new image, because a re-saved JPEG keeps its comment and a re-saved EXIF its GPS position.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from config.errors import PictureError
from vision.images.decoding import WHOLE, Shares, box_in_file, most_pixels, reduction
from vision.images.files import MAX_BYTES, is_web_page, read_file, too_large
from vision.images.names import shown_name
from vision.images.picture import Picture
from vision.images.scale import _fitted

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

MAX_PIXELS = 89_478_485
"""The largest picture that is decoded: a quarter of a gigabyte at three bytes a pixel, Pillow's own line."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "JPEG2000")
"""What is opened (MPO, a telephone's JPEG with more views, comes with JPEG); no other decoder is tried."""

CONVERT = "Save it as JPEG or PNG and show it again."


def open_picture(
    source: str | os.PathLike[str] | bytes,
    name: str = "",
    *,
    edge: int | None = None,
    at_least: int | None = None,
    frame: int = 0,
) -> Picture:
    """Open a file, or bytes that are one. Blocking: call it in a thread.

    ``name`` is what a person would call it (default: the file's name). With ``edge``, the picture is made
    no longer than that many pixels while it is decoded, which is faster and smaller for a large JPEG;
    without it ``Picture.image`` has every pixel. With ``at_least``, a JPEG is decoded at the smallest of its
    own scales (1, 1/2, 1/4, 1/8) at which the longer edge has that many: four times as fast for a photograph
    of 12 megapixels, and ``every_pixel`` still has the rest. ``frame``: which one, of several. Raises
    ``PictureError``.
    """
    if isinstance(source, bytes):
        data, name = source, shown_name(name)
    else:
        name = shown_name(name or os.path.basename(os.fspath(source)) or os.fspath(source))
        data = read_file(source, name)
    if len(data) > MAX_BYTES:
        raise too_large(name, len(data))
    if not data:
        raise PictureError(
            f"{name} is empty: there is no picture in it.", todo="Save it again and show it again."
        )
    return _decode(data, name, edge, at_least, frame)


def from_pixels(image: Image, name: str) -> Picture:
    """A picture from pixels already in memory (a camera, the screen), in any mode of Pillow's."""
    from vision.images.pixels import clean

    return Picture(shown_name(name), clean(image), 1, image.size)


def crop(picture: Picture, box: tuple[int, int, int, int]) -> Picture:
    """A closer look: ``box`` is left, top, right, bottom in pixels of ``picture.image``, cut to fit. The part
    has every pixel of the file, so it may be larger than the box. Blocking. Raises ``PictureError``.
    """
    width, height = picture.image.size
    left, top, right, bottom = max(0, box[0]), max(0, box[1]), min(width, box[2]), min(height, box[3])
    if right <= left or bottom <= top:
        raise PictureError(f"That part lies outside of {picture.source}.")
    if picture.file:
        shares = left / width, top / height, right / width, bottom / height
        part = _decode(picture.file, picture.source, None, part=shares).image
    else:
        part = picture.image.crop((left, top, right, bottom))
    return Picture(shown_name(f"part of {picture.source}"), part, 1, part.size)


def _decode(
    data: bytes,
    name: str,
    edge: int | None,
    at_least: int | None = None,
    frame: int = 0,
    part: Shares = WHOLE,
) -> Picture:
    from PIL import Image, UnidentifiedImageError

    from vision.images.pixels import declared_size, flat, orientation, quiet_pillow, upright

    quiet_pillow()
    if declared := declared_size(data):
        _require_size(declared, name)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _require_size(image.size, name)
            if frame:
                image.seek(frame)
                _require_size(image.size, name)
            size, frames = image.size, _frames(image)
            if wanted := edge or at_least:
                image.draft(None, _fitted(size, wanted))
            _require_size(image.size, name, most_pixels(image))
            image.load()
            smaller, turned = image.size != size, orientation(image)
            box = box_in_file(part, turned, image.size)
            pixels = flat(image, box, reduction(image, box))
        del image  # what was decoded is let go of before what comes of it is turned
        ready = upright(pixels, turned, edge)
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise _not_a_picture(data, name) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(
            f"{name} has too many pixels to be opened safely.", todo="Save a smaller copy."
        ) from None
    except MemoryError:
        raise PictureError(
            f"There is not memory enough to open {name}.", todo="Save a smaller copy."
        ) from None
    except Exception:  # damage makes decoders raise nearly anything: struct.error, KeyError ...
        raise PictureError(
            f"{name} is damaged or incomplete, and cannot be opened.", todo="Copy or download it again."
        ) from None
    was = size[::-1] if turned >= 5 else size
    return Picture(name, ready, frames, was, file=data if smaller and at_least else b"")


def every_pixel(picture: Picture) -> Image:
    """The picture as large as its file has it, as far as there is memory for it; blocking, some 0.2 s for a
    photograph decoded smaller.
    """
    return _decode(picture.file, picture.source, None).image if picture.file else picture.image


def _frames(image: ImageFile) -> int:
    """An MPO's further images are views and gain maps of a telephone's camera, not an animation."""
    return 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))


def _require_size(size: tuple[int, int], name: str, most: int = MAX_PIXELS) -> None:
    if size[0] * size[1] > most:
        raise PictureError(
            f"{name} has too many pixels: {size[0]} by {size[1]}, {most // 1_000_000} million at most.",
            todo="Save a smaller copy and show that.",
        )


def _not_a_picture(data: bytes, name: str) -> PictureError:
    """What it is instead, from its first bytes, where that helps."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        return PictureError(f"{name} is a damaged HEIC picture, and cannot be opened.", todo=CONVERT)
    if start.startswith(b"%PDF"):
        return PictureError(f"{name} is a PDF document, not a picture.", todo="Save its page as a picture.")
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in data[:4096]:
        return PictureError(f"{name} is an SVG drawing, which cannot be opened here.", todo=CONVERT)
    if is_web_page(data):
        return PictureError(
            f"{name} is a web page, not a picture.", todo="Save the picture in it, and show that."
        )
    return PictureError(
        f"{name} is not a picture that can be opened, or it is damaged.",
        todo="JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, HEIC, JPEG 2000, SVG and PDF can be opened.",
    )
