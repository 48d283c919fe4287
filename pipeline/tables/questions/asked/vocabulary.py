"""The words of questions to tables in each language: ``config/language/LANGUAGE/tables.toml``."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.language.data import languages, table
from config.language.lexicon import Lexicon, Slot
from config.language.normalise import apart, listed, normalise
from config.language.number_words import read_number, read_ordinal
from config.language.templates import texts
from config.language.words import words_in

_MOST = 10_000_000
"""Rows that are counted off."""

Kinds = frozenset[str]

SIGNS: Mapping[str, str] = {">": "more", "> =": "at_least", "<": "less", "< =": "at_most", "=": "equals"}
"""As they are typed, in any language."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Of one language, ready to be compared."""

    language: str
    parts: Lexicon[Kinds]
    """Words, and what they may be in a question."""
    never: frozenset[str]
    """In no value of a table: they are of another question."""
    heads: tuple[str, ...]
    """What is written in one word with a column: "Gesamtbetrag"."""


@functools.cache
def vocabulary(language: str) -> Vocabulary:
    """Read at the first use."""
    data = table(language, "tables")
    kinds = dict[str, set[str]]()
    for kind, templates in data["words"].items():
        for template in templates if isinstance(templates, list) else ():
            for text in texts(apart(template), data["rules"]):
                kinds.setdefault(text, set()).add(kind)
    parts = Lexicon(((text, frozenset(each)) for text, each in kinds.items()), _slots(language))
    return Vocabulary(
        language, parts, _all(data["words"]["never"]), tuple(_all(data["words"].get("heads", "")))
    )


def _all(words: str) -> frozenset[str]:
    return frozenset(map(normalise, listed(words)))


def _slots(language: str) -> Mapping[str, Slot]:
    def number(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
        read = read_number(words, at, language)
        if read and read[0].denominator == 1 and 0 < read[0] <= _MOST:
            yield int(read[0]), read[1]

    def nth(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
        if read := read_ordinal(words, at, language):
            yield read

    return {"n": number, "nth": nth}


@functools.cache
def _known(language: str) -> frozenset[str]:
    data = table(language, "tables")
    lists = [each for each in data["words"].values() if isinstance(each, list)]
    every = (text for each in lists for template in each for text in texts(apart(template), data["rules"]))
    return frozenset(word for text in every for word in text.split())


def likely(words: Iterable[str], own: str) -> tuple[str, ...]:
    """``own``, and the languages that know more of the words of a question, most in front."""
    said = frozenset(words)
    known = {each: len(said & _known(each)) for each in languages()}
    others = [each for each in languages() if each != own and known[each] > known[own]]
    return (own, *sorted(others, key=lambda each: -known[each]))


@functools.cache
def concepts(language: str = "") -> Mapping[tuple[str, ...], frozenset[str]]:
    """What words call a column, in a language or in any, each with the ids of what that may be."""
    found = dict[tuple[str, ...], set[str]]()
    for code in [language] if language else languages():
        for name, ways in table(code, "tables")["columns"].items():
            for way in ways:
                found.setdefault(tuple(words_in(way, code)), set()).add(name)
    return {words: frozenset(ids) for words, ids in found.items()}
