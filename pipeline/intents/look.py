"""What a person asks to be looked at: "look at this", "what's on my screen", "read page two". Pure.

A camera, the screen and the clipboard are looked at for no other reason, so what is said counts only when all
of it, or of one of its sentences, is such a request: "look at this from another side" is none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pipeline.intents import look_phrases
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


_LEAD = re.compile(rf"(?:(?:{look_phrases.POLITE}|{look_phrases.ASKING}) )*")
_TAIL = re.compile(rf"(?: (?:{look_phrases.POLITE}|{look_phrases.AFTER}))+$")


def read_capture_intent(
    text: str, *, running: bool = False, shown: bool = False, page: int = 0, pages: int = 0
) -> CaptureIntent | None:
    """What ``text`` asks to be looked at; None: nothing.

    ``running``: a camera is open. ``shown``: a picture comes with the sentence, and "this" is that one.
    ``page`` of ``pages``: where the document at hand is open; 0 pages: there is none. English, German, French
    and Spanish side by side.
    """
    for sentence in _sentences(text):
        for kind, pattern in _always():
            if pattern.fullmatch(sentence):
                return CaptureIntent(kind)
        if pages and (number := _page(sentence, page, pages)):
            return CaptureIntent("page", number)
        deictic = _shown().fullmatch(sentence) or (running and _pointed().fullmatch(sentence))
        if deictic and not shown:
            return CaptureIntent("camera")
    return None


def _sentences(text: str) -> list[str]:
    """All of it and each of its sentences, in small letters, without marks and politeness."""
    whole = text[:400].lower().replace("’", "'")
    parts = [whole, *re.split(r"[.!?;:¡¿]+", whole)]
    plain = (" ".join(re.sub(r"[^\w' -]+", " ", part).split()) for part in parts)
    bare = (_TAIL.sub("", said[match.end() :] if (match := _LEAD.match(said)) else said) for said in plain)
    return list(dict.fromkeys(said for said in bare if said))


def _page(sentence: str, page: int, pages: int) -> int:
    """The number of a page that is asked for, also beyond the last; 0: none is."""
    for number, pattern in enumerate(_pages()):
        if (match := pattern.fullmatch(sentence)) is None:
            continue
        if number == 0:
            return page + 1
        if number == 1:
            return max(1, page - 1)
        if number == 2:
            return pages
        return int(match["digits"]) if number == 3 else number - 3
    return 0


def _lines(table: str) -> re.Pattern[str]:
    return re.compile("|".join(line.strip() for line in table.strip().splitlines()))


@functools.cache
def _always() -> Sequence[tuple[Kind, re.Pattern[str]]]:
    """Compiled at the first use, not when the program starts."""
    return (
        ("screen", _lines(look_phrases.SCREEN)),
        ("clipboard", _lines(look_phrases.CLIPBOARD)),
        ("camera", _lines(look_phrases.CAMERA)),
    )


@functools.cache
def _shown() -> re.Pattern[str]:
    return _lines(look_phrases.SHOWN)


@functools.cache
def _pointed() -> re.Pattern[str]:
    return _lines(look_phrases.POINTED)


@functools.cache
def _pages() -> Sequence[re.Pattern[str]]:
    """Next, previous, last, by its digits, then 1, 2, ... by name."""
    page = "(?:page|seite|página)"

    def beside(words: str, number: str = "") -> str:
        either = words.replace(" ", "|")
        return rf"(?:{either}) {page}|{page} {number}(?:{either})"

    forms = [
        f"{look_phrases.TURN_ON}|{beside(look_phrases.NEXT)}",
        f"{look_phrases.TURN_BACK}|{beside(look_phrases.BEFORE)}",
        beside(look_phrases.LAST),
        rf"{page} {look_phrases.NUMBER}(?P<digits>\d{{1,6}})",
        *(beside(names, look_phrases.NUMBER) for names in look_phrases.NUMBERS),
    ]
    return tuple(re.compile(look_phrases.PAGE.replace("FORM", form)) for form in forms)
