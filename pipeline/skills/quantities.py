"""Amounts with their units, read to be converted: ``five feet ten inches``, ``anderthalb Liter``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from config.language.amounts import read_amount
from config.language.data import table
from config.language.number_words import Words, whole_number
from config.language.numbers import numbers
from config.language.unit_names import unit_words
from pipeline.skills.unit_tables import UNITS, Unit

_UNSAID = {"metre": ("centimetre", 100), "foot": ("inch", 12), "stone": ("pound", 14)}
"""The smaller unit that goes without saying, and how many make one of the larger."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in the base unit of its dimension, its parts as they were said, and its words."""

    base: Fraction
    parts: tuple[tuple[Fraction, Unit], ...]
    words: Words

    @property
    def unit(self) -> Unit:
        """The smallest."""
        return self.parts[-1][1]

    @property
    def number(self) -> Fraction:
        return (self.base - self.unit.offset) / self.unit.factor

    @property
    def amount(self) -> int | float:
        """As JSON has it."""
        return int(self.number) if self.number.denominator == 1 else float(self.number)

    def said(self, language: str) -> str:
        """With the unit's full name, where the US has one of its own."""
        if table(language, "units")["repeated"] == "digits":
            names = unit_words(language)
            return " ".join(names.amount(number, unit.key) for number, unit in self.parts)
        return _in_words(self, language)


def read_quantity(text: str, to: Unit, language: str) -> Quantity | None:
    """The whole text as one amount; ``five feet ten inches`` adds up. ``text`` is normalised, and apart."""
    words, at, parts = text.split(), 0, list[tuple[Fraction, Unit]]()
    while at < len(words):
        part = _part(words, at + (at > 0 and words[at] in numbers(language).joining), parts, to, language)
        if part is None:
            return None
        number, unit, at = part
        parts.append((number, unit))
    if not parts:
        return None
    return Quantity(
        sum((n * unit.factor + unit.offset for n, unit in parts), Fraction()), tuple(parts), words
    )


def _part(
    words: Words, at: int, before: list[tuple[Fraction, Unit]], to: Unit, language: str
) -> tuple[Fraction, Unit, int] | None:
    """One number and its unit; behind another it must be of a smaller one."""
    last = before[-1][1] if before else None
    read = read_amount(words, at, unit_words(language).read, language)
    if read is None:
        # "ein Meter achtzig", "five foot ten": the smaller unit goes without saying.
        smaller, most = _UNSAID.get(last.key if last else "", ("", 0))
        number = whole_number(words[at:], language) if smaller else None
        return (number, UNITS[smaller], len(words)) if number and 0 < number < most else None
    unit = _degree(to) if read[1] == "degree" else UNITS[read[1]]
    if unit is None:
        return None
    falls = last is None or (unit.dimension == last.dimension != "temperature" and unit.factor < last.factor)
    return (read[0], unit, read[2]) if falls else None


def _degree(to: Unit) -> Unit | None:
    """``20 degrees`` asked in Fahrenheit are Celsius, and the other way round."""
    if to.dimension != "temperature":
        return None
    return UNITS["fahrenheit" if to.key == "celsius" else "celsius"]


def _in_words(quantity: Quantity, language: str) -> str:
    words, names = list(quantity.words), unit_words(language)
    for at in range(len(words)):
        if (found := names.read.at(words, at)) and found[1] == len(words):
            one = Fraction(1) if _is_one(words[:at], language) else None
            words = [*words[:at], names.name(quantity.unit.key, one)]
            break
    return " ".join(numbers(language).written["minus"] if word == "-" else word for word in words)


def _is_one(amount: Words, language: str) -> bool:
    """One, or a part of one: ``a mile``, ``half a mile``, ``a quarter pound``; not ``one and a half``."""
    known = numbers(language)
    words = [word for word in amount if word not in known.negative]
    if len(words) == 1 and (words[0] in known.article or whole_number(words, language) == 1):
        return True
    last = words[-1] if words else ""
    return not known.joining & set(words) and (last in known.article or last in known.parts)
