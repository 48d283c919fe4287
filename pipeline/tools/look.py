"""The tool ``look``: an LLM asks for a closer look at a part of a picture."""

from __future__ import annotations

from dataclasses import replace

from config.errors import AloudError
from config.runtime.clean import clean
from config.runtime.clock import in_thread
from pipeline.intents.zoom import ZoomRequest
from pipeline.pictures.fence import Fence, with_pictures
from pipeline.pictures.zoom import part_of
from pipeline.tools.base import Tool, ToolError, ToolResult
from vision.image_store import ImageStore
from vision.images.picture import Picture
from vision.ocr.regions import part_named

ENLARGED = 768
"""Pixels of the longer edge to which a smaller part is enlarged, thrice at most: models look in patches."""

_DESCRIPTION = (
    "Looks closer at a part of a picture that was shown: it is cut out of the original, which is sharper "
    "than what you were sent, and shown to you. For small print, labels, number plates, things far away."
)
_PARAMETERS = {
    "type": "object",
    "properties": {
        "region": {
            "type": "string",
            "description": "top left, bottom, middle, whole ...; or the words that stand there",
        },
        "picture": {"type": "integer", "description": "its number; the latest when left out"},
        "sharpness": {
            "type": "string",
            "enum": ["as it is", "enhanced"],
            "description": "enhanced: more contrast, sharper edges",
        },
        "page": {"type": "integer", "description": "of the document that is open: another page"},
    },
}


def look_tool(image_store: ImageStore) -> Tool:
    """At the pictures of ``image_store``; offered where one was shown."""

    async def look(
        region: str = "", picture: int | None = None, sharpness: str = "", page: int | None = None
    ) -> ToolResult:
        try:
            whole = await _picture(image_store, picture, page)
            part = await in_thread(_sharpened, await _part(whole, region), sharpness == "enhanced")
        except AloudError as error:  # it tells of the picture by its name
            raise ToolError(str(Fence("it failed", (str(error),)))) from None
        return ToolResult(clean(with_pictures("Here it is.", [part.source])), (part,))

    return Tool(
        "look",
        _DESCRIPTION,
        _PARAMETERS,
        risk="read",
        run=look,
        available=lambda: image_store.latest is not None,
    )


async def _picture(image_store: ImageStore, number: int | None, page: int | None) -> Picture:
    """Raises ``ToolError`` or ``PictureError`` where there is none."""
    if page is not None and image_store.document is not None:
        return await in_thread(image_store.document.page, page)
    whole = image_store.latest if number is None else image_store.get(number)
    if whole is None:
        kept = ", ".join(map(str, image_store.numbers)) or "none"
        raise ToolError(f"There is no such picture. There are: {kept}.")
    return whole


async def _part(whole: Picture, region: str) -> Picture:
    region = region.lower().strip()
    if region in ("", "whole", "all", "everything"):
        return whole
    place = part_named(region)
    part: Picture | None = await in_thread(part_of, whole, ZoomRequest("" if place else region, place))
    if part is None:
        raise ToolError(f"“{region}” was not found in it. Name a place: top left, bottom, middle.")
    return part


def _sharpened(picture: Picture, enhanced: bool) -> Picture:
    from PIL import ImageFilter, ImageOps
    from PIL.Image import Resampling

    image = picture.image
    scale = min(3.0, ENLARGED / max(image.size))
    if scale > 1.0:
        image = image.resize((round(image.width * scale), round(image.height * scale)), Resampling.LANCZOS)
    if enhanced:
        image = ImageOps.autocontrast(image, cutoff=1).filter(ImageFilter.UnsharpMask(radius=2, percent=120))
    return picture if image is picture.image else replace(picture, image=image)
