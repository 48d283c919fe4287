"""Whether an utterance wants a closer look, and at what: "zoom in on the label". Pure."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from pipeline.intents.controls import versions
from vision.ocr.regions import Part, part_named, place_words

_ZOOM_IN_ONE = "|".join(
    (
        r"(?:look|have a look|take a look|see|go|get|come|move)(?: much| a bit| a little| even| in)? closer"
        r"(?: (?:at|on|to|into|in))?",
        r"(?:a |take a |have a )?closer(?: look)?(?: (?:at|on|still|in))?",
        r"zoom(?: in)?(?: (?:on|to|into|at|in))?|enlarge|magnify",
        r"zoome?(?: (?:auf|in|rein|heran|an))?|vergrößere?|näher(?: (?:ran|heran|hin))?(?: an)?",
        r"genauer(?: (?:hin|auf))?",
        r"zoome[zr]?(?: (?:sur|dans))?|agrandi(?:s|ssez|r)|(?:regarde[sz]? )?(?:de )?plus près",
        r"rapproche(?:[ -]toi)?(?: de)?",
        r"(?:haz )?zoom(?: (?:en|a|sobre))?|amplía|(?:mira )?(?:más )?de cerca|acérca(?:te|lo)(?: a)?",
    )
)

_READ = (
    r"read(?: (?:me|out|to me))?|what (?:does|do|is|are)|what's|lies(?: mir)?(?: vor)?|was (?:steht|ist)|"
    r"lis(?:[ -]moi)?|qu'est[ -]ce qui est (?:écrit|marqué)|que dit|lée?(?:me|lo)?|lee(?:me)?|"
    r"qué (?:pone|dice|hay)"
)

_READS = re.compile(
    r"\b(?:read|says?|written|printed|lies|steht|lis|écrit|marqué|dit|lee|léeme|leeme|pone|dice)\b"
)

_NAMED = re.compile(
    r"\b(?:that|which|where it) (?:says|reads)\b|\bsaying\b|\bque (?:dice|pone)\b|\bqui dit\b"
)

_WHOLE = re.compile(
    r"zoom (?:back )?out|(?:look at |show me )?the whole (?:picture|image|photo|thing)|step back|"
    r"(?:zoome? )?(?:wieder )?(?:raus|heraus)|das ganze bild|dézoome[zr]?|toute l'image|aleja(?:te)?|"
    r"toda la imagen"
)

_AT = r"(?:(?:at|on|in|to|from|of|im|in der|auf der|am|an der|à|en|au|a|en la|en el|de) )?"

_OF_IT = r"(?: (?:of|von|de|del) (?:it|the (?:picture|image|photo|page)|dem bild|l'image|la imagen))?"

_SIDE = (
    r"(?: ?(?:hand )?(?:side|corner|half|part|edge|seite|ecke|hälfte|rand|teil|coin|côté|esquina|lado|"
    r"parte))?"
)

_LEADING = re.compile(
    r"^(?:(?:please|the|a|an|it|this|that|my|me|at|on|in|to|is|does|do|and|written|printed|das|die|den|der|"
    r"dem|mir|mal|dir|le|la|les|el|los|las|un|una|une|ein|eine|sur|en|de|du|sieh|schau|guck|auf|regarde|mira|"
    r"vor) |l')+"
)

_TRAILING = re.compile(r"(?: (?:say|says|read|an|vor|hin|genauer|to me|for me|please))+$")


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


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    place = rf"{_AT}(?:the |la |el |der |dem )?(?:very )?\b(?:{place_words()})\b{_SIDE}{_OF_IT}"
    return re.compile(rf"\b(?:{_ZOOM_IN_ONE})\b"), re.compile(rf"^(?:{_READ})\b"), re.compile(place)


def zoom_request(text: str) -> ZoomRequest | None:
    """What an utterance wants to have looked at more closely; None: nothing, or all of it as it is."""
    plain = (versions(text, accents=True) or [""])[-1]
    if _WHOLE.fullmatch(plain):
        return ZoomRequest(whole=True)
    zoomed, read, place = _patterns()
    asks_to_zoom, asks_text = zoomed.search(plain), read.match(plain)
    reads = bool(asks_text and _READS.search(plain))
    part = part_named(plain)
    if not asks_to_zoom and not (reads and (part or _NAMED.search(plain))):
        return None
    rest = zoomed.sub(" ", plain) if asks_to_zoom else plain[asks_text.end() if asks_text else 0 :]
    rest = place.sub(" ", f" {rest} ") if part else rest
    thing = _LEADING.sub("", " ".join(rest.split()) + " ").strip()
    return ZoomRequest(_TRAILING.sub("", f" {thing}").strip(), part, reads)
