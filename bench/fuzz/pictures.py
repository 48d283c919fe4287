"""Pictures, drawings, documents and codes: what opens them, and what a model is told of what is in them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from typing import Any

from config.errors import AloudError
from pipeline.pictures.fence import Fence, read
from tests.vision.samples import pdf
from tests.vision.samples import words as written
from vision.images.encode import encode
from vision.images.picture import ImageLimits, Picture
from vision.ocr.read import read_codes
from vision.sources.multipage import scanned_pages
from vision.sources.open import open_shown
from vision.sources.pdf import is_document

_SVG = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY co "Tom">]><svg xmlns="http://www.w3.org/2000/svg">'
    b"<title>Plan</title><desc>Of a house</desc><g><text x='1'>Door <tspan>&co;</tspan></text></g>"
    b"<script>x</script><image href='data:image/png;base64,AAAA'/></svg>"
)


def seeds() -> Iterator[bytes]:
    yield _SVG
    yield gzip.compress(_SVG)
    yield pdf([written("Dear Ann,", "all is well."), written("Tom")])
    for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"):
        yield _picture(form)
    yield _picture("GIF", moving=True)
    yield _picture("PNG", moving=True)
    yield _picture("TIFF", moving=True)


def _picture(form: str, *, moving: bool = False) -> bytes:
    from PIL import Image

    image = Image.radial_gradient("L").resize((24, 16)).convert("P" if form == "GIF" else "RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    out, more = io.BytesIO(), dict[str, Any]()
    if form in ("JPEG", "PNG", "WEBP"):
        more["exif"] = exif
    if moving:
        more |= {"save_all": True, "append_images": [image.rotate(90), image.rotate(180)]}
    image.save(out, form, **more)
    return out.getvalue()


def fuzz(data: bytes) -> None:
    """A document's own process is not begun for each: what is read of it here is its first bytes, and the
    pictures that hide behind them.
    """
    try:
        if is_document(data) and data.lstrip()[:5] == b"%PDF-":
            return
        shown = open_shown(data, data[:40].decode("utf-8", "replace"))
    except AloudError as error:
        if not error.failed.endswith(".") or "\n" in error.failed:
            raise AssertionError(f"no sentence: {error.failed!r}") from None
        return
    with_pages = not isinstance(shown, Picture)
    picture = shown if isinstance(shown, Picture) else _first(shown)
    if picture is None:
        return
    encode(picture, ImageLimits(edge=64))
    found = [picture.text, picture.source, *(code.text for code in read_codes(picture))]
    fence = Fence("picture shown", tuple(found))
    assert read(str(fence)) == ((fence,), ""), "a fence was left"
    assert not with_pages or len(scanned_pages(data)) > 1 or is_document(data)


def _first(document: Any) -> Picture | None:
    with document:
        try:
            page: Picture = document.page(1)
        except AloudError:
            return None
        return page
