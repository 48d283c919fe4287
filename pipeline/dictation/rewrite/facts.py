"""What a rewrite must not change: numbers, addresses, and every "not". Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from config.language.data import languages
from pipeline.dictation.rewrite.words import rewrite_words
from pipeline.dictation.text.numerals import numeral

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w[\w.-]*\w", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['-]\w+)*")
_REACH = 40
"""Letters before it in which the slip stands, and after it in which what was meant stands."""


def lost_link(raw: str, rewritten: str) -> str:
    """An address of the web or of a person that is in ``raw`` alone; empty: none."""
    there = rewritten.lower()
    links = (link.rstrip(".,;:!?)") for link in ADDRESS.findall(raw))
    return next((link for link in links if link.lower() not in there), "")


def lost_number(raw: str, rewritten: str, language: str) -> str:
    """A number of ``raw`` that is in ``rewritten`` in no form (9:30 as 9.30, 3 as three); empty: none.

    ``language``: that of ``raw``; empty: only digits count. What was a slip ("at five, no, six") may go.
    """
    there, together = _numbers(rewritten), re.sub(r"\D", "", rewritten)
    spoken = _spoken(raw, (language,))
    for n, (at, written, digits) in enumerate(spoken):
        found = digits in there or (len(digits) > 2 and digits in together)
        # "Nineteen eighty four" is 1984.
        joined = {f"{one[2]}{two[2]}" for one, two in pairwise(spoken[max(0, n - 1) : n + 2])}
        if not found and not joined & there and not _was_slip(raw, at + len(written), there, language):
            return written
    return ""


def added_number(raw: str, rewritten: str, language: str) -> str:
    """Three digits and more that nobody said: a year, a price, a telephone number; empty: none."""
    said = "".join(digits for _, _, digits in _spoken(raw, (language,)))
    numbers = (match[0] for match in _NUMBER.finditer(ADDRESS.sub(" ", rewritten)))
    return next((n for n in numbers if len(d := re.sub(r"\D", "", n)) > 2 and d not in said), "")


def negations(text: str, language: str = "") -> int:
    """How many words say "not", without those that mend a slip; said twice in a row counts once.

    ``language``: that of the text; empty: words that say "not" in one language alone do not count.
    """
    words, found, end = rewrite_words(language), 0, -10
    text = words.repair.sub(
        lambda match: match[0] if words.is_denied(match[0]) else " ", text.replace("’", "'")
    )
    for match in words.negation.finditer(text):
        found += match.start() - end > 2
        end = match.end()
    return found


def _was_slip(text: str, end: int, there: set[str], language: str) -> bool:
    """After the number that ends here somebody mended themselves, and a number that stayed follows."""
    words = rewrite_words(language)
    repair = words.repair.search(text, end, end + _REACH)
    if repair is None or words.is_denied(repair[0]):
        return False
    meant = _numbers(text[repair.end() : repair.end() + _REACH])
    return not meant or bool(meant & there)


def _numbers(text: str) -> set[str]:
    return {digits for _, _, digits in _spoken(text, languages(), ones=True)}


def _spoken(text: str, languages: tuple[str, ...], *, ones: bool = False) -> list[tuple[int, str, str]]:
    """Each number, in digits or in words: where it begins, as it is written, its digits alone."""
    found = [(match.start(), match[0], re.sub(r"\D", "", match[0])) for match in _NUMBER.finditer(text)]
    matches = list(_WORD.finditer(text.lower()))
    words = [match[0] for match in matches]
    at = 0
    while at < len(words):
        taken = 0
        for language in languages:
            if not words[at][:1].isdigit():
                taken, digits = numeral(words[at : at + 8], language)
            if taken:
                break
        if taken and (ones or taken > 1 or words[at] not in rewrite_words("").ones):
            end = matches[at + taken - 1].end()
            found.append((matches[at].start(), text[matches[at].start() : end], re.sub(r"\D", "", digits)))
        at += taken or 1
    return sorted(found)
