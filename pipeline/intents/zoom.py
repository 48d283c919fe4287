"""Whether an utterance wants a closer look, and at what: "zoom in on the label". Pure.

What each is in a language is told in ``config/language/LANGUAGE/zoom.toml``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from config.language.any_language import AnyLanguage, Tables
from config.language.data import table
from config.language.normalise import words_only
from config.language.sentences import Sentences, sentences
from pipeline.intents.wordings import wordings
from vision.ocr.regions import Part, part_named, place_words

_LONGEST = 120
"""Letters. Nobody asks for a closer look at more length."""


@dataclass(frozen=True, slots=True)
class ZoomRequest:
    """What is to be looked at more closely."""

    thing: str = ""
    """As it was named, in small letters; empty: nothing was."""
    part: Part | None = None
    reads: bool = False
    """Its text is wanted."""
    whole: bool = False
    """All of the picture again."""


@dataclass(frozen=True, slots=True)
class _Ways:
    """Of one language."""

    found: Sentences
    """``named``: a thing is told by what stands on it; ``place``."""
    before: re.Pattern[str]
    after: re.Pattern[str]


def zoom_request(text: str) -> ZoomRequest | None:
    """What an utterance wants to have looked at more closely; None: nothing, or all of it as it is."""
    if len(text) > _LONGEST:
        return None
    for said in reversed(wordings(text)):
        for language, name, slots in _asked().readings(said):
            if wanted := _wanted(language, name, slots.get("thing", ""), text):
                return wanted
    return None


def _wanted(language: str, name: str, thing: str, text: str) -> ZoomRequest | None:
    """None: text is asked for, and neither where nor on what."""
    if name == "whole":
        return ZoomRequest(whole=True)
    part, ways = part_named(thing), _ways(language)
    words = thing.split()
    places = {each: range(at, end) for each, at, end in ways.found.places(words)}
    if name == "read" and not part and "named" not in places:
        return None
    if part:
        words = [word for at, word in enumerate(words) if at not in places.get("place", ())]
    rest = ways.before.sub("", f"{' '.join(words)} ")
    return ZoomRequest(_as_written(ways.after.sub("", rest).strip(), text), part, reads=name == "read")


def _as_written(words: str, text: str) -> str:
    """With the accents they have in ``text``."""
    written = words_only(unicodedata.normalize("NFC", text), accents=True).split()
    plain = words_only(text).split()
    accents = dict(zip(plain, written, strict=True)) if len(plain) == len(written) else {}
    accents |= {each.partition("'")[2]: of.partition("'")[2] for each, of in accents.items()}
    return " ".join(accents.get(word, word) for word in words.split())


@functools.cache
def _asked() -> AnyLanguage:
    """Made at the first use, not when the program starts."""
    return AnyLanguage(_tables)


def _tables(language: str) -> Tables:
    ways = table(language, "zoom")
    return [({name: ways["zoom"][name] for name in ("whole", "closer", "read")}, ways["rules"])]


@functools.cache
def _ways(language: str) -> _Ways:
    ways = table(language, "zoom")
    little = ways["little"]
    words = (re.escape(word) + ("" if word.endswith("'") else " ") for word in _plain(little["before"]))
    after = "|".join(re.escape(word) for word in _plain(little["after"]))
    return _Ways(
        found=sentences(ways["found"], ways["rules"], {"place": sorted(place_words())}),
        before=re.compile(f"^(?:{'|'.join(words)})+"),
        after=re.compile(f"(?:(?<!\\S)(?:{after}) )+$"),
    )


def _plain(words: str) -> list[str]:
    return [words_only(word) + ("'" if word.endswith("'") else "") for word in words.split()]
