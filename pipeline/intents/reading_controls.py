"""What people say to leaf through what is read to them: next, back, again, spell that. Whole utterances."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from pipeline.intents.controls import versions

Kind = Literal["next", "back", "again", "start", "on", "where", "spell"]


@dataclass(frozen=True, slots=True)
class ReadingControl:
    kind: Kind
    word: str = ""
    """Of ``spell``: the word that they named; empty: the one they heard last."""


_PART = "(?:paragraph|part|section|passage|bit|line|one)"
_ABSATZ = "(?:absatz|abschnitt|teil)"
_PARTIE = "(?:paragraphe|partie|passage)"
_PARRAFO = "(?:párrafo|parte)"
_PHRASES: dict[Kind, str] = {
    "next": rf"""
        (?:go to |read )?(?:the )?next(?: {_PART})?|skip(?: (?:it|that|this|ahead|forward))?(?: {_PART})?
        skip (?:the|this) {_PART}|go forward
        (?:nächster|nächsten|nächstes|der nächste) {_ABSATZ}|überspring(?:e|en)?(?: (?:das|den {_ABSATZ}))?
        nächster|(?:{_PARTIE} )?suivante?|(?:le|la) {_PARTIE} suivante?|saute(?: (?:ça|ce {_PARTIE}))?
        (?:el |la )?siguiente(?: {_PARRAFO})?|(?:{_PARRAFO} )siguiente|sáltalo|salta(?: eso)?
        """,
    "back": rf"""
        (?:go )?back(?: (?:a|one) {_PART})?|(?:go (?:back )?to |read )?(?:the )?previous(?: {_PART})?
        (?:the )?{_PART} before
        zurück|geh zurück|(?:einen {_ABSATZ} zurück)|(?:der |den )?(?:vorige[rn]?|vorherige[rn]?) {_ABSATZ}
        (?:reviens |retourne )?en arrière|{_PARTIE} précédente?|précédente?
        atrás|vuelve(?: atrás)?|{_PARRAFO} anterior|anterior
        """,
    "again": rf"""
        (?:read )?(?:that|this|the) {_PART} (?:again|once more)|(?:read |say )?(?:it |that |this )?again
        read (?:it|that|this) once more|once more|(?:that|this) {_PART} once more
        repeat (?:that|this|the)(?: last)? {_PART}|repeat|repeat (?:it|that)
        noch ?mal|noch einmal|(?:lies )?(?:den {_ABSATZ}|das|es) (?:noch ?mal|noch einmal)
        wiederhole(?: das| es)?
        encore(?: une fois)?|relis(?: (?:ça|ce {_PARTIE}))?|répète
        otra vez|(?:léelo|lee eso) otra vez|una vez más|repite(?:lo)?
        """,
    "start": r"""
        (?:start|begin) (?:again|over)(?: from the (?:beginning|start|top))?
        (?:read (?:it )?)?(?:again )?from the (?:beginning|start|top)
        go (?:back )?to the (?:beginning|start|top)
        von vorne?|(?:noch ?mal |noch einmal )?von (?:vorne?|anfang an)|fang von vorne? an
        (?:depuis le|reprends (?:depuis le|au)|du) début|recommence
        desde el (?:principio|comienzo)|empieza (?:de nuevo|otra vez)
        """,
    "on": r"""
        go on|go on reading|continue|continue reading|carry on
        keep (?:going|reading)|read on|resume|where were we
        weiter|lies weiter|mach weiter|weiterlesen
        continue[sz]?|continue(?:[sz])? (?:à|de) lire|la suite|reprends
        sigue|sigue leyendo|continúa
        """,
    "where": r"""
        where (?:was i|am i|are we|were you|are you)|how (?:much|far) (?:is left|is there|to go)
        how much (?:more|longer)(?: is (?:there|it|left))?
        wo (?:bin ich|sind wir|waren wir)|wie viel (?:noch|fehlt noch|kommt noch)
        où (?:en )?(?:suis-je|est-on|sommes-nous|étions-nous)|combien (?:il )?reste(?:-t-il)?
        (?:por )?dónde (?:estamos|íbamos|voy)|cuánto (?:queda|falta)
        """,
    "spell": r"""
        spell (?:that|it|this)(?: (?:word|name))?(?: out)?|spell (?:the )?last word
        how (?:is|do you) (?:that |it )?(?:spelled|spelt|spell (?:that|it))
        buchstabier(?:e|en)?(?: (?:das|es|das wort|den namen))?|wie schreibt man das
        épelle(?:[ -](?:ça|le|la))?|épelez(?: ça)?|comment ça s'écrit
        deletr[eé]a(?:lo|la)?(?: eso)?|cómo se (?:deletrea|escribe)(?: eso)?
        """,
}
_NAMED = re.compile(
    r"(?:spell(?: out)?(?: (?:the )?(?:word|name))?|how (?:do you|is) (?:spell|spelled)"
    r"|buchstabier(?:e|en)?(?: (?:das wort|den namen))?|wie schreibt man"
    r"|épelle(?:z)?(?: le (?:mot|nom))?|comment s'écrit"
    r"|deletr[eé]a(?: (?:la palabra|el nombre))?|cómo se (?:escribe|deletrea)) (?P<word>[\w'’-]+)"
)  # fmt: skip


@functools.cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile("|".join(line.strip() for line in lines.strip().splitlines())))
        for kind, lines in _PHRASES.items()
    )


def reading_control(text: str) -> ReadingControl | None:
    """What an utterance asks of what is being read, or None. Case, marks and politeness do not matter.

    Means something only where something is or was just being read: whoever asks knows that.
    """
    for said in versions(text):
        for kind, pattern in _patterns():
            if pattern.fullmatch(said):
                return ReadingControl(kind)
        if named := _NAMED.fullmatch(said):
            return ReadingControl("spell", named["word"])
    return None
