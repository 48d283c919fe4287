"""Whether an utterance wants what is shown read aloud, all of it and as it stands. Pure."""

from __future__ import annotations

import functools
import re

from config.language.phrases import phrases
from pipeline.intents.controls import versions
from pipeline.intents.look import read_capture_intent

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
    lis(?:[ -]moi)? (?:(?:la )?\w+ page|la page \w+|page \w+)|l[eé]e(?:me)? (?:(?:la )?página \w+|la \w+ página)
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
    sign say?" is a question, and for the LLM.
    """
    return any(_pattern().fullmatch(said.replace(" bitte ", " ")) for said in versions(text, accents=True))


def turns_page(text: str) -> bool:
    """ "Next page": whether one page after the other is wanted."""
    wanted = read_capture_intent(text, page=1, pages=2)
    return wanted is not None and wanted.kind == "page"


def agrees(text: str, before: str, language: str) -> bool:
    """Whether it is a "yes" to the offer to read, which the answer before made."""
    offered = phrases(language).say("describing.offer") in before
    return offered and any(_YES.fullmatch(said) for said in versions(text, accents=True))
