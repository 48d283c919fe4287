""" "Read it": all the text of what is shown, paragraph by paragraph, read on this machine."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.phrases import phrases
from pipeline.closer import wish_for
from pipeline.glimpsing import glimpse
from pipeline.looking import reading_of
from pipeline.steering import versions
from vision.image import Picture
from voice.clock import in_thread
from voice.ears import Said

if TYPE_CHECKING:
    from vision.passages import Passage

NAMED = 3
"""Words that are named as unsure; where there are more, the paragraph is called unclear."""

LITTLE = 3
"""Letters of words in small letters that are not named: "the" is heard to be right or wrong anyway."""

CLEAR = 0.7
"""Confidence under which a mind that sees is asked to read instead."""

_TO_ME = r"(?: (?:to me|out|aloud|out loud|out to me|aloud to me|for me|from the (?:beginning|start|top)))*"
_TEXT = (
    "(?:text|pages?|letter|document|sign|label|note|notice|menu|paper|message|article|book|receipt|bill|poster|"
    "card|picture|photo|image|screen|screenshot|leaflet|instructions|recipe|words|writing|whole thing|rest)"
)
_DING = "(?: ganzen?)? (?:text|seite|brief|zettel|schild|blatt|artikel|bild|rezept|etikett)"
_CHOSE = "(?:texte|page|lettre|document|panneau|étiquette|article|image)"
_COSA = "(?:texto|página|carta|documento|cartel|etiqueta|artículo|imagen)"
_FORMS = rf"""
    read{_TO_ME}
    read (?:me |us )?(?:on )?(?:(?:the )?\w+ page|page (?:number )?\w+){_TO_ME}
    lies(?: mir)? (?:(?:die )?\w+ seite|seite \w+)(?: vor)?
    lis(?:-moi)? (?:(?:la )?\w+ page|la page \w+|page \w+)|l[eé]e(?:me)? (?:(?:la )?página \w+|la \w+ página)
    read (?:me |us )?(?:it|this|that|them|these|those|everything|all|on)(?: all)?{_TO_ME}
    read (?:me |us |out |aloud )?(?:all |all of |the whole of )?(?:it|the|this|that|these|those|my)?(?: (?:whole|full|entire))?(?: {_TEXT})?{_TO_ME}
    lies(?: mir)?(?: (?:es|das|dies|alles|ihn|sie|(?:den|die|das){_DING}))?(?: mir)?(?: vor| laut vor| laut)?
    (?:(?:es|das|alles|bitte) )*vorlesen|lesen sie(?: mir)?(?: (?:es|das|alles|(?:den|die|das){_DING}))?(?: vor)?
    li(?:s|sez)(?:[ -]moi)?(?:[ -](?:le|la|les|ça|cela|tout))?(?: tout| (?:le |la |l'|cette? ){_CHOSE})?(?: à haute voix| à voix haute)?
    l[eé]e(?:me)?(?:lo|la|los)?(?: (?:todo|esto|eso|(?:el|la|este|esta) {_COSA}))?(?: en voz alta)?
"""  # noqa: E501


_YES = re.compile(
    r"yes|yeah|yep|yes do|sure|of course|go ahead|do|do it|do so|ja|ja gerne?|gerne?|klar|oui|volontiers|"
    r"bien sûr|d'accord|sí|si|claro|vale|adelante|please|bitte"
)


@functools.cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(form.strip() for form in _FORMS.strip().splitlines()))


def wants_reading(text: str) -> bool:
    """Whether an utterance asks for the text of what is shown, all of it and as it stands. "What does the
    sign say?" is a question, and for the mind.
    """
    return any(_pattern().fullmatch(said.replace(" bitte ", " ")) for said in versions(text))


def turns_page(text: str) -> bool:
    """ "Next page": whether one page after the other is wanted."""
    wanted = glimpse(text, page=1, pages=2)
    return wanted is not None and wanted.kind == "page"


@dataclass(frozen=True, slots=True)
class Readout:
    """What is read aloud."""

    paragraphs: tuple[str, ...] = ()
    confidence: float = 1.0

    @property
    def clear(self) -> bool:
        return bool(self.paragraphs) and self.confidence >= CLEAR


def agrees(text: str, before: str, language: str) -> bool:
    """Whether it is a "yes" to the offer to read, which the answer before made."""
    offered = phrases(language).say("describing.offer") in before
    return offered and any(_YES.fullmatch(said) for said in versions(text))


async def readout_for(
    said: Said, pictures: Sequence[Picture], *, turning: bool = False, before: str = ""
) -> Readout | None:
    """What is read for an utterance; None: it asks for something else, or there is no picture.

    ``turning``: something is being read, so that the next page is wanted for being read too. ``before``: the
    last answer, which may have offered to read.
    """
    wish = wish_for(said.text)
    asked = (
        wants_reading(said.text)
        or (wish and wish.reads)
        or (turning and turns_page(said.text))
        or agrees(said.text, before, said.language)
    )
    if not pictures or not asked:
        return None
    return await read_out(pictures, said.language)


async def read_out(pictures: Sequence[Picture], language: str = "en") -> Readout:
    """The text of all of them, in order; raises ``EngineError``. Seconds, when it was not read before."""
    words = phrases(language)
    paragraphs: list[str] = []
    sure: list[float] = []
    for number, picture in enumerate(pictures, 1):
        found, confidence = await in_thread(_passages, picture)
        if found and len(pictures) > 1:
            paragraphs.append(words.say("reading.picture", number=number))
        paragraphs += [_with_doubt(passage, language) for passage in found]
        if found:
            sure.append(confidence)
    return Readout(tuple(paragraphs), min(sure, default=0.0))


def _passages(picture: Picture) -> tuple[tuple[Passage, ...], float]:
    from vision.passages import passages

    reading = reading_of(picture)
    return passages(reading), reading.confidence


def _with_doubt(passage: Passage, language: str) -> str:
    """A paragraph, and after it what may be misread in it."""
    words = phrases(language)
    unsure = list(dict.fromkeys(word.strip(".,;:!?()“”\"'") or word for word in passage.unsure))
    unsure = [word for word in unsure if not (len(word) <= LITTLE and word.isalpha() and word.islower())]
    if not unsure:
        return passage.text
    named = words.listed([f"“{word}”" for word in unsure])
    doubt = words.say("reading.unsure", words=named) if len(unsure) <= NAMED else words.say("reading.unclear")
    stop = "" if passage.text[-1:] in ".!?…" else "."
    return f"{passage.text}{stop} {doubt}"
