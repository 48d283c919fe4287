"""A closer look: the part that is meant, cut out of the original at full resolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from config.errors import EngineError
from config.runtime.clock import in_thread
from pipeline.intents.zoom import Wish, wish_for
from pipeline.llm.base import Message
from pipeline.pictures.prepare import reading_of
from vision.images.open import crop
from vision.images.picture import Picture
from vision.ocr.locate import find
from vision.ocr.regions import Part, box_of

MIDDLE: Part = (0.2, 0.2, 0.8, 0.8)


def part_of(picture: Picture, wish: Wish) -> Picture | None:
    """The part cut out; None: what was named is not to be found, and no place was. Blocking: it may have to
    read the picture first.
    """
    try:
        reading = reading_of(picture) if wish.thing else None
    except EngineError:
        reading = None
    size = picture.image.size
    box = find(wish.thing, reading, size, wish.part) if reading and wish.thing else None
    if box is None and wish.thing and not wish.part:
        return None
    return crop(picture, box or box_of(wish.part or MIDDLE, size))


async def closer(asked: Message, in_play: Sequence[Picture], latest: Picture | None) -> Message:
    """A question that wants a closer look, with that part of its pictures (or of those in play) in their
    place; any other, and one whose part is not to be found, as it is. ``latest``: shown last, uncut.
    """
    wish, pictures = wish_for(asked.text), asked.pictures or tuple(in_play)
    if wish is None or not pictures:
        return asked
    if wish.whole:
        return replace(asked, pictures=asked.pictures or ((latest,) if latest else ()))
    parts = [await in_thread(part_of, picture, wish) for picture in pictures]
    return replace(asked, pictures=tuple(part for part in parts if part) or pictures)


# What a mind may ask for --------------------------------------------------------------------------------
