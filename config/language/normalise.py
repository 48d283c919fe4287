"""What was said, as plain lower-case words: the same for speech recognisers and for typed text."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300
"""Characters. Nothing the skills answer is longer, and every pattern here stays quick on such a text."""

_REPLACED = {
    "’": "'", "‘": "'", "−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "²": "^2 ", "³": "^3 ",
    "√": " square root of ", "°": " degrees ", "½": " 1/2 ", "%": " percent ", "a.m.": "am", "p.m.": "pm",
    "o'clock": "oclock", "o clock": "oclock", "**": "^",
}  # fmt: skip
_TOKEN = re.compile(
    r"\d{1,2}:\d{2}(?!\d)|\d+(?:st|nd|rd|th)\b|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?|\.\d+"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*|\S"
)
_SILENT = frozenset(".,!?;:\"'…„“”«»¡¿")

_BEFORE = re.compile(
    r"(?:please|hey|hi|hello|ok|okay|um|uh|er|so|well|now|alright|aloud|"
    r"(?:can|could|would|will) you(?: please)?|i (?:want|need) you to|i would like you to|"
    r"tell me|do you know|please tell me|i want to know) (?=.)"
)
_AFTER = re.compile(r"(?<=.) (?:please|thanks|thank you|now|right now|for me|again|exactly|then)$")


def normalise(text: str, longest: int = LONGEST, *, accents: bool = False) -> str:
    """Lower case, accents (unless they are to stay) and punctuation gone, contractions opened, one space
    between tokens.

    Numbers, ``7:30``, ``25th`` and the signs of arithmetic stay. Text longer than ``longest`` gives ``""``.
    """
    if len(text) > longest:
        return ""
    text = text.casefold()
    for old, new in _REPLACED.items():
        text = text.replace(old, new)
    if not accents and not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if "-" in text:
        text = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])|(?<=\d)-(?=[^\W\d_])", " ", text)
    if "'" in text:
        text = re.sub(r"\b(what|when|how|who|it|that|where|there)'s\b", r"\1 is", text)
    tokens = [token for token in _TOKEN.findall(text) if token not in _SILENT]
    return " ".join(tokens).replace("o ' clock", "oclock")


def words_only(text: str, *, accents: bool = False) -> str:
    """Normalised, however long, and no sign left that is not part of a word or a number."""
    words = normalise(text, longest=len(text), accents=accents).split()
    return " ".join(word for word in words if any(letter.isalnum() for letter in word))


def undress(text: str) -> str:
    """Normalised text without courtesy and filler at either end: ``please``, ``could you``, ``for me``."""
    while True:
        bare = _AFTER.sub("", _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text)
        if bare == text:
            return text
        text = bare


def listed(words: str) -> list[str]:
    """A list of words, written on one line."""
    return words.split()
