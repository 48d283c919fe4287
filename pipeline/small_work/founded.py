"""Whether a sentence that a model wrote stands on what was said: names, numbers, days, every "not". Pure.

Better a shorter note than one of things that nobody said. Word for word it is not compared: a note is in
words of its own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from config.language.data import known, table
from config.language.normalise import plain_letters
from pipeline.dictation.rewrite.facts import lost_number, negations

_STEM = 5
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_CLAUSE_END = re.compile(r"[.!?…,;:\n]+")
_WORD = re.compile(r"[^\W_]+")


def sentences_of(text: str) -> list[str]:
    return [sentence for part in _SENTENCE_END.split(text) if (sentence := part.strip())]


def founded(text: str, said: str, language: str) -> str:
    """The sentences of ``text`` that stand on ``said``."""
    return " ".join(each for each in sentences_of(text) if is_founded(each, said, language))


def is_founded(sentence: str, said: str, language: str) -> bool:
    language = known(language)
    there = {plain_letters(word) for word in _WORD.findall(said)}
    if lost_number(sentence, said, language):
        return False
    for word in _WORD.findall(sentence):
        plain = plain_letters(word)
        if plain in _days(language) and plain not in there:
            return False
        if word[:1].isupper() and not {plain, plain.removesuffix("s")} & (there | _no_names(language)):
            return False
    return _was_said(sentence, said, language)


def stems(text: str, language: str) -> set[str]:
    """Of the words that mean something by themselves: their first letters, which their forms share."""
    little = _no_names(known(language))
    return {plain[:_STEM] for word in _WORD.findall(text) if (plain := plain_letters(word)) not in little}


def _was_said(sentence: str, said: str, language: str) -> bool:
    """Of the same things, and with a "not" where there was one and nowhere else."""
    own = stems(sentence, language)
    clauses = [(len(own & clause.stems), clause.denies) for clause in _clauses(said, language)]
    alike = max(shared for shared, _ in clauses)
    if not alike:
        return False
    if _denies(sentence, language):
        return any(denies for shared, denies in clauses if shared)
    return not all(denies for shared, denies in clauses if shared == alike)


@dataclass(frozen=True, slots=True)
class _Clause:
    stems: set[str]
    denies: bool


@functools.lru_cache(maxsize=1)
def _clauses(said: str, language: str) -> tuple[_Clause, ...]:
    """Each sentence of a note is compared with all of them."""
    parts = _CLAUSE_END.split(said)
    return tuple(_Clause(stems(part, language), _denies(part, language)) for part in parts)


def _denies(text: str, language: str) -> bool:
    return negations(_a_speaker(language).sub(" ", text), language) > 0


@functools.cache
def _a_speaker(language: str) -> re.Pattern[str]:
    """ "La personne" is somebody; "personne" is nobody."""
    words = table(language, "words")
    speakers = "|".join(words["speakers"].split())
    return re.compile(rf"\b(?:{'|'.join(words['articles'])})\s+(?:{speakers})\b", re.IGNORECASE)


@functools.cache
def _no_names(language: str) -> frozenset[str]:
    """Little words, and who speaks: they may begin a sentence with a capital."""
    endings, words = table(language, "endpointing"), table(language, "words")
    listed = (endings[name] for name in ("dangling", "prepositions", "wh"))
    return frozenset(_each(" ".join((*listed, *words["articles"], words["speakers"]))))


@functools.cache
def _days(language: str) -> frozenset[str]:
    calendar = table(language, "calendar")
    parts = (calendar[name].values() for name in ("weekdays", "months", "days"))
    names = [name for part in parts for listed in part for name in listed if " " not in name]
    return frozenset(word for name in names for word in _each(name) if "{" not in name and len(word) > 2)


def _each(text: str) -> Iterable[str]:
    return (plain_letters(word) for word in _WORD.findall(text))
