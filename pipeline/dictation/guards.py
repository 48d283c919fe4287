"""Whether a mind rewrote what it was given, or did something else with it. Pure; each reason is a sentence.

A reason means that the text stays as it was said. Better an unpolished sentence than one nobody said.
"""

from __future__ import annotations

import re

from config.writing import Style

_LONGER, _LONGER_BY = 3.0, 200
"""More than three times and 200 letters longer: it did something else (the plan's figures)."""
_SHORTER = 0.4
"""Of a text of 40 words and more, unless the style shortens: so little is a summary."""
_SHORTER_STYLE = 0.15
_REFUSALS = re.compile(
    r"^\W*(?:i(?:'m| am) (?:very |so )?(?:sorry|unable|not able|afraid)|sorry,? (?:but )?i|"
    r"i (?:can(?:'t|not)|won't|am unable to|do not have)|"
    r"as an ai|as a (?:large )?language model|unfortunately,? i|"
    r"es tut mir leid|ich kann (?:das|dir|ihnen|leider)|als (?:ki|sprachmodell)|"
    r"je suis désolée?|je ne peux pas|en tant qu'ia|lo siento|no puedo|como (?:ia|modelo))\b",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(
    r"^\W*(?:(?:sure|certainly|of course|absolutely|okay|ok|great|gerne|natürlich|bien sûr|claro)[,.!:]+\s+)?"
    r"(?:here(?:'s| is| are)|below is|this is|hier ist|hier sind|voici|aquí (?:tienes|está)) "
    r"(?:the|your|a|an|is|der|die|das|ihr|ihre|dein|deine|le|la|votre|el|su|tu)\b[^\n]{0,80}:?\s*(?:\n|$)",
    re.IGNORECASE,
)
_EAGER = re.compile(
    r"^\W*(?:sure|certainly|of course|absolutely|great question|good question)\s*[,.!]|"
    r"(?:let me know if|feel free to|hope this helps|is there anything else|would you like me to)[^\n]*$",
    re.IGNORECASE,
)
_THINKING = re.compile(r"</?think(?:ing)?>|<\|\w+\|>|\[/?INST\]", re.IGNORECASE)
_FENCE = re.compile(r"</?transcript>|BEGIN TRANSCRIPT|END TRANSCRIPT", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w[\w.-]*\w", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|\w+n't|nicht|kein\w*|nie|niemals|"
    r"niemand|nichts|ohne|weder|pas|jamais|aucune?|rien|personne|sans|no|nunca|nada|nadie|ningun[oa]?|sin)\b",
    re.IGNORECASE,
)
_REPAIR = re.compile(
    r"\b(?:no|nein|non)[,.]? (?:wait|sorry|i mean|rather|warte|moment|ich meine|pardon|attends|espera|"
    r"perdón)\b|"
    r"\bno[,.]? no\b",
    re.IGNORECASE,
)
"""A slip of the tongue being mended, which a rewrite leaves out."""
_REPEATED = re.compile(r"(.{15,}?)(?:\s*\1){2,}", re.DOTALL)
_WORD = re.compile(r"\w+(?:['’]\w+)?")


def objection(raw: str, rewritten: str, style: Style, *, finish: str = "stop") -> str:
    """Empty when ``rewritten`` may take the place of ``raw``; else why not.

    ``finish``: why the mind stopped (``pipeline.mind.Delta``).
    """
    if not rewritten.strip():
        return "The model wrote nothing."
    if finish not in ("stop", ""):
        return "The model was cut off before the end."
    return _form(raw, rewritten) or _size(raw, rewritten, style) or _facts(raw, rewritten, style)


def unwrapped(rewritten: str) -> str:
    """Without what models put around a text although they were told not to: quotes, fences, a title line."""
    text = rewritten.strip()
    if match := re.fullmatch(r"```\w*\n(.*?)\n?```", text, re.DOTALL):
        text = match[1].strip()
    text = re.sub(r"^<transcript>\s*|\s*</transcript>$", "", text, flags=re.IGNORECASE)
    for opening, closing in (('"', '"'), ("“", "”"), ("„", "“"), ("«", "»")):
        inside = text[1:-1]
        if len(text) > 2 and text[0] == opening and text[-1] == closing and opening not in inside:
            text = inside if closing not in inside else text
    return text.strip()


def _form(raw: str, rewritten: str) -> str:
    if _THINKING.search(rewritten) and not _THINKING.search(raw):
        return "The model's own thinking was in the text."
    if _FENCE.search(rewritten) and not _FENCE.search(raw):
        return "The model repeated its instructions."
    if _REFUSALS.match(rewritten) and not _REFUSALS.match(raw):
        return "The model refused instead of rewriting."
    if _PREAMBLE.match(rewritten) and not _PREAMBLE.match(raw):
        return "The model talked about the text instead of writing it."
    if _EAGER.search(rewritten.strip()) and not _EAGER.search(raw.strip()):
        return "The model answered instead of rewriting."
    if _REPEATED.search(rewritten) and not _REPEATED.search(raw):
        return "The model repeated itself."
    return ""


def _size(raw: str, rewritten: str, style: Style) -> str:
    longer = len(rewritten) - len(raw)
    if longer > _LONGER_BY and len(rewritten) > _LONGER * len(raw):
        return "The model made it more than three times as long."
    words = len(_WORD.findall(raw))
    share = len(rewritten) / max(1, len(raw))
    if words >= 40 and share < (_SHORTER_STYLE if style.shortens else _SHORTER):
        return "The model left most of it out."
    if raw.rstrip().endswith("?") and not style.translates and _answers(raw, rewritten):
        return "The model answered the question instead of writing it."
    return ""


def _answers(raw: str, rewritten: str) -> bool:
    """A question has become something that asks nothing and shares few of its words."""
    if "?" in rewritten:
        return False
    asked, written = _content(raw), _content(rewritten)
    return len(asked & written) < 0.5 * len(asked)


def _content(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text) if len(word) > 3}


def _facts(raw: str, rewritten: str, style: Style) -> str:
    if lost := _lost(_LINK.findall(raw), _LINK.findall(rewritten)):
        return f"The model lost {lost}."
    if lost := _lost_numbers(raw, rewritten):
        return f"The model lost the number {lost}."
    if style.translates:
        return ""  # another language has other words for "not"
    if not style.shortens and _new_numbers(raw, rewritten):
        return f"The model made up the number {_new_numbers(raw, rewritten)}."
    before = len(_NEGATION.findall(_REPAIR.sub(" ", raw)))
    if before > len(_NEGATION.findall(rewritten)):
        return "The model lost a “not”."
    return ""


def _lost(before: list[str], after: list[str]) -> str:
    there = " ".join(after).lower()
    for thing in before:
        if thing.rstrip(".,;:!?").lower() not in there:
            return thing
    return ""


def _digits(text: str) -> list[str]:
    return [re.sub(r"\D", "", number) for number in _NUMBER.findall(text)]


def _lost_numbers(raw: str, rewritten: str) -> str:
    """A number may be written in another form (9:30, 9.30), or in words when it is small."""
    there = "".join(f" {digits} " for digits in _digits(rewritten))
    together = re.sub(r"\D", "", rewritten)
    for number, digits in zip(_NUMBER.findall(raw), _digits(raw), strict=True):
        spoken = len(digits) <= 2 and _in_words(digits, rewritten)
        if f" {digits} " not in there and not (len(digits) > 2 and digits in together) and not spoken:
            return str(number)
    return ""


def _new_numbers(raw: str, rewritten: str) -> str:
    """Three digits and more that nobody said, in no form: a year, a price, a telephone number."""
    if re.search(
        r"\b(?:hundred|thousand|million|hundert|tausend|cent|mille|cien|mil)\b|\w*teen|\w*ty\b", raw
    ):
        return ""  # said in words
    said = re.sub(r"\D", "", raw)
    for number, digits in zip(_NUMBER.findall(rewritten), _digits(rewritten), strict=True):
        if len(digits) > 2 and digits not in said:
            return str(number)
    return ""


_SMALL = {
    str(n): words.split()
    for n, words in enumerate(
        (
            "zero null zéro cero", "one eins ein eine un une uno una first", "two zwei deux dos second twice",
            "three drei trois tres third", "four vier quatre cuatro fourth", "five fünf cinq cinco fifth",
            "six sechs seis sixth", "seven sieben sept siete seventh", "eight acht huit ocho eighth",
            "nine neun neuf nueve ninth", "ten zehn dix diez tenth", "eleven elf onze once",
            "twelve zwölf douze doce dozen",
        )
    )
}  # fmt: skip


def _in_words(digits: str, text: str) -> bool:
    words = {word.lower() for word in _WORD.findall(text)}
    return any(word in words for word in _SMALL.get(digits.lstrip("0") or "0", ()))
