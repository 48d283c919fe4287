"""A closer look: the part that is meant, cut out of the original at full resolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from config.errors import EngineError
from config.runtime.clock import in_thread
from pipeline.intents.zoom import ZoomRequest
from pipeline.llm.base import Message
from pipeline.pictures.prepare import reading_of
from vision.images.open import crop
from vision.images.picture import Picture
from vision.ocr.locate import locate
from vision.ocr.regions import Part, box_of

MIDDLE: Part = (0.2, 0.2, 0.8, 0.8)


def part_of(picture: Picture, zoom: ZoomRequest) -> Picture | None:
    """The part cut out; None: what was named is not to be found, and no place was. Blocking: it may have to
    read the picture first.
    """
    try:
        reading = reading_of(picture) if zoom.thing else None
    except EngineError:
        reading = None
    size = picture.image.size
    box = locate(zoom.thing, reading, size, zoom.part) if reading and zoom.thing else None
    if box is None and zoom.thing and not zoom.part:
        return None
    return crop(picture, box or box_of(zoom.part or MIDDLE, size))


async def zoomed_in(
    asked: Message, zoom: ZoomRequest, in_play: Sequence[Picture], latest: Picture | None
) -> Message:
    """A question that wants a closer look, with that part of its pictures (or of those in play) in their
    place; one whose part is not to be found, as it is. ``latest``: shown last, uncut.
    """
    pictures = asked.pictures or tuple(in_play)
    if not pictures:
        return asked
    if zoom.whole:
        return replace(asked, pictures=asked.pictures or ((latest,) if latest else ()))
    parts = [await in_thread(part_of, picture, zoom) for picture in pictures]
    return replace(asked, pictures=tuple(part for part in parts if part) or pictures)


# What an LLM may ask for --------------------------------------------------------------------------------
