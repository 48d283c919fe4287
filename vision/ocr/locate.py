"""A thing that was named, found in a picture by its text or its code: "the label that says exit". Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from vision.ocr.layout import Box
from vision.ocr.read import OcrResult
from vision.ocr.regions import Part, around, box_of, within

ALIKE = 78.0
"""Percent of likeness (rapidfuzz's partial ratio) from which a line is the one that was named."""

_SAYING = re.compile(
    r"(?:(?:that|which|where it) (?:says?|reads?)|where (?:is )?written|saying|reading|"
    r"(?:with|has) the words?|called|named|"
    r"(?:auf dem|auf der|wo|das) (?:steht )?(?=.+ steht)|wo steht|mit (?:dem|den) worte?n?|namens|"
    r"(?:qui|où il) (?:dit|est écrit)|avec (?:le mot|les mots)|"
    r"que (?:dice|pone)|donde (?:dice|pone)|con la palabra) (?P<words>.+?)(?: steht)?$"
)

_CODE = r"(?:bar ?codes?|qr ?codes?|codes?|strichcodes?|code barres|código(?: de barras| qr)?)"

_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (r"(?:number|licen[cs]e|registration) plate|plate|nummernschild|kennzeichen|plaque"
     r"(?: d'immatriculation)?|matrícula", lambda line: _plate(line)),
    (r"price|prices|cost|preise?|prix|precios?", lambda line: bool(re.search(
        r"[€$£¥]|\b\d+[.,]\d\d\b(?![.,\d])|\b(?:EUR|USD|GBP|CHF)\b", line))),
    (r"(?:tele)?phone(?: number)?|telefon(?:nummer)?|(?:numéro de )?téléphone|teléfono", lambda line: bool(
        re.search(r"\+?\d(?:[ /().-]{0,2}\d){6,14}", _without_dates(line)))),
    (r"(?:best before|expiry|use by|due)? ?date|(?:ablauf|mindesthaltbarkeits)?datum|"
     r"(?:la )?date(?: de péremption)?|fecha(?: de caducidad)?", lambda line: bool(re.search(
        r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b|"
        r"\b\d{1,2} ?(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)\w*\b",
        line, re.IGNORECASE))),
    (r"e-?mail(?: address)?|adresse e-?mail|correo", lambda line: "@" in line),
    (r"(?:web ?)?(?:site|address|link)|url|internetadresse|sitio web", lambda line: bool(re.search(
        r"https?:|www\.|\.(?:com|org|net|de|fr|es|eu|uk)\b", line, re.IGNORECASE))),
)  # fmt: skip
"""Things that are known by how their text looks."""

_TEXT = (
    r"text|texts|words?|writing|letters|label|sign|print|small print|caption|title|heading|headline|number|"
    r"schild|etikett|aufschrift|schrift|wort|überschrift|titel|kleingedruckte[sn]?|zahl|nummer|"
    r"texte|étiquette|panneau|mots?|titre|inscription|texto|etiqueta|cartel|palabras?|título|número"
)


@functools.cache
def _kinds() -> tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...]:
    return tuple((re.compile(rf"\b(?:{words})\b"), looks) for words, looks in _KINDS)


def locate(thing: str, reading: OcrResult, size: tuple[int, int], part: Part | None = None) -> Box | None:
    """Where ``thing`` (small letters, as it was named) is, in pixels; None where that cannot be told.

    With ``part`` only what has its middle there counts.
    """
    region = box_of(part, size) if part else (0, 0, *size)
    lines = [line for line in reading.lines if within(line.box, region)]
    codes = [code.box for code in reading.codes if code.box[2] > code.box[0] and within(code.box, region)]
    if re.search(rf"\b{_CODE}\b", thing):
        return around(codes, size, 0.1) if codes else None
    if named := _SAYING.search(thing):
        best = _most_alike(named["words"], [line.text for line in lines])
        return None if best is None else around([lines[best].box], size)
    for pattern, looks in _kinds():
        if pattern.search(thing):
            boxes = [line.box for line in lines if looks(line.text)]
            return around(boxes, size) if boxes else None
    if re.search(rf"\b(?:{_TEXT})\b", thing):
        return around([line.box for line in lines], size) if lines else None
    best = _most_alike(thing, [line.text for line in lines]) if len(thing) >= 4 else None
    return None if best is None else around([lines[best].box], size)


def _most_alike(words: str, lines: list[str]) -> int | None:
    from rapidfuzz import fuzz

    scores = [
        fuzz.partial_ratio(words, line.lower()) if len(line) >= 0.7 * len(words) else 0.0 for line in lines
    ]
    best = max(range(len(lines)), key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] >= ALIKE else None


def _without_dates(line: str) -> str:
    return re.sub(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b", "", line)


def _plate(line: str) -> bool:
    """Capitals and figures, both of them, 4 to 9 together."""
    plain = re.sub(r"[\s·.:-]", "", line)
    return bool(
        4 <= len(plain) <= 9
        and re.fullmatch(r"[A-ZÄÖÜ0-9]+", plain)
        and re.search(r"\d", plain)
        and re.search(r"[A-ZÄÖÜ]", plain)
    )
