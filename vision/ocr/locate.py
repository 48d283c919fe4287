"""A thing that was named, found in a picture by its text or its code: "the label that says exit". Pure.

What things are called in a language is told in ``config/language/LANGUAGE/zoom.toml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping

from config.language.any_language import AnyLanguage, Tables
from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.sentences import Sentences, sentences
from vision.ocr.layout import Box
from vision.ocr.read import Line, OcrResult
from vision.ocr.regions import Part, around, box_of, within

ALIKE = 78.0
"""Percent of likeness (rapidfuzz's partial ratio) from which a line is the one that was named."""

_Looks = Callable[[str], bool]
"""Whether a line of text is such a thing."""


def _is_price(line: str) -> bool:
    return bool(re.search(r"[€$£¥]|\b\d+[.,]\d\d\b(?![.,\d])|\b(?:EUR|USD|GBP|CHF)\b", line))


def _is_phone(line: str) -> bool:
    return bool(re.search(r"\+?\d(?:[ /().-]{0,2}\d){6,14}", _without_dates(line)))


def _is_date(line: str) -> bool:
    digits = re.search(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b", line)
    return bool(digits or _with_month().search(line))


def _is_address(line: str) -> bool:
    return bool(re.search(r"https?:|www\.|\.(?:com|org|net|de|fr|es|it|eu|uk)\b", line, re.IGNORECASE))


def _is_plate(line: str) -> bool:
    """Capitals and figures, both of them, 4 to 9 together."""
    plain = re.sub(r"[\s·.:-]", "", line)
    figures, capitals = re.search(r"\d", plain), re.search(r"[A-ZÄÖÜ]", plain)
    return bool(figures and capitals and re.fullmatch(r"[A-ZÄÖÜ0-9]{4,9}", plain))


_KINDS: Mapping[str, _Looks] = {
    "plate": _is_plate,
    "price": _is_price,
    "phone": _is_phone,
    "date": _is_date,
    "email": lambda line: "@" in line,
    "web": _is_address,
}
"""Things that are known by how their text looks."""


@functools.cache
def _things() -> AnyLanguage:
    """What things are called."""
    return AnyLanguage(_tables)


def _tables(language: str) -> Tables:
    ways = table(language, "zoom")
    return [(ways["things"], ways["rules"])]


def _is_called(thing: str, kind: str) -> bool:
    return any(name == kind for _, name, _, _ in _things().places(thing))


@functools.cache
def _with_month() -> re.Pattern[str]:
    """A day and a month's name, in any of the languages."""
    names = {name for language in languages() for name in table(language, "zoom")["months"]["names"].split()}
    return re.compile(rf"\b\d{{1,2}} ?(?:{'|'.join(sorted(names))})\b", re.IGNORECASE)


@functools.cache
def _saying() -> tuple[Sentences, ...]:
    ways = (table(language, "zoom") for language in languages())
    return tuple(sentences(each["saying"], each["rules"]) for each in ways)


def _words_on(thing: str) -> str:
    """What stands on it, where it is named by that; else empty."""
    readings = (slots for each in _saying() for _, slots in each.readings(thing))
    return next((slots["words"] for slots in readings), "")


def locate(thing: str, reading: OcrResult, size: tuple[int, int], part: Part | None = None) -> Box | None:
    """Where ``thing``, as it was named, is, in pixels; None where that cannot be told.

    With ``part`` only what has its middle there counts.
    """
    region, thing = box_of(part, size) if part else (0, 0, *size), words_only(thing)
    lines = [line for line in reading.lines if within(line.box, region)]
    if _is_called(thing, "code"):
        codes = [code.box for code in reading.codes if code.box[2] > code.box[0] and within(code.box, region)]
        return around(codes, size, 0.1) if codes else None
    boxes = [line.box for line in _meant(thing, lines)]
    return around(boxes, size) if boxes else None


def _meant(thing: str, lines: list[Line]) -> list[Line]:
    if words := _words_on(thing):
        return _most_alike(words, lines)
    for kind, looks in _KINDS.items():
        if _is_called(thing, kind):
            return [line for line in lines if looks(line.text)]
    if _is_called(thing, "text"):
        return lines
    return _most_alike(thing, lines) if len(thing) >= 4 else []


def _most_alike(words: str, lines: list[Line]) -> list[Line]:
    """The one, where there is one."""
    from rapidfuzz import fuzz

    plain = [words_only(line.text) for line in lines]
    scores = [fuzz.partial_ratio(words, line) if len(line) >= 0.7 * len(words) else 0.0 for line in plain]
    best = max(range(len(lines)), key=scores.__getitem__, default=None)
    return [lines[best]] if best is not None and scores[best] >= ALIKE else []


def _without_dates(line: str) -> str:
    return re.sub(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b", "", line)
