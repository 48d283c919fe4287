"""What a person wants to be told of while Aloud watches: "tell me when the light turns green". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vision.watch.lights import Colour

Kind = Literal["anything", "light", "text", "code", "change", "seen"]

_COLOURS: dict[str, Colour] = {
    "red": "red", "rot": "red", "rouge": "red", "rojo": "red", "roja": "red",
    "green": "green", "grün": "green", "vert": "green", "verte": "green", "verde": "green",
    "yellow": "yellow", "amber": "yellow", "gelb": "yellow", "jaune": "yellow", "orange": "yellow",
    "amarillo": "yellow", "amarilla": "yellow", "ámbar": "yellow",
}  # fmt: skip
_LIGHT = re.compile(r"\b(?:lights?|traffic lights?|lamp|led|ampel|licht|lampe|feu|voyant|semáforo|luz)\b")
_SAYS = re.compile(
    r"\b(?:says|shows|reads|displays|reaches|steht|zeigt|erreicht|affiche|indique|dit|pone|dice|muestra|marca)"
    r" (?:the (?:word|words|number) |das wort |die zahl |le mot |la palabra )?(?P<first>.+)$"
    r"|\b(?:number|nummer|platform|gleis|track|gate|line|linie|ligne|línea|voie|quai|puerta|andén|numéro|"
    r"número) (?P<second>[\w-]*\d[\w-]*)\b"
    r"|\b(?P<third>\d[\w-]*)(?= (?:bus|tram|train|zug|comes|is called|kommt|arrives|appears|erscheint))"
)
_CODE = re.compile(r"\b(?:qr|bar ?code|strichcode|code[- ]barres|código de barras|code)\b")
_CHANGE = re.compile(
    r"\b(?:some|any)thing (?:at all )?(?:changes|moves|happens)|\b(?:it|the screen|the picture) changes|"
    r"\betwas (?:sich )?(?:ändert|verändert|passiert|geschieht|bewegt)|"
    r"sich etwas (?:ändert|verändert|bewegt|tut)|"
    r"\bquelque chose (?:change|bouge|se passe)|\balgo (?:cambia|cambie|se mueve|se mueva|pasa|pase|ocurre)"
)


@dataclass(frozen=True, slots=True)
class WatchCondition:
    """What is waited for, as far as it can be measured."""

    kind: Kind = "anything"
    asked: str = ""
    """As they said it."""
    colour: Colour | None = None
    text: str = ""
    """In small letters."""


def watch_condition(asked: str) -> WatchCondition:
    """ "Seen" is for an LLM that sees; the other kinds are noticed by measurement. Empty: anything at all."""
    plain = " ".join(re.sub(r"[^\w' -]+", " ", asked.lower()).split())
    if not plain:
        return WatchCondition()
    colours = [_COLOURS[word] for word in plain.split() if word in _COLOURS]
    if _LIGHT.search(plain):
        return WatchCondition("light", asked, colours[-1] if colours else None)
    if _CHANGE.search(plain):
        return WatchCondition("change", asked)
    if said := _SAYS.search(plain):
        words = said["first"] or said["second"] or said["third"]
        return WatchCondition("text", asked, text=words.strip())
    if _CODE.search(plain):
        return WatchCondition("code", asked)
    return WatchCondition("seen", asked)


LOOK = (
    "This picture comes from a camera or a screen that is being watched. Wanted: “{asked}”\n"
    "Is that so in this picture? Begin your answer with the word yes or no. If yes, go on with one sentence "
    "of at most 12 words that tells it to the person, in the language of what is wanted. If you are "
    "not sure: no."
)
LOOK_AT_ANYTHING = (
    "This picture comes from a camera or a screen that is being watched for a person who cannot see it. What "
    "was there before: “{before}”\nHas something changed that matters to them: a person who comes, something "
    "in the way, a message? Begin your answer with the word yes or no. If yes, go on with one sentence of at "
    "most 12 words."
)


def question(wanted: WatchCondition, before: str) -> str:
    """For an LLM that sees, with the picture."""
    if wanted.kind == "anything":
        return LOOK_AT_ANYTHING.format(before=before or "nothing that was told yet")
    return LOOK.format(asked=wanted.asked)


def verdict(answer: str) -> str | None:
    """What is to be said of an LLM's answer; None: no, or an answer that cannot be understood as a yes."""
    plain = answer.strip().lstrip("*_\"'“„«( ")
    match = re.match(r"(?:yes|ja|oui|sí|si)\b[\s.,:;!*_\"'”“»)–—-]*", plain, re.IGNORECASE)
    if match is None:
        return None
    told = " ".join(plain[match.end() :].split())
    first = re.split(r"(?<=[.!?])\s", told)[0]
    return first[:1].upper() + first[1:] if first else plain[: match.end()].strip(" .,:;!*_\"'”“»)–—-") + "."


def is_there(wanted: str, lines: Sequence[str]) -> str:
    """The line that has the wanted words (small letters), whole ones; empty: none."""
    from rapidfuzz import fuzz

    short = len(wanted) < 4
    for line in lines:
        plain = " ".join(re.findall(r"[\w'-]+", line.lower()))
        exact = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain)
        if exact or (
            not short and len(plain) >= 0.8 * len(wanted) and fuzz.partial_ratio(wanted, plain) >= 88
        ):
            return line
    return ""


def is_new(line: str, known: Sequence[str]) -> bool:
    """Whether a line was not there before: read a little otherwise it is still the same."""
    from rapidfuzz import fuzz

    return len(line) > 1 and all(fuzz.ratio(line.lower(), other.lower()) < 75 for other in known)


_WHEN = re.compile(
    r"(?:tell me|let me know|say so|warn me|call me|notify me|watch and tell me|"
    r"sag(?:e)?(?: mir)?(?: bescheid)?|gib(?: mir)? bescheid|melde dich|warne mich|"
    r"dis[ -](?:le )?moi|préviens[ -]moi|avertis[ -]moi|avísame|dime|avisa) "
    r"(?:when|as soon as|once|if|wenn|sobald|quand|dès que|si|cuando) .+"
)

_STOP = re.compile(
    r"(?:stop|quit|no more) (?:watching|looking)|(?:you can |you may )?stop watching(?: now| it)?|"
    r"hör auf zu (?:beobachten|schauen)|nicht mehr beobachten|arrête de (?:surveiller|regarder)|"
    r"deja de (?:vigilar|mirar)"
)

_SCREEN = re.compile(r"\b(?:screen|display|monitor|bildschirm|écran|pantalla)\b")


def wants_telling(said: str) -> bool:
    """Whether it is "tell me when ...". ``said``: plain, in small letters."""
    return _WHEN.fullmatch(said) is not None


def stops_watching(said: str) -> bool:
    """Whether it ends the watching."""
    return _STOP.fullmatch(said) is not None


def names_screen(said: str) -> bool:
    """Whether it is the screen that is to be watched, and not what a camera sees."""
    return _SCREEN.search(said) is not None
