"""Numbers in words, as digits. English by the reader of the sums; of other languages single words.
Pure.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from fractions import Fraction

from config.language.data import DEFAULT, languages, table_if_any
from config.language.number_words import read_number
from config.language.numbers import counted, numbers
from pipeline.dictation.text.tokens import bare, joined, tokens

_READ = DEFAULT
"""The language of ``config.language.number_words``."""
_TEENS = range(13, 21)
_LONGEST = 12
"""Words of one number that are looked at."""


def numeral(words: Sequence[str], language: str) -> tuple[int, str]:
    """How many of ``words``, lower case, are a number, and its digits; (0, "") when they begin with none."""
    if not words:
        return 0, ""
    if language != _READ:
        value = counted(language).get(words[0])
        return (0, "") if value is None else (1, str(value))
    # "a" is an article, and a sign such as ¼ stays one.
    known = numbers(_READ)
    stays = words[0] in known.article or words[0] in known.fractions or not words[0].isascii()
    read = None if stays else read_number(words)
    if read is None:
        return 0, ""
    value_, end = read
    # "three quarters", "twenty third", "two and a half" are words.
    ordinal = words[end : end + 1] and (words[end] in known.parts or words[end] in known.ordinals.values)
    if ordinal or any(word in known.parts for word in words[:end]):
        return 0, ""
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


@functools.cache
def _units(language: str) -> frozenset[str]:
    return frozenset(table_if_any(language, "dictation").get("units", "").split())


def is_number(word: str) -> bool:
    """In any language."""
    return any(word in counted(language) for language in languages()) or numeral([word], _READ)[0] == 1


def with_digits(text: str, language: str) -> str:
    """Numbers from ten on, and all before a unit; ``two or three people`` stay words, and so does every
    number in a language of which no units are known.
    """
    if not _units(language):
        return text
    words, out, at = tokens(text), list[str](), 0
    while at < len(words):
        taken, digits = _number(words[at : at + _LONGEST], language)
        if taken:
            lead = re.match(r"^\W*", words[at])
            trail = re.search(r"\W*$", words[at + taken - 1])
            out.append((lead.group() if lead else "") + digits + (trail.group() if trail else ""))
        else:
            # Numbers one after the other are being spelled, counted, or are a time: they stay words.
            taken = _run(words, at, language) or 1
            out += words[at : at + taken]
        at += taken
    return joined(out)


def _run(words: list[str], at: int, language: str) -> int:
    """Words from here on that belong to numbers, one after the other."""
    begun = at
    while at < len(words) and (
        taken := numeral([bare(word) for word in words[at : at + _LONGEST]], language)[0]
    ):
        at += taken
    return at - begun


def _number(words: list[str], language: str) -> tuple[int, str]:
    # A mark between the words of a number ends it.
    marked = next((n + 1 for n, word in enumerate(words) if not word[-1].isalnum()), len(words))
    plain = [bare(word) for word in words[:marked]]
    taken, digits = numeral(plain, language)
    if not taken or plain[0][:1].isdigit():
        return 0, ""
    following, more = numeral(plain[taken:], language)
    if following:
        third = numeral(plain[taken + following :], language)[0]
        year = digits.isdigit() and more.isdigit() and int(digits) in _TEENS and 10 <= int(more) <= 99
        paired = year and table_if_any(language, "dictation")["years_in_pairs"] and not third
        return (taken + following, digits + more) if paired else (0, "")
    unit = len(plain) > taken and plain[taken] in _units(language) and digits != "1"
    large = "." in digits or abs(float(digits)) >= 10
    return (taken, digits) if unit or large else (0, "")
