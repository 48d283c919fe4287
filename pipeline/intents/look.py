"""What a person asks to be looked at: "look at this", "what's on my screen", "read page two". Pure.

A camera, the screen and the clipboard are looked at for no other reason, so what is said counts only when all
of it, or of one of its sentences, is such a request: "look at this from another side" is none.

What each is in a language is told in ``config/language/LANGUAGE/look.toml``.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from config.language.any_language import AnyLanguage, Tables
from config.language.data import table
from pipeline.intents.wordings import number, wordings_of_sentences
from vision.images.picture import Picture

Kind = Literal["camera", "screen", "clipboard", "page"]


@dataclass(frozen=True, slots=True)
class CaptureIntent:
    kind: Kind
    page: int = 0
    """Of the document at hand: 1, 2, ...; for the other kinds 0."""


class ImageSources(Protocol):
    """What can be looked at when asked."""

    running: bool
    """The camera is open, because the person started it so."""

    async def take(self, capture: CaptureIntent) -> Picture:
        """Raises ``VisionError``, ``PictureError``, or ``RefusedError`` where a setting forbids it."""


_ALWAYS: Mapping[str, Kind] = {"camera": "camera", "screen": "screen", "clipboard": "clipboard"}


def read_capture_intent(
    text: str, *, running: bool = False, shown: bool = False, page: int = 0, pages: int = 0
) -> CaptureIntent | None:
    """What ``text`` asks to be looked at; None: nothing.

    ``running``: a camera is open. ``shown``: a picture comes with the sentence, and "this" is that one.
    ``page`` of ``pages``: where the document at hand is open; 0 pages: there is none. All languages are
    understood side by side.
    """
    for said in wordings_of_sentences(text):
        for language, name, slots in _sentences().readings(said):
            if name in _ALWAYS:
                return CaptureIntent(_ALWAYS[name])
            if name == "shown" or (name == "pointed" and running):
                if not shown:
                    return CaptureIntent("camera")
            elif pages and (at := _page(language, name, slots, page, pages)):
                return CaptureIntent("page", at)
    return None


def _page(language: str, name: str, slots: Mapping[str, str], page: int, pages: int) -> int:
    """The number of a page that is asked for, also beyond the last; 0: none is."""
    if name == "number":
        return number(slots, language) or 0
    return {"next": page + 1, "back": max(1, page - 1), "last": pages}.get(name, 0)


@functools.cache
def _sentences() -> AnyLanguage:
    """Made at the first use, not when the program starts."""
    return AnyLanguage(_tables)


def _tables(language: str) -> Tables:
    ways = table(language, "look")
    return [({**ways["captures"], **ways["pages"]}, ways["rules"])]
