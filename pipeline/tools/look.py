"""The tool ``look``: an LLM asks for a closer look at a part of a picture."""

from __future__ import annotations

from dataclasses import replace

from config.errors import PictureError
from config.runtime.clock import in_thread
from pipeline.intents.zoom import ZoomRequest
from pipeline.llm.base import Message, Tool, ToolCall
from pipeline.pictures.zoom import part_of
from vision.image_store import ImageStore
from vision.images.picture import Picture
from vision.ocr.regions import part_named

LOOK_TOOL = Tool(
    "look",
    "Looks closer at a part of a picture that was shown: it is cut out of the original, which is sharper "
    "than what you were sent, and shown to you. For small print, labels, number plates, things far away.",
    {
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
    },
)

ENLARGED = 768
"""Pixels of the longer edge to which a smaller part is enlarged, thrice at most: models look in patches."""


async def use_look(call: ToolCall, image_store: ImageStore) -> Message:
    """What the LLM gets for its call: the part, or why there is none."""
    if call.malformed:
        return _answer(
            call, f"The arguments could not be read ({call.malformed}); call again with valid JSON."
        )
    region = str(call.arguments.get("region") or "").lower().strip()
    try:
        whole = await _picture(call, image_store)
    except PictureError as error:
        return _answer(call, error.failed)
    if whole is None:
        kept = ", ".join(map(str, image_store.numbers)) or "none"
        return _answer(call, f"There is no such picture. There are: {kept}.")
    part: Picture | None = whole
    if region and region not in ("whole", "all", "everything"):
        place = part_named(region)
        part = await in_thread(part_of, whole, ZoomRequest("" if place else region, place))
    if part is None:
        return _answer(call, f"“{region}” was not found in it. Name a place: top left, bottom, middle.")
    enhanced = call.arguments.get("sharpness") == "enhanced"
    part = await in_thread(_sharpened, part, enhanced)
    return replace(_answer(call, f"Here is {part.source}."), pictures=(part,))


def _answer(call: ToolCall, text: str) -> Message:
    return Message("tool", text, tool_call_id=call.id)


async def _picture(call: ToolCall, image_store: ImageStore) -> Picture | None:
    page, number = call.arguments.get("page"), call.arguments.get("picture")
    if isinstance(page, int) and image_store.document is not None:
        return await in_thread(image_store.document.page, page)
    return image_store.get(number) if isinstance(number, int) else image_store.latest


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
