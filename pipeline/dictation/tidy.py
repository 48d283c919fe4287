"""What a dictation needs where no mind rewrites it: fillers and repeats out, capitals, marks, numbers. Pure.

No word is added, and none is lost but fillers, repeats and, in English, numbers that become digits.
"""

from __future__ import annotations

import re

from config.dictation import Commands, commands
from pipeline.dictation.numerals import numeral


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TOKEN = re.compile(r"\S+|\n+")
_EDGES = re.compile(r"^\W+|\W+$")
_ASKS = {
    "en": re.compile(
        r"(?:(?:so|and|but|well|okay|oh) )?(?:(?:who|what|when|where|why|how|which|whose)\b(?! (?:a|an)\b)|"
        r"(?:is|are|was|were|do|does|did|can|could|will|would|should|shall|may|have|has|am|isn't|aren't|don't|"
        r"doesn't|didn't|can't|couldn't|won't|wouldn't|shouldn't) (?:i|you|he|she|it|we|they|the|there|this|"
        r"that|these|those|my|your|his|her|our|their|anyone|anybody|someone|everyone)\b)"
    ),
    "de": re.compile(r"(?:wer|was|wann|wo|wohin|woher|warum|wieso|weshalb|wie|welche[rsnm]?)\b"),
    "fr": re.compile(r"(?:qui|quand|où|pourquoi|comment|combien|est-ce|qu'est-ce)\b"),
    "es": re.compile(r"(?:quién|qué|cuándo|dónde|cómo|cuál|cuánto|por qué)\b"),
}
_I = re.compile(r"^(\W*)i('(?:m|ve|d|ll|s))?(\W*)$")
_UNITS = _set(
    "percent percents % euro euros dollar dollars pound pounds cent cents metre metres meter meters "
    "kilometre kilometres kilometer kilometers mile miles foot feet inch inches centimetre centimetres "
    "centimeter centimeters millimetre millimetres litre litres liter liters kilo kilos kilogram "
    "kilograms gram grams ton tons tonne tonnes degree degrees hour hours minute minutes second seconds "
    "day days week weeks month months year years am pm o'clock volts watts hertz megabyte megabytes "
    "gigabyte gigabytes "
)


def tidy(text: str, language: str = "en", *, numbers: bool = True) -> str:
    """Finished as far as rules can: see the stages below, each a function of its own."""
    table = commands(language)
    text = without_repeats(without_fillers(text, table), table)
    if numbers and table.language == "en":
        text = with_digits(text)
    return punctuated(capitalised(text, table.language), table.language)


def without_fillers(text: str, table: Commands) -> str:
    """``um``, ``äh``; with the comma that Whisper puts after one."""
    kept: list[str] = []
    for token in _tokens(text):
        if _bare(token) not in table.fillers or not table.fillers:
            kept.append(token)
        elif kept and token[-1:] == "," and kept[-1][-1:] == "," and _is_small(kept[-1]):
            kept[-1] = kept[-1][:-1]  # "on, uh, Friday"
        elif kept and token[-1:] in (".", "?", "!") and kept[-1][-1:] not in ".?!…\n":
            kept[-1] = kept[-1].rstrip(",;") + token[-1]  # the end of the sentence stays
    return _joined(kept)


def _is_small(token: str) -> bool:
    return len(_bare(token)) <= 3 and _bare(token) not in ("yes", "no", "so", "oh", "ja", "oui", "non", "sí")


def without_repeats(text: str, table: Commands) -> str:
    """``the the`` → ``the``; ``I want I want`` → ``I want``. Words that are doubled on purpose stay."""
    tokens = _tokens(text)
    kept: list[str] = []
    for token in tokens:
        kept.append(token)
        for size in (3, 2, 1):
            if _said_twice(kept, size, table):
                del kept[-2 * size : -size]
                break
    return _joined(kept)


def _said_twice(kept: list[str], size: int, table: Commands) -> bool:
    first, second = kept[-2 * size : -size], kept[-size:]
    if len(first) < size or any(token[-1] not in "," and not token[-1].isalnum() for token in first):
        return False
    bare = [_bare(token) for token in first]
    if bare != [_bare(token) for token in second] or not all(bare) or any(w.isdigit() for w in bare):
        return False
    return size > 1 or (bare[0] not in table.doubled and len(bare[0]) > 0 and not _is_number(bare[0]))


def _is_number(word: str) -> bool:
    return numeral([word], "en")[0] == 1 or any(
        numeral([word], language)[0] == 1 for language in ("de", "fr", "es")
    )


def with_digits(text: str) -> str:
    """English: numbers from ten on, and all before a unit; ``two or three people`` stay words."""
    tokens, out, at = _tokens(text), list[str](), 0
    while at < len(tokens):
        words = [_bare(token) for token in tokens[at : at + 12]]
        taken, digits = _number(tokens, at, words)
        if not taken and (run := _spelled_run(tokens, at)) > 1:
            out += tokens[at : at + run]
            at += run
        elif taken:
            last = tokens[at + taken - 1]
            lead = re.match(r"^\W*", tokens[at])
            trail = re.search(r"\W*$", last)
            out.append((lead.group() if lead else "") + digits + (trail.group() if trail else ""))
            at += taken
        else:
            out.append(tokens[at])
            at += 1
    return _joined(out)


def _spelled_run(tokens: list[str], at: int) -> int:
    """How many words from here on are numbers, one after the other."""
    run = 0
    while at + run < len(tokens) and numeral([_bare(tokens[at + run])], "en")[0]:
        run += 1
    return run


def _number(tokens: list[str], at: int, words: list[str]) -> tuple[int, str]:
    # A mark between the words of a number ends it.
    marked = next((n + 1 for n, token in enumerate(tokens[at : at + 12]) if not token[-1].isalnum()), 12)
    taken, digits = numeral(words[:marked], "en")
    if not taken or words[0][:1].isdigit():
        return 0, ""
    following, more = numeral(words[taken:marked], "en")
    if following:  # one number after the other: a year, or what is being spelled, which is left as it is
        year = digits.isdigit() and more.isdigit() and 10 <= int(digits) <= 20 and 10 <= int(more) <= 99
        return (taken + following, digits + more) if year else (0, "")
    unit = len(words) > taken and marked > taken and words[taken] in _UNITS and digits != "1"
    large = "." in digits or abs(float(digits)) >= 10
    return (taken, digits) if unit or large else (0, "")


def capitalised(text: str, language: str) -> str:
    """The first letter of every sentence and line; in English also ``I``. No capital is taken away."""
    out: list[str] = []
    begins = True
    for token in _tokens(text):
        if token.isspace():
            begins = True
        elif language == "en" and (match := _I.match(token)):
            token = f"{match[1]}I{match[2] or ''}{match[3]}"
        if begins and not token.isspace():
            token = _capital(token)
        if not token.isspace():
            begins = token.rstrip("”»“\"')")[-1:] in (".", "?", "!")
        out.append(token)
    return _joined(out)


def punctuated(text: str, language: str) -> str:
    """A mark at the end of each paragraph that has none: a full stop, or a question mark where it asks."""
    lines = []
    for line in text.split("\n"):
        end = line.rstrip()
        if end and end[-1].isalnum() and len(end.split()) > 2:
            sentence = re.split(r"(?<=[.?!…:])\s+", end)[-1].lower()
            asks = language in _ASKS and _ASKS[language].match(sentence) is not None
            line = f"{end}{'?' if asks else '.'}"
        lines.append(line)
    return "\n".join(lines)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", text))


def _joined(tokens: list[str]) -> str:
    return re.sub(r" ?(\n+) ?", r"\1", " ".join(tokens)).strip(" ")


def _bare(token: str) -> str:
    return _EDGES.sub("", token).lower().replace("’", "'")


def _capital(token: str) -> str:
    for place, letter in enumerate(token):
        if letter.isalnum():
            return token[:place] + letter.upper() + token[place + 1 :]
    return token
