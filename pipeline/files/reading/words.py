"""What a question is searched for by: its words without those that every sentence has, in all their forms."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from config.language.data import table
from config.language.normalise import listed, plain_letters
from config.language.number_words import whole_number

TOKEN = re.compile(r"[^\W_]+")
ALIKE = 82
"""Of 100: a word that is written so nearly the same may be meant, or was misheard."""
_STEM = 3
_PART = 5
"""Letters at least of a stem, and of a word that is looked for within longer ones."""
_MOST_FORMS = 40
_MOSTLY = 0.7
SAME, FORM, WITHIN, RELATED, NEAR = 1.0, 0.9, 0.6, 0.55, 0.5
"""What a word counts that is the one asked for, another form of it, a part of it or a longer one with it in
it, one that begins as it does, one that is written nearly so."""


@functools.lru_cache(maxsize=1 << 16)
def plain_word(word: str) -> str:
    return plain_letters(word)


def tokens(text: str) -> list[str]:
    """Words and numbers in small letters, without accents."""
    return [plain_word(word) for word in TOKEN.findall(text)]


@dataclass(frozen=True, slots=True)
class Forms:
    """A word of a question as it stands in a text: each form with what it counts."""

    word: str
    weights: Mapping[str, float]

    @property
    def near(self) -> str:
        """The word that stands there instead; empty where the one that was asked for does."""
        if not self.weights or max(self.weights.values()) >= WITHIN:
            return ""
        return next(iter(self.weights))


@functools.cache
def _little(language: str) -> frozenset[str]:
    return frozenset(map(plain_word, listed(table(language, "files")["search"]["little"])))


@functools.cache
def _endings(language: str) -> tuple[str, ...]:
    return tuple(
        sorted(map(plain_word, table(language, "files")["search"]["endings"]), key=len, reverse=True)
    )


@functools.lru_cache(maxsize=1 << 16)
def stem(word: str, language: str) -> str:
    """The word without its ending."""
    for ending in _endings(language):
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word


def searched(text: str, language: str) -> list[str]:
    """The words that tell it apart, in their order; all, where it has no others."""
    said = list(dict.fromkeys(tokens(text)))
    return [word for word in said if word not in _little(language)] or said


def forms(word: str, language: str, known: Collection[str], *, near: bool = True) -> Forms:
    """Those of ``known``. ``near``: also what is only written nearly so, where it has no other."""
    found = dict.fromkeys(_as_number(word, language) & set(known), SAME)
    if word in known:
        found[word] = SAME
    own = stem(word, language)
    for each in known:
        if each[:_STEM] == own[:_STEM] and stem(each, language) == own:
            found.setdefault(each, FORM)
    if len(word) >= _PART:
        compounds = bool(table(language, "files")["search"]["compounds"])
        longer = (each for each in known if each.startswith(word) or (compounds and each.endswith(word)))
        _fill(found, longer, WITHIN)
        if compounds:  # and it may be one itself
            _fill(found, (each for each in known if len(each) >= _PART and _is_part(each, word)), WITHIN)
    if not found and near and len(word) > _STEM:
        found = dict.fromkeys(_related(word, known), RELATED) or dict.fromkeys(_nearest(word, known), NEAR)
    return Forms(word, found)


def _is_part(short: str, word: str) -> bool:
    return word.startswith(short) or word.endswith(short)


def _related(word: str, known: Collection[str]) -> list[str]:
    """ "Entretenir" and "entretenue": they begin alike, and for most of their length."""
    alike = (each for each in known if each[:_PART] == word[:_PART])
    return [each for each in alike if _common(word, each) >= _MOSTLY * max(len(word), len(each))]


def _common(word: str, other: str) -> int:
    """Letters with which both begin."""
    pairs = enumerate(zip(word, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(word), len(other)))


def _as_number(word: str, language: str) -> set[str]:
    """ "Fourteen" stands as 14 in most texts."""
    number = whole_number([word], language)
    return {str(number)} if number is not None else set()


def _fill(found: dict[str, float], words: Iterable[str], weight: float) -> None:
    for each in words:
        if len(found) >= _MOST_FORMS:
            return
        found.setdefault(each, weight)


def _nearest(word: str, known: Collection[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    return [
        each for each, _, _ in process.extract(word, known, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3)
    ]
