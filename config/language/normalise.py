"""What was said, as plain lower-case words: the same for speech recognisers and for typed text."""

from __future__ import annotations

import functools
import re
import unicodedata

from config.language.data import DEFAULT, languages, table

LONGEST = 300
"""Characters. Nothing the skills answer is longer, and every pattern here stays quick on such a text."""

_SIGNS = {
    "’": "'",
    "‘": "'",
    "−": "-",
    "–": "-",
    "×": "*",
    "·": "*",
    "÷": "/",
    "²": "^2 ",
    "³": "^3 ",
    "**": "^",
}
_TOKEN = re.compile(
    r"\d{1,2}:\d{2}(?!\d)|\d+(?:st|nd|rd|th)\b|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?|\.\d+"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*|\S"
)
_DIGIT = re.compile(r"\d")
_SILENT = frozenset(".,!?;:\"'…„“”«»¡¿")
_MEANING = frozenset("%°√½¼¾⅓⅔")
"""Signs that are said as words are."""


def normalise(text: str, longest: int = LONGEST, *, accents: bool = False, language: str = DEFAULT) -> str:
    """Lower case, accents (unless they are to stay) and punctuation gone, contractions opened, one space
    between tokens.

    Numbers, ``7:30``, ``25th`` and the signs of arithmetic stay. ``language``: the one in which numbers are
    written; ``1.234,5`` becomes ``1234.5``. Text longer than ``longest`` gives ``""``.
    """
    if len(text) > longest:
        return ""
    return _normalised(text, accents, language if _DIGIT.search(text) else DEFAULT)


@functools.lru_cache(maxsize=16)
def _normalised(text: str, accents: bool, language: str) -> str:
    """Whoever looks for a meaning asks for that of the same utterance."""
    text = text.casefold()
    if _is_plain(text):
        text = _as_spelled(text)
        if _is_plain(text):
            return " ".join(text.split())
    for old, new in _SIGNS.items():
        text = text.replace(old, new)
    text = _as_spelled(_plain_digits(text, language))
    if not accents and not text.isascii():
        text = _without_accents(text)
    if "-" in text:
        text = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])|(?<=\d)-(?=[^\W\d_])", " ", text)
    return " ".join(token for token in _TOKEN.findall(text) if token not in _SILENT)


def _is_plain(text: str) -> bool:
    """Whether there are none but letters without accents, and spaces."""
    return text.isascii() and text.replace(" ", "").isalpha()


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def plain_letters(word: str) -> str:
    """One word in lower case and without accents."""
    return _without_accents(word.casefold())


def _as_spelled(text: str) -> str:
    pattern, spelled = _spelled()
    return pattern.sub(lambda match: spelled[match[0]], text)


@functools.cache
def _spelled() -> tuple[re.Pattern[str], dict[str, str]]:
    """What is written otherwise, of all languages: a pattern, and what stands for each."""
    spelled = {
        old: new for language in languages() for old, new in table(language, "spelling")["spelled"].items()
    }
    ways = "|".join(re.escape(old) for old in sorted(spelled, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{ways})(?!\w)"), spelled


@functools.cache
def _digits(language: str) -> tuple[re.Pattern[str], str, str]:
    """Of numbers as they are written elsewhere: a pattern, the marks between thousands, that of decimals."""
    written = table(language, "numbers")["written"]
    marks, decimal = re.escape(written["grouping_read"]), re.escape(written["decimal"])
    grouped = rf"\d{{1,3}}(?:[{marks}]\d{{3}})+(?:{decimal}\d+)?(?![\d]|[.,]\d)"
    return (
        re.compile(rf"(?<![\d.,])(?:{grouped}|\d+{decimal}\d+(?![.,]?\d))"),
        written["grouping_read"],
        written["decimal"],
    )


def _plain_digits(text: str, language: str) -> str:
    """English stays as it is: so has it been written all along."""
    if language == DEFAULT:
        return text
    pattern, marks, decimal = _digits(language)
    drop = str.maketrans(decimal, ".", marks)
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    return pattern.sub(lambda match: match[0].translate(drop), text)


@functools.lru_cache(maxsize=16)
def words_only(text: str, *, accents: bool = False) -> str:
    """Normalised, however long, and no sign left that is not part of a word or a number."""
    words = normalise(text, longest=len(text), accents=accents).split()
    return " ".join(word for word in words if word.isalnum() or word in _MEANING or _has_letter(word))


def _has_letter(word: str) -> bool:
    return any(map(str.isalnum, word))


def apart(text: str) -> str:
    """``une demi-heure d'attente`` → ``une demi heure d attente``: what an apostrophe joins, word by word."""
    return text.replace("'", " ").replace("’", " ")


def listed(words: str) -> list[str]:
    """A list of words, written on one line."""
    return words.split()
