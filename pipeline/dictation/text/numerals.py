"""Numbers in words, as digits. English by the reader of the sums; of other languages single words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from config.language.normalise import listed
from config.language.number_words import read_number
from config.language.numbers import numbers
from pipeline.dictation.text.tokens import bare, joined, tokens

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
_UNITS = frozenset(
    listed(
        "percent percents % euro euros dollar dollars pound pounds cent cents metre metres meter meters "
        "kilometre kilometres kilometer kilometers mile miles foot feet inch inches centimetre centimetres "
        "centimeter centimeters millimetre millimetres litre litres liter liters kilo kilos kilogram "
        "kilograms gram grams ton tons tonne tonnes degree degrees am pm o'clock volts watts hertz megabyte "
        "megabytes gigabyte gigabytes"
    )
)
_TEENS = range(13, 21)
_LONGEST = 12
"""Words of one number that are looked at."""


def numeral(words: Sequence[str], language: str) -> tuple[int, str]:
    """How many of ``words``, lower case, are a number, and its digits; (0, "") when they begin with none."""
    if not words:
        return 0, ""
    if language != "en":
        value = _SINGLE.get(language, {}).get(words[0])
        return (0, "") if value is None else (1, str(value))
    read = None if words[0] in ("a", "an", "half", "quarter") else read_number(words)
    if read is None:
        return 0, ""
    value_, end = read
    # "three quarters", "twenty third", "two and a half" are words.
    if any(word in numbers("en").parts for word in words[:end]) or (
        end < len(words) and _is_ordinal(words[end])
    ):
        return 0, ""
    digits = _written(value_)
    return (end, digits) if digits else (0, "")


def _is_ordinal(word: str) -> bool:
    return word in numbers("en").parts or word in ("first", "second")


def _written(value: Fraction) -> str:
    """Empty for what has no short decimal form."""
    if value.denominator == 1:
        return str(value.numerator)
    for places in range(1, 7):
        if (value * 10**places).denominator == 1:
            return f"{float(value):.{places}f}"
    return ""


_NUMBER_WORDS = frozenset(word for words in _SINGLE.values() for word in words)


def is_number(word: str) -> bool:
    """In any language."""
    return word in _NUMBER_WORDS or numeral([word], "en")[0] == 1


def with_digits(text: str) -> str:
    """English: numbers from ten on, and all before a unit; ``two or three people`` stay words."""
    words, out, at = tokens(text), list[str](), 0
    while at < len(words):
        taken, digits = _number(words[at : at + _LONGEST])
        if taken:
            lead = re.match(r"^\W*", words[at])
            trail = re.search(r"\W*$", words[at + taken - 1])
            out.append((lead.group() if lead else "") + digits + (trail.group() if trail else ""))
        else:
            # Numbers one after the other are being spelled, counted, or are a time: they stay words.
            taken = _run(words, at) or 1
            out += words[at : at + taken]
        at += taken
    return joined(out)


def _run(words: list[str], at: int) -> int:
    """Words from here on that belong to numbers, one after the other."""
    begun = at
    while at < len(words) and (taken := numeral([bare(word) for word in words[at : at + _LONGEST]], "en")[0]):
        at += taken
    return at - begun


def _number(words: list[str]) -> tuple[int, str]:
    # A mark between the words of a number ends it.
    marked = next((n + 1 for n, word in enumerate(words) if not word[-1].isalnum()), len(words))
    plain = [bare(word) for word in words[:marked]]
    taken, digits = numeral(plain, "en")
    if not taken or plain[0][:1].isdigit():
        return 0, ""
    following, more = numeral(plain[taken:], "en")
    if following:
        third = numeral(plain[taken + following :], "en")[0]
        year = digits.isdigit() and more.isdigit() and int(digits) in _TEENS and 10 <= int(more) <= 99
        return (taken + following, digits + more) if year and not third else (0, "")
    unit = len(plain) > taken and plain[taken] in _UNITS and digits != "1"
    large = "." in digits or abs(float(digits)) >= 10
    return (taken, digits) if unit or large else (0, "")
