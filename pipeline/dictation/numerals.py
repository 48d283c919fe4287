"""Numbers in words, as digits. English by the reader of the sums; of other languages single words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pipeline.skills.numbers import read_number

_WORDS = {
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn zwanzig",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf vingt",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte",
}
_TENS = {
    "de": "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
    "fr": "trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix cent",
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
}
_SINGLE = {
    language: {word: n for n, word in enumerate(words.split())}
    | {word: 10 * n for n, word in enumerate(_TENS[language].split(), 3)}
    for language, words in _WORDS.items()
}


def numeral(words: Sequence[str], language: str) -> tuple[int, str]:
    """How many of ``words``, lower case, are a number, and its digits; (0, "") when they begin with none."""
    if language != "en":
        value = _SINGLE.get(language, {}).get(words[0]) if words else None
        return (0, "") if value is None else (1, str(value))
    read = read_number(words)
    if read is None or words[0] in ("a", "an", "half"):
        return 0, ""
    value_, end = read
    digits = _written(value_)
    return (end, digits) if digits else (0, "")


def _written(value: Fraction) -> str:
    """Empty for what has no short decimal form."""
    if value.denominator == 1:
        return str(value.numerator)
    for places in range(1, 7):
        if (value * 10**places).denominator == 1:
            return f"{float(value):.{places}f}"
    return ""
