"""A picture before the LLM answers: made ready for an LLM that sees, read for one that does not."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from config.runtime.clean import clean
from config.runtime.clock import in_thread
from pipeline.events import LookedAt
from pipeline.llm.base import Llm, Message
from pipeline.pictures.detail import WORDS
from pipeline.pictures.fence import Fence
from vision.images.names import shown_name
from vision.images.picture import Picture

if TYPE_CHECKING:
    from vision.ocr.read import OcrResult

NOT_SENT = "not sent because there were too many at once"
FOUND = "found on this machine in a picture"


async def looked_at(pictures: Sequence[Picture], llm: Llm) -> tuple[LookedAt, ...]:
    """For the event: what each picture is, and how many bytes of it go to the LLM (0: it stays here)."""
    most = llm.image_limits.count if llm.image_limits else 0
    kept = len(pictures) - most  # of more than fit, the last ones go
    return tuple([await _looked_at(p, llm, goes=place >= kept) for place, p in enumerate(pictures)])


async def _looked_at(picture: Picture, llm: Llm, *, goes: bool) -> LookedAt:
    sent_bytes = 0
    if goes and llm.capabilities.sees and llm.image_limits is not None:
        from vision.images.encode import encode

        sent_bytes = len((await in_thread(encode, picture, llm.image_limits)).data)
    width, height = picture.was
    return LookedAt(clean(picture.source), width, height, sent_bytes)


_reading_lock = threading.Lock()


def reading_of(picture: Picture) -> OcrResult:
    """Its text and codes (blocking, up to a few seconds for a full page); read once, however often asked.

    Called as soon as a picture is shown, so that it has mostly been read when the question about it comes.
    Text that the file itself holds is taken as it is.
    """
    return picture.derived.get("reading", (), lambda: _read(picture))


def _read(picture: Picture) -> OcrResult:
    from vision.ocr.read import given, read

    with _reading_lock:  # one reader for all, and it has every core
        return given(picture) if picture.text else read(picture)


def describe_picture(picture: Picture, words: int = WORDS["normal"], language: str = "en") -> str:
    """What can be read and measured on this machine (blocking), in about so many ``words``."""
    from vision.describe.describe import describe

    return describe(picture, reading_of(picture), words=words, language=language)


async def tell_picture(picture: Picture, words: int, language: str) -> AsyncIterator[str]:
    """The same piece by piece: that it is a photo is said while its text is still being read."""
    from vision.describe.describe import Description

    description = await in_thread(Description, picture, language)
    if begun := description.begin():
        yield f"{begun} "
    reading = await in_thread(reading_of, picture)
    yield f"{await in_thread(description.tell, reading, words)} "


def within(messages: Sequence[Message], count: int, name: Callable[[Picture], str]) -> list[Message]:
    """At most ``count`` pictures, the last ones; each earlier one stands as its name."""
    ready: list[Message] = []
    left = count
    for message in reversed(messages):
        kept = message.pictures[max(0, len(message.pictures) - left) :]
        out = message.pictures[: len(message.pictures) - len(kept)]
        left -= len(kept)
        if out:
            fence = Fence(NOT_SENT, tuple(shown_name(name(picture)) for picture in out))
            message = replace(_fenced(message, [fence]), pictures=kept)
        ready.append(message)
    return ready[::-1]


async def describe_here(
    messages: Sequence[Message], name: Callable[[Picture], str] = lambda picture: picture.source
) -> list[Message]:
    """For an LLM that cannot see: each picture as labelled data, found by measurement on this machine.

    ``name``: how the LLM is told of a picture.
    """
    ready = []
    for message in messages:
        if message.pictures:
            found = [await in_thread(describe_picture, picture) for picture in message.pictures]
            fences = [
                Fence(FOUND, (shown_name(name(picture)), text))
                for picture, text in zip(message.pictures, found, strict=True)
            ]
            message = replace(_fenced(message, fences), pictures=())
        ready.append(message)
    return ready


def _fenced(message: Message, fences: Sequence[Fence]) -> Message:
    """With them before what is said, and behind the note of what came before."""
    said = message.text[len(message.note) :].lstrip()
    lines = (message.note, *map(str, fences), said)
    return replace(message, text="\n".join(line for line in lines if line))
