"""An utterance about pictures as plain words, with and without the courtesy around it. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.number_words import read_ordinal, whole_number
from config.language.templates import compiled_when_met, texts

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
    ways = [plain, after.without(f"{plain} ").strip()]
    while len(ways) < _MOST and (less := before.without(f"{ways[-1]} ").strip()) != ways[-1]:
        ways.append(less)
    return tuple(dict.fromkeys(ways))


@dataclass(frozen=True, slots=True)
class _End:
    """One end of an utterance: what is courtesy there."""

    pattern: re.Pattern[str]
    place: int
    outermost: frozenset[str]
    """The words that stand at the very end: most utterances have none of them there."""

    def without(self, spaced: str) -> str:
        said = spaced.split()
        return self.pattern.sub("", spaced, count=1) if said[self.place] in self.outermost else spaced


def plain(text: str) -> str:
    """As it was said, in plain words."""
    return next(iter(wordings(text)), "")


def wordings_of_sentences(text: str) -> list[str]:
    """Those of all of it, and of each of its sentences."""
    whole = text[:LONGEST]
    parts = [part for part in _SENTENCE_ENDS.split(whole) if part.strip()]
    return [said for part in ([whole, *parts] if len(parts) > 1 else [whole]) for said in wordings(part)]


@functools.cache
def _courtesy() -> tuple[_End, _End]:
    """Before what is asked, and after it; each word with the space behind it."""

    def every(place: str) -> list[str]:
        tables = [table(language, "courtesy") for language in languages()]
        tables += [table(language, "controls")["politeness"] for language in languages()]
        return [template for each in tables for template in each[place]]

    leading = [word for language in languages() for word in table(language, "look")["leading"]["words"]]
    return (
        _end("^(?:{})(?=.)", 0, [*every("before"), *leading]),
        _end("(?<= )(?:{})+$", -1, every("after")),
    )


def _end(form: str, place: int, templates: list[str]) -> _End:
    pattern = re.compile(form.format(compiled_when_met(dict.fromkeys(templates)).written))
    return _End(pattern, place, frozenset(text.split()[place] for each in templates for text in texts(each)))


def number(slots: Mapping[str, str], language: str) -> int | None:
    """What stands in ``{nth}`` ("second") or ``{count}`` ("two"); None: no whole number."""
    words = (slots.get("nth") or slots.get("count", "")).split()
    read = read_ordinal(words, 0, language)
    if read and read[1] == len(words):
        return read[0]
    count = whole_number(words, language)
    return int(count) if count is not None and count.denominator == 1 and 0 <= count < 10**6 else None
