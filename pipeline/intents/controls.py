"""What people say to steer the talk itself: again, slower, louder, go to sleep. Whole utterances only.

``turn the music louder`` and ``never llm the gap`` are for the LLM; ``louder`` and ``never llm`` for us.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "repeat", "go_on", "slower", "faster", "louder", "quieter", "sleep", "farewell", "never_mind", "wait"
]


@dataclass(frozen=True, slots=True)
class ControlIntent:
    kind: Kind


# Each line is a pattern for all that is left when politeness is gone; "(...)?" may be there, "|" is or.
_MORE = "(?:a (?:little )?bit |a little |much |even |still |way |far )?(?:more )?"
_SPEAK = "(?:(?:speak|talk|say it|say that|read|read it) )?"
_LOUD = "(?:you(?:'re| are) (?:too |so )?(?:{}))"
_PHRASES: dict[Kind, str] = {
    "repeat": r"""
        repeat|repeat (?:that|it|yourself|the last (?:part|bit|sentence|answer)|what you (?:just )?said)
        say (?:that|it)(?: one more time)?|say (?:that|it)? ?(?:again|once more)|again|once more
        one more time|come again
        what did you (?:just )?say|what was that|what|pardon|pardon me|i beg your pardon|excuse me what
        sorry what(?: was that| did you say)?|i (?:didn't|did not) (?:hear|catch|get) (?:that|you|it)
        wiederhole?(?: das| es)?|(?:sag|sage) das (?:noch ?mal|noch einmal)
        das (?:noch ?mal|noch einmal) sagen|das wiederholen|noch ?mal|noch einmal|wie bitte
        was hast du gesagt|ich habe? (?:das|dich) nicht verstanden|wiederholen sie das
        répèt(?:e|ez)(?:[ -](?:ça|cela|le))?|redi(?:s|tes)(?:[ -](?:ça|le|moi ça))?|qu'est-ce que tu as dit
        encore une fois
        (?:dis|dites)[ -](?:ça|le) encore(?: une fois)?|qu'as-tu dit
        rep[ií]te(?:lo)?(?: eso)?|rep[ií]talo|otra vez|dilo otra vez|una vez más|qué (?:has dicho|dijiste)
        cómo dices
        """,
    "go_on": """
        go on|go ahead|continue|carry on|keep (?:going|talking|reading)|and then|resume
        continue (?:talking|reading)
        go on (?:talking|reading)|tell me more|more|you can (?:go on|continue)|where were we
        weiter|mach weiter|fahre? fort|red weiter|rede weiter|lies weiter|erzähl weiter|sprich weiter
        continue[sz]?|vas-y|poursui(?:s|vez)|la suite
        sigue|continúa|continua|sigue (?:hablando|leyendo)|adelante
        """,
    "slower": rf"""
        {_SPEAK}{_MORE}(?:slower|slowly)|slow down(?: a (?:bit|little))?|not so fast
        {_LOUD.format("fast|quick")}
        {_LOUD.format("talking too fast|speaking too fast")}|(?:you (?:speak|talk) too fast)
        (?:(?:sprich|rede|sprechen sie) )?(?:(?:etwas|ein bisschen|viel|noch) )?langsamer|nicht so schnell
        du sprichst zu schnell
        (?:parle[sz]? )?(?:un peu )?(?:plus lentement|moins vite)|pas si vite|ralenti(?:s|ssez)
        (?:habla |hable )?(?:un poco )?más (?:despacio|lento)|no tan rápido|despacio
        """,
    "faster": rf"""
        {_SPEAK}{_MORE}(?:faster|quicker|quickly)|speed up(?: a (?:bit|little))?|not so slow(?:ly)?
        {_LOUD.format("slow")}
        (?:(?:sprich|rede|sprechen sie) )?(?:(?:etwas|ein bisschen|viel|noch) )?schneller|nicht so langsam
        (?:parle[sz]? )?(?:un peu )?plus (?:vite|rapidement)|accélère|pas si lentement
        (?:habla |hable )?(?:un poco )?más (?:rápido|deprisa)|no tan despacio
        """,
    "louder": rf"""
        {_SPEAK}{_MORE}(?:louder|loudly)|speak up(?: a (?:bit|little))?|volume up|{_LOUD.format("quiet|soft")}
        turn (?:up (?:the|your) volume|(?:the|your) volume up)|turn it up|turn yourself up
        increase (?:the|your) volume
        raise (?:the|your) volume|i (?:can't|cannot|can not) hear you|make it louder
        (?:(?:sprich|rede|sprechen sie|mach) )?(?:(?:etwas|ein bisschen|viel|noch) )?lauter
        ich höre dich nicht|zu leise
        (?:parle[sz]? )?(?:un peu )?plus fort|monte(?:z)? le (?:son|volume)|je ne t'entends pas
        (?:habla |hable )?(?:un poco )?más (?:alto|fuerte)|sube el volumen|no te oigo
        """,
    "quieter": rf"""
        {_SPEAK}{_MORE}(?:quieter|softer|softly|quietly)|volume down|not so loud|{_LOUD.format("loud")}
        lower your voice
        turn (?:down (?:the|your) volume|(?:the|your) volume down)|turn it down|turn yourself down
        make it quieter
        (?:decrease|reduce|lower) (?:the|your) volume|keep (?:it|your voice) down
        (?:(?:sprich|rede|sprechen sie|mach) )?(?:(?:etwas|ein bisschen|viel|noch) )?leiser|nicht so laut
        zu laut
        (?:parle[sz]? )?(?:un peu )?(?:moins fort|plus (?:bas|doucement))|baisse(?:z)? le (?:son|volume)
        (?:habla |hable )?(?:un poco )?más (?:bajo|suave)|baja el volumen|no tan alto
        """,
    "sleep": """
        go to sleep|go back to sleep|sleep|stop listening|don't listen(?: any ?more)?
        schlaf(?: ein| jetzt)?|geh schlafen|hör auf zuzuhören|hör nicht mehr zu
        dors|va dormir|endors-toi|arrête d'écouter
        duérmete|vete a dormir|deja de escuchar
        """,
    "farewell": """
        that(?:'s| is| will be|'ll be) all
        (?:that(?:'s| is) all )?for now|good ?night|good ?bye|bye|bye bye|see you(?: later| tomorrow)?
        we(?:'re| are) done
        das (?:ist|war) alles|das war's|gute nacht|tschüss|auf wiedersehen
        c'est tout|bonne nuit|au revoir|eso es todo|buenas noches|adiós|hasta luego
        """,
    "never_mind": """
        never ?mind|forget (?:it|that|about it|about that|i asked|what i said)|cancel that|scratch that
        ignore that|don't bother
        it doesn't matter|it does not matter|drop it|not important|never mind (?:that|about that|it)
        vergiss (?:es|das)|egal|ist egal|schon gut|nicht so wichtig|lass (?:es|gut sein)
        laisse tomber|oublie(?:[ -](?:ça|le))?|peu importe|ça ne fait rien|tant pis
        olvídalo|olvida eso|no importa|da igual|déjalo
        """,
    "wait": """
        (?:give|gimme) (?:me )?(?:just )?(?:a|one) (?:minute|moment|second|sec)
        (?:just )?(?:a|one) (?:moment|second|sec|minute)
        (?:wait|hold on|hang on)(?: (?:just )?(?:a|one) (?:minute|moment|second|sec))?|bear with me
        hold that thought
        let me (?:just )?(?:think|check|see)(?: about (?:it|that))?(?: for a (?:moment|second|minute))?
        i(?:'m| am) (?:still )?thinking|i need (?:a|one) (?:minute|moment|second)(?: to think)?
        (?:einen |ein )?(?:moment|augenblick)(?: mal)?|(?:eine )?sekunde|warte(?: mal| kurz)?
        lass mich (?:mal |kurz )?(?:überlegen|nachdenken)
        gib mir (?:eine minute|einen moment)|un (?:instant|moment)|une (?:seconde|minute)
        attend(?:s|ez)(?: un peu)?
        laisse[zs]?[ -]moi réfléchir|donne[ -]moi une (?:minute|seconde)|un (?:momento|segundo|minuto)
        espera(?: un (?:momento|poco))?
        (?:déjame|deja me) pensar|dame un (?:minuto|momento|segundo)
        """,
}

_POLITE = (
    r"(?:please|kindly|okay|ok|well|so|oh|hey|um|uh|er|sorry|excuse me|now|just|alright|all right|"
    r"actually|yes|no|thanks|"
    r"thank you|bitte|danke|entschuldigung|also|äh|ähm|ja|nein|okay|s'il (?:te|vous) plaît|pardon|"
    r"merci|euh|por favor|"
    r"perdón|gracias|vale|oye|eh)"
)
_ASKING = (
    r"(?:(?:can|could|would|will) you(?: please)?|i (?:want|would like|need) you to|i'd like you to|"
    r"would you mind|"
    r"(?:kannst|könntest) du(?: bitte)?|(?:peux-tu|tu peux|pouvez-vous)|(?:puedes|podrías))"
)
_AFTER = rf"(?: (?:{_POLITE}|for me|again|a bit|a little|would you|could you|will you))"
_LEAD = re.compile(rf"(?:(?:{_POLITE}|{_ASKING}) )*")


@functools.cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """Compiled at the first use, not when the program starts."""
    return tuple(
        (kind, re.compile("|".join(line.strip() for line in lines.strip().splitlines())))
        for kind, lines in _PHRASES.items()
    )


def control_intent(text: str) -> ControlIntent | None:
    """What an utterance asks of the talk itself, or None: it is for the LLM.

    ``text`` as STT or fingers gave it; case, punctuation and politeness do not matter. English, German,
    French and Spanish are understood side by side. "Stop" alone is not here: ``pipeline.intents.barge_in``
    has it.
    """
    for said in versions(text):
        for kind, pattern in _patterns():
            if pattern.fullmatch(said):
                return ControlIntent(kind)
    return None


def versions(text: str) -> list[str]:
    """An utterance in small letters without marks: as said, then ever less polite. [] when it is long."""
    plain = _plain(text)
    return _without_politeness(plain) if plain and len(plain) <= 80 else []


def _plain(text: str) -> str:
    kept = re.sub(r"[^\w'’ -]+", " ", text.lower()).replace("’", "'")
    return " ".join(kept.split())


def _without_politeness(plain: str) -> list[str]:
    """As said, then ever less: no politeness before, none after."""
    versions = [plain]
    begun = plain[match.end() :] if (match := _LEAD.match(plain)) else plain
    for version in (begun, re.sub(rf"{_AFTER}+$", "", plain), re.sub(rf"{_AFTER}+$", "", begun)):
        if version and version not in versions:
            versions.append(version)
    return versions
