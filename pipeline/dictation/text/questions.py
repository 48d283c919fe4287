"""Whether a sentence asks, by how it begins. Pure, and careful: a full stop is the lesser mistake."""

from __future__ import annotations

import re

_DOES = (
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might|have|has|had|am|isn't|aren't|"
    r"wasn't|don't|doesn't|didn't|can't|couldn't|won't|wouldn't|shouldn't|haven't|hasn't)"
)
_WHO = r"(?:i|you|he|she|it|we|they|anyone|anybody|someone|somebody|everyone|everybody)"
_WHICH = r"(?:the|there|this|that|these|those|my|your|his|her|our|their|its)"
_LEAD = r"(?:(?:so|and|but|well|okay|oh|hey|sorry|please) )*"

_ASKS = {
    "en": re.compile(
        rf"{_LEAD}(?:"
        rf"(?:what|when|where|why|how|who|whose|which|whom)(?: (?:exactly|else|about|come)|"
        rf" {_DOES}|'s|'re)\b|"
        rf"who \w+(?:s|ed|ame|ent|ook|ook|old|aid)\b|"
        rf"(?:what|which|whose|how) (?!i\b|you\b|he\b|she\b|we\b|they\b|it\b|a\b|an\b|the\b|to\b)"
        rf"(?:\w+ ){{1,4}}?{_DOES} (?:{_WHO}|{_WHICH})\b|"
        rf"{_DOES} {_WHO}\b|"
        rf"(?:is|are|was|were|does|did|can|could|will|would|should|has|isn't|aren't|wasn't|doesn't|"
        rf"didn't) {_WHICH}\b"
        rf")"
    ),
    "de": re.compile(
        r"(?:(?:und|aber|also|na|so|okay) )*(?:"
        r"(?:wer|was|wann|wo|wohin|woher|warum|wieso|weshalb|wozu|wie) (?!gesagt|immer|schon|auch|ich|du|"
        r"er|sie|es|wir|ihr|man|der|die|das|den|dem|ein|eine|mein|meine|dein|deine|jeder|alle|viele\b)\w+|"
        r"wie viele? |welche[rsnm]? |"
        r"(?:kannst|kann|können|könntest|könnten|hast|habt|haben|hat|bist|ist|sind|seid|willst|wollt|wollen|"
        r"möchtest|möchten|darf|dürfen|soll|sollen|wird|werden|wirst|gibt|weißt|geht|kommst|kommt|machst|"
        r"gehst) "
        r"(?:du|ihr|sie|er|es|ich|wir|man|das|der|die|jemand)\b)"
    ),
    "fr": re.compile(
        r"(?:(?:et|mais|alors|donc|bon) )*(?:est-ce|qu'est-ce|qui est-ce|comment (?!dire)\w|"
        r"pourquoi \w|combien |"
        r"(?:quand|où) (?:est-ce|est|sont|vas|va|viens|pars|pouvons|peut|as|avez)|"
        r"quelle?s? (?:est|sont|heure|âge)|"
        r"\w+-(?:tu|vous|t-il|t-elle|t-on|il|elle|on|nous|ils|elles)\b)"
    ),
    "es": re.compile(
        r"(?:(?:y|pero|entonces|bueno|oye) )*(?:quién(?:es)?|cuándo|dónde|adónde|cómo|cuál(?:es)?|"
        r"cuánt[oa]s?|"
        r"por qué|para qué|a qué|qué (?!bonit|lind|bien|buen|mal|lástima|pena|horror|alegría|suerte|"
        r"calor|frío))\b"
    ),
}


def is_question(sentence: str, language: str) -> bool:
    plain = " ".join(re.sub(r"[^\w\s'-]", " ", sentence.lower().replace("’", "'")).split())
    pattern = _ASKS.get(language)
    return pattern is not None and pattern.match(plain) is not None
