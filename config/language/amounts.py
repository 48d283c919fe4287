"""A number and its unit, as people say them: ``two and a half miles``, ``anderthalb Stunden``, ``un quart
d'heure``, ``hora y media``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from config.language.normalise import apart, normalise
from config.language.number_words import Words, read_added, read_number
from config.language.numbers import numbers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UnitNames(Generic[T]):
    """What units are called in a language, normalised, and the words in the longest of the names."""

    units: Mapping[str, T]
    longest: int

    @classmethod
    def of(cls, names: Iterable[tuple[str, T]]) -> UnitNames[T]:
        units = {normalise(apart(name)): unit for name, unit in names}
        return cls(units, max(len(name.split()) for name in units))

    def at(self, words: Words, at: int) -> tuple[T, int] | None:
        """The longest name that begins there, and the place after it."""
        for after in range(min(at + self.longest, len(words)), at, -1):
            if (unit := self.units.get(" ".join(words[at:after]))) is not None:
                return unit, after
        return None


def read_amount(words: Words, at: int, names: UnitNames[T], language: str) -> tuple[Fraction, T, int] | None:
    """The number, the unit, and the place after both; ``words`` are normalised and apart."""
    read = _number(words, at, language)
    number, after = read or (Fraction(1), at)
    found = names.at(words, _after_of(words, after, number, language) if read else at)
    if found is None:
        return None
    unit, after = found
    more = read_added(words, after, language)
    # "an hour and half a minute": the half is not the hour's.
    if more and names.at(words, _after_of(words, more[1], more[0], language)) is None:
        return number + more[0], unit, more[1]
    return (number, unit, after) if read else None


def _number(words: Words, at: int, language: str) -> tuple[Fraction, int] | None:
    if read := read_number(words, at, language):
        return read
    return (Fraction(1), at + 1) if at < len(words) and words[at] in numbers(language).article else None


def _after_of(words: Words, at: int, number: Fraction, language: str) -> int:
    """Behind what joins a part and its unit, or a million and its: ``half an hour``."""
    part, known = 0 < number < 1, numbers(language)
    if part or number >= 10**6:
        for of in known.of:
            if tuple(words[at : at + len(of)]) == of and (part or known.article.isdisjoint(of)):
                return at + len(of)
    return at
