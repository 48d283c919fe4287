"""Which column is meant by what was said: by its name, a form of it, another word for it, a part of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from config.language.data import languages
from config.language.normalise import apart, normalise
from config.language.words import same_word
from pipeline.tables.base import Column
from pipeline.tables.questions.asked.vocabulary import concepts

_LONGEST = 6
"""Words of a column's name that are looked for."""
_ALIKE = 85
"""Of 100, how like each other a name and what was heard for it are."""
_SHORTEST_ALIKE = 5
_BEGINNING = 3
"""Letters that all forms of a word begin with."""
_MANY = 500
"""Columns that are near, of which none is meant: a person waits."""
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")

Words = tuple[str, ...]
Found = tuple[tuple[str, ...], "Likeness"]


class Likeness(IntEnum):
    """How sure it is, the surest last."""

    ALIKE = 1
    PART = 2
    CONCEPT = 3
    FORM = 4
    SAME = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """Columns that words up to ``end`` may name; several: it is not clear which."""

    end: int
    names: tuple[str, ...]
    likeness: Likeness


@functools.lru_cache(maxsize=4096)
def name_words(name: str) -> Words:
    """``OrderDate (UTC)`` → order date: as it would be said."""
    bare = _BRACKETS.sub(" ", name)
    spaced = _HUMP.sub(" ", bare if bare.strip() else name).replace("_", " ").replace(".", " ")
    words = normalise(apart(spaced), longest=len(spaced)).split()
    return tuple(word for word in words if any(map(str.isalnum, word)))


@dataclass(frozen=True, slots=True)
class _Index:
    """Names of columns by what may be looked for in them."""

    joined: Mapping[str, tuple[str, ...]]
    """By their words without the spaces."""
    begun: Mapping[str, Sequence[str]]
    """By how one of their words begins."""
    holding: Mapping[str, Sequence[str]]
    """By what they, or one of their words, say that they hold."""
    words: Mapping[str, Words]


@functools.lru_cache(maxsize=8)
def _index(names: tuple[str, ...]) -> _Index:
    joined, begun, holding = dict[str, list[str]](), dict[str, list[str]](), dict[str, list[str]]()
    for name in names:
        words = name_words(name)
        joined.setdefault("".join(words), []).append(name)
        for word in words:
            begun.setdefault(word[:_BEGINNING], []).append(name)
        for held in (*_concepts(words), *(each for word in words for each in _concepts((word,)))):
            holding.setdefault(held, []).append(name)
    same = {words: tuple(each) for words, each in joined.items()}
    return _Index(same, begun, holding, {name: name_words(name) for name in names})


def mention_at(words: Sequence[str], at: int, columns: Sequence[Column], language: str) -> Mention | None:
    """The column that is named there: the longest name, and of those the surest."""
    names = tuple(column.name for column in columns)
    spans = [tuple(words[at:end]) for end in range(min(at + _LONGEST, len(words)), at, -1)]
    found = [(span, each) for span in spans if (each := _named(span, names, language))]
    for lowest in (Likeness.CONCEPT, Likeness.PART, Likeness.ALIKE):
        for span, each in found:
            if each[1] >= lowest:
                return Mention(at + len(span), *each)
    return None


def named(said: str, columns: Sequence[Column], language: str) -> tuple[str, ...]:
    """The columns that all of ``said`` may name; the one that is written so alone."""
    names = tuple(column.name for column in columns)
    if said in names:
        return (said,)
    found = _named(name_words(said), names, language)
    return found[0] if found else ()


@functools.lru_cache(maxsize=2048)
def _named(span: Words, names: tuple[str, ...], language: str) -> Found | None:
    index = _index(names)
    if same := index.joined.get("".join(span)):
        return same, Likeness.SAME
    meant = _concepts(span, language)
    begun = (each for word in span for each in index.begun.get(word[:_BEGINNING], ()))
    holding = (each for held in meant for each in index.holding.get(held, ()))
    likeness = {
        name: _likeness(span, name_words(name), language) for name in dict.fromkeys((*begun, *holding))
    }
    best = max(likeness.values(), default=0)
    if best:
        return tuple(name for name in names if likeness.get(name) == best), Likeness(best)
    alike = _alike("".join(span), index.joined)
    return (index.joined[alike], Likeness.ALIKE) if alike else None


def _likeness(said: Words, name: Words, language: str) -> int:
    if len(said) == len(name) and all(map(_same, said, name, [language] * len(said))):
        return Likeness.FORM
    meant = _concepts(said, language)
    if meant & _concepts(name):
        return Likeness.CONCEPT
    if all(any(_same(word, each, language) for each in name) for word in said):
        return Likeness.PART
    return Likeness.PART if any(meant & _concepts((word,)) for word in name) else 0


def _same(one: str, other: str, language: str) -> bool:
    return len(one) > 1 and same_word(one, other, language)


@functools.lru_cache(maxsize=8192)
def _concepts(words: Words, language: str = "") -> frozenset[str]:
    """What a column of that name holds, by the words of a language, or of all; of the last in any form."""
    if not words:
        return frozenset()
    known = concepts(language)
    if found := known.get(words):
        return found
    codes = [language] if language else languages()
    forms = (
        each
        for each in _by_ending(language).get((len(words), words[-1][:_BEGINNING]), ())
        if each[:-1] == words[:-1] and any(same_word(each[-1], words[-1], code) for code in codes)
    )
    return frozenset().union(*(known[each] for each in forms))


@functools.cache
def _by_ending(language: str) -> Mapping[tuple[int, str], Sequence[Words]]:
    """What columns are called, by how many words that is and how the last begins."""
    found = dict[tuple[int, str], list[Words]]()
    for words in concepts(language):
        found.setdefault((len(words), words[-1][:_BEGINNING]), []).append(words)
    return found


def _alike(said: str, names: Iterable[str]) -> str:
    """The name that may have been misheard; empty: none."""
    if len(said) < _SHORTEST_ALIKE or not said.isalpha():
        return ""
    from rapidfuzz import fuzz, process

    whole = [name for name in names if len(name) >= _SHORTEST_ALIKE and name.isalpha()]
    found = process.extractOne(said, whole, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return str(found[0]) if found else ""


def holds(name: str, concept: str) -> bool:
    """Whether a column's name says, in any language, that ``concept`` is in it."""
    return concept in _concepts(name_words(name))
