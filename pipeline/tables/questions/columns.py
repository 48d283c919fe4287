"""Which column is meant by what was said: by its name, a form of it, another word for it, a part of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from config.language.data import languages
from config.language.normalise import apart, normalise
from config.language.words import same_word
from pipeline.tables.base import Column
from pipeline.tables.questions.vocabulary import concepts

_LONGEST = 6
"""Words of a column's name that are looked for."""
_ALIKE = 85
"""Of 100, how like each other a name and what was heard for it are."""
_SHORTEST_ALIKE = 5
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")


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


@functools.lru_cache(maxsize=512)
def name_words(name: str) -> tuple[str, ...]:
    """``OrderDate (UTC)`` → order date: as it would be said."""
    bare = _BRACKETS.sub(" ", name)
    spaced = _HUMP.sub(" ", bare if bare.strip() else name).replace("_", " ").replace(".", " ")
    words = normalise(apart(spaced), longest=len(spaced)).split()
    return tuple(word for word in words if any(map(str.isalnum, word)))


def mention_at(words: Sequence[str], at: int, columns: Sequence[Column], language: str) -> Mention | None:
    """The column that is named there: the longest name, and of those the surest."""
    spans = [tuple(words[at:end]) for end in range(min(at + _LONGEST, len(words)), at, -1)]
    for lowest in (Likeness.CONCEPT, Likeness.PART, Likeness.ALIKE):
        for span in spans:
            if (found := _named(span, columns, language)) and found[1] >= lowest:
                return Mention(at + len(span), *found)
    return None


def named(said: str, columns: Sequence[Column], language: str) -> tuple[str, ...]:
    """The columns that all of ``said`` may name; the one that is written so alone."""
    if any(column.name == said for column in columns):
        return (said,)
    found = _named(name_words(said), columns, language)
    return found[0] if found else ()


def _named(
    span: tuple[str, ...], columns: Sequence[Column], language: str
) -> tuple[tuple[str, ...], Likeness] | None:
    likeness = {column.name: _likeness(span, name_words(column.name), language) for column in columns}
    best = max(likeness.values(), default=0)
    return (tuple(name for name in likeness if likeness[name] == best), Likeness(best)) if best else None


@functools.lru_cache(maxsize=8192)
def _likeness(said: tuple[str, ...], name: tuple[str, ...], language: str) -> int:
    if not said or not name:
        return 0
    if said == name or "".join(said) == "".join(name):
        return Likeness.SAME
    if len(said) == len(name) and all(map(_same, said, name, [language] * len(said))):
        return Likeness.FORM
    meant = _concepts(said, language)
    if meant & _concepts(name):
        return Likeness.CONCEPT
    if all(any(_same(word, each, language) for each in name) for word in said):
        return Likeness.PART
    if any(meant & _concepts((word,)) for word in name):
        return Likeness.PART
    return Likeness.ALIKE if _alike("".join(said), "".join(name)) else 0


def _same(one: str, other: str, language: str) -> bool:
    return len(one) > 1 and same_word(one, other, language)


@functools.lru_cache(maxsize=4096)
def _concepts(words: tuple[str, ...], language: str = "") -> frozenset[str]:
    """What a column of that name holds, by the words of a language, or of all; of the last in any form."""
    if not words:
        return frozenset()
    known = concepts(language)
    if found := known.get(words):
        return found
    *before, last = words
    codes = [language] if language else languages()
    forms = (
        each
        for each in known
        if len(each) == len(words)
        and each[:-1] == tuple(before)
        and any(same_word(each[-1], last, code) for code in codes)
    )
    return frozenset().union(*(known[each] for each in forms))


def _alike(said: str, name: str) -> bool:
    """Names as they are misheard."""
    from rapidfuzz import fuzz

    if min(len(said), len(name)) < _SHORTEST_ALIKE or not (said + name).isalpha():
        return False
    return fuzz.ratio(said, name) >= _ALIKE


def holds(name: str, concept: str) -> bool:
    """Whether a column's name says, in any language, that ``concept`` is in it."""
    return concept in _concepts(name_words(name))
