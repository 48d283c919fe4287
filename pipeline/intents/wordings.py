"""An utterance about pictures as plain words, with and without the courtesy around it. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from config.language.courtesy import End
from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.number_words import read_ordinal, whole_number

LONGEST = 400
"""Letters of an utterance that are looked at."""

_MOST = 8
"""Ways in which one utterance is looked at: nobody is politer."""

_SENTENCE_ENDS = re.compile(r"[.!?;:¡¿]+(?!\d)")


@functools.lru_cache(maxsize=4)
def wordings(text: str) -> tuple[str, ...]:
    """As it was said, then ever less of what is polite or leads to it: "could you", "tell me". () when it
    says nothing. Each intent asks for those of the same utterance.
    """
    plain = words_only(text[:LONGEST])
    if not plain:
        return ()
    before, after = _courtesy()
    ways = [plain, after.without(plain)]
    while len(ways) < _MOST and (less := before.without(ways[-1])) != ways[-1]:
        ways.append(less)
    return tuple(dict.fromkeys(ways))


def plain(text: str) -> str:
    """As it was said, in plain words."""
    return next(iter(wordings(text)), "")


def wordings_of_sentences(text: str) -> list[str]:
    """Those of all of it, and of each of its sentences."""
    whole = text[:LONGEST]
    parts = [part for part in _SENTENCE_ENDS.split(whole) if part.strip()]
    return [said for part in ([whole, *parts] if len(parts) > 1 else [whole]) for said in wordings(part)]


@functools.cache
def _courtesy() -> tuple[End, End]:
    """Before what is asked, and after it."""

    def every(place: str) -> list[str]:
        tables = [table(language, "courtesy") for language in languages()]
        tables += [table(language, "controls")["politeness"] for language in languages()]
        return [template for each in tables for template in each[place]]

    leading = [word for language in languages() for word in table(language, "look")["leading"]["words"]]
    return (
        End.of("^{said}(?=.)", 0, [*every("before"), *leading]),
        End.of("(?<=.){said}+$", -1, every("after")),
    )


def number(slots: Mapping[str, str], language: str) -> int | None:
    """What stands in ``{nth}`` ("second") or ``{count}`` ("two"); None: no whole number."""
    words = (slots.get("nth") or slots.get("count", "")).split()
    read = read_ordinal(words, 0, language)
    if read and read[1] == len(words):
        return read[0]
    count = whole_number(words, language)
    return int(count) if count is not None and count.denominator == 1 and 0 <= count < 10**6 else None
