"""A closer look: which part is meant, cut out of the original at full resolution. By voice, or by a mind."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.errors import EngineError, PictureError
from pipeline.looking import reading_of
from pipeline.mind import Message, Tool, ToolCall
from pipeline.steering import versions
from vision.eyes import Eyes
from vision.finding import find
from vision.image import Picture, crop
from vision.regions import Part, box_of, part_named, place_words
from voice.clock import in_thread

MIDDLE: Part = (0.2, 0.2, 0.8, 0.8)

_CLOSER = "|".join(
    (
        r"(?:look|have a look|take a look|see|go|get|come|move)(?: much| a bit| a little| even| in)? closer"
        r"(?: (?:at|on|to|into|in))?",
        r"(?:a |take a |have a )?closer(?: look)?(?: (?:at|on|still|in))?",
        r"zoom(?: in)?(?: (?:on|to|into|at|in))?|enlarge|magnify",
        r"zoome?(?: (?:auf|in|rein|heran|an))?|vergrößere?|näher(?: (?:ran|heran|hin))?(?: an)?",
        r"genauer(?: (?:hin|auf))?",
        r"zoome[zr]?(?: (?:sur|dans))?|agrandi(?:s|ssez|r)|(?:regarde[sz]? )?(?:de )?plus près",
        r"rapproche(?:-toi)?(?: de)?",
        r"(?:haz )?zoom(?: (?:en|a|sobre))?|amplía|(?:mira )?(?:más )?de cerca|acérca(?:te|lo)(?: a)?",
    )
)
_READ = (
    r"read(?: (?:me|out|to me))?|what (?:does|do|is|are)|what's|lies(?: mir)?(?: vor)?|was (?:steht|ist)|"
    r"lis(?:[ -]moi)?|qu'est-ce qui est (?:écrit|marqué)|que dit|lée?(?:me|lo)?|lee(?:me)?|"
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
class Wish:
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
    return re.compile(rf"\b(?:{_CLOSER})\b"), re.compile(rf"^(?:{_READ})\b"), re.compile(place)


def wish_for(text: str) -> Wish | None:
    """What an utterance wants to have looked at more closely; None: nothing, or all of it as it is."""
    plain = (versions(text) or [""])[-1]
    if _WHOLE.fullmatch(plain):
        return Wish(whole=True)
    closer, read, place = _patterns()
    asks_closer, asks_text = closer.search(plain), read.match(plain)
    reads = bool(asks_text and _READS.search(plain))
    part = part_named(plain)
    if not asks_closer and not (reads and (part or _NAMED.search(plain))):
        return None
    rest = closer.sub(" ", plain) if asks_closer else plain[asks_text.end() if asks_text else 0 :]
    rest = place.sub(" ", f" {rest} ") if part else rest
    thing = _LEADING.sub("", " ".join(rest.split()) + " ").strip()
    return Wish(_TRAILING.sub("", f" {thing}").strip(), part, reads)


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


async def use_look(call: ToolCall, eyes: Eyes) -> Message:
    """What the mind gets for its call: the part, or why there is none."""
    if call.malformed:
        return _answer(
            call, f"The arguments could not be read ({call.malformed}); call again with valid JSON."
        )
    region = str(call.arguments.get("region") or "").lower().strip()
    try:
        whole = await _picture(call, eyes)
    except PictureError as error:
        return _answer(call, error.failed)
    if whole is None:
        kept = ", ".join(map(str, eyes.numbers)) or "none"
        return _answer(call, f"There is no such picture. There are: {kept}.")
    part: Picture | None = whole
    if region and region not in ("whole", "all", "everything"):
        place = part_named(region)
        part = await in_thread(part_of, whole, Wish("" if place else region, place))
    if part is None:
        return _answer(call, f"“{region}” was not found in it. Name a place: top left, bottom, middle.")
    enhanced = call.arguments.get("sharpness") == "enhanced"
    part = await in_thread(_sharpened, part, enhanced)
    return replace(_answer(call, f"Here is {part.source}."), pictures=(part,))


def _answer(call: ToolCall, text: str) -> Message:
    return Message("tool", text, answers=call.id)


async def _picture(call: ToolCall, eyes: Eyes) -> Picture | None:
    page, number = call.arguments.get("page"), call.arguments.get("picture")
    if isinstance(page, int) and eyes.document is not None:
        return await in_thread(eyes.document.page, page)
    return eyes.get(number) if isinstance(number, int) else eyes.latest


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
