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
        units = {normalise(apart(name)) or name: unit for name, unit in names}
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
    if read and 0 < read[0] < 1 and (own := _own_part(words, at, names, language)):
        return Fraction(1), *own
    found = _unit(words, at, read, names, language)
    # "un mille marin": the last words of the number may be the first of the unit.
    while found is None and read and read[1] - 1 > at:
        read = _number(words[: read[1] - 1], at, language)
        found = _unit(words, at, read, names, language)
    if found is None:
        return None
    number, (unit, after) = read[0] if read else Fraction(1), found
    more = read_added(words, after, language)
    # "an hour and half a minute": the half is not the hour's.
    if more and names.at(words, _after_of(words, more[1], more[0], language)) is None:
        return number + more[0], unit, more[1]
    return (number, unit, after) if read else None


def _unit(
    words: Words, at: int, read: tuple[Fraction, int] | None, names: UnitNames[T], language: str
) -> tuple[T, int] | None:
    return names.at(words, _after_of(words, read[1], read[0], language) if read else at)


def _number(words: Words, at: int, language: str) -> tuple[Fraction, int] | None:
    for pair in numbers(language).pairs:
        if tuple(words[at : at + len(pair)]) == pair:
            return Fraction(2), at + len(pair)
    if read := read_number(words, at, language):
        return read
    return (Fraction(1), at + 1) if at < len(words) and words[at] in numbers(language).article else None


def _own_part(words: Words, at: int, names: UnitNames[T], language: str) -> tuple[T, int] | None:
    """One of a unit whose name is a part of another: ``un quarto di gallone`` is a quart."""
    one = _number(words[: at + 1], at, language)
    return names.at(words, at + 1) if one and one[0] == 1 else None


def _after_of(words: Words, at: int, number: Fraction, language: str) -> int:
    """Behind what joins a part and its unit, or a million and its: ``half an hour``."""
    part, known = 0 < number < 1, numbers(language)
    if part or number >= 10**6:
        for of in known.of:
            if tuple(words[at : at + len(of)]) == of and (part or known.article.isdisjoint(of)):
                return at + len(of)
    return at
