"""Which of the pictures shown earlier a person speaks of: "compare it with the first one". Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

_ORDINALS = (
    "first 1st erste ersten erstes premier première primera primero",
    "second 2nd zweite zweiten zweites deuxième seconde second segunda segundo",
    "third 3rd dritte dritten drittes troisième tercera tercero",
    "fourth 4th vierte vierten viertes quatrième cuarta cuarto",
    "fifth 5th fünfte fünften fünftes cinquième quinta quinto",
)
_CARDINALS = (
    "1 one eins un une uno una",
    "2 two zwei deux dos",
    "3 three drei trois tres",
    "4 four vier quatre cuatro",
    "5 five fünf cinq cinco",
)
_PICTURE = (
    r"(?:picture|pictures|photo|photos|photograph|image|images|screenshot|drawing|bild|bilder|foto|fotos|"
    r"photographie|imagen|imágenes|foto)"
)
_THING = rf"(?:{_PICTURE}|ones?|one|celui|celle)"
_LOOKING = re.compile(
    rf"\b(?:{_PICTURE}|compare[sd]?|compar\w+|differ\w*|same|look\w*|see|shown?|describe|read|bigger|smaller|"
    r"brighter|darker|vergleich\w*|unterschied\w*|zeig\w*|différen\w*|montre|diferen\w*|muestra)\b"
)
_TOGETHER = re.compile(r"\b(?:compare|comparez|compara|compárala|vergleich\w*|difference|differ|both|same)\b")
_BOTH = re.compile(
    rf"\b(?:both|beide[ns]?|les deux|ambas|ambos|(?:the )?(?:last )?two {_THING}|"
    r"(?:compare|vergleiche?) (?:them|sie)|between (?:them|the two))\b"
)
_ALL = re.compile(rf"\b(?:all (?:of )?(?:them|the {_PICTURE}|my {_PICTURE}|these|those)|alle {_PICTURE}|"
                  r"toutes les (?:images|photos)|todas las (?:imágenes|fotos))\b")  # fmt: skip
_BEFORE = re.compile(
    rf"\b(?:the )?(?:previous|earlier|other|vorige|vorherige|andere|précédente?|anterior) {_THING}|"
    rf"\b{_THING} before\b|\bthe other one\b|\blast time\b"
)


def referred(text: str, numbers: Sequence[int]) -> tuple[int, ...]:
    """Of the pictures with these ``numbers``, oldest first, those that ``text`` names; () when it names none.

    "It" beside one that is named is the latest. English, German, French and Spanish side by side.
    """
    plain = " ".join(re.findall(r"\w+", text.lower()))
    if not numbers or not _LOOKING.search(plain):
        return ()
    if _ALL.search(plain):
        return tuple(numbers)
    named = {numbers[place - 1] for place in _places(plain) if 0 < place <= len(numbers)}
    if not named and _BOTH.search(plain):
        return tuple(numbers[-2:])
    if _BEFORE.search(plain) and len(numbers) > 1:
        named.add(numbers[-2])
    if named and _TOGETHER.search(plain) and len(named) == 1:
        named.add(numbers[-1])
    return tuple(number for number in numbers if number in named)


def _places(plain: str) -> set[int]:
    return {place for place, pattern in _patterns() if pattern.search(plain)}


@functools.cache
def _patterns() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """ "The first one" counts from the beginning; "picture two" is the same as "the second picture"."""
    patterns = []
    for place, (ordinals, cardinals) in enumerate(zip(_ORDINALS, _CARDINALS, strict=True), 1):
        ordinal, cardinal = ordinals.replace(" ", "|"), cardinals.replace(" ", "|")
        form = (
            rf"\b(?:{ordinal}) {_THING}\b|\b{_PICTURE} (?:number |nummer |numéro |número )?(?:{cardinal})\b"
        )
        patterns.append((place, re.compile(form)))
    return tuple(patterns)
