"""What units and money are called in a language, and amounts said: its ``units.toml`` and ``money.toml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from config.language.amounts import UnitNames
from config.language.data import table
from config.language.normalise import normalise
from config.language.number_words import say_minus, say_number

_VOWELS = "aeiouh"
"""Those before which French elides; the h of its units is mute."""


@dataclass(frozen=True, slots=True)
class UnitWords:
    """Units by their keys in the table."""

    language: str
    read: UnitNames[str]
    one: Mapping[str, str]
    """With the word for one before it: ``1 mile``, ``eine Meile``, ``un'oncia``."""
    several: Mapping[str, str]
    singular_below: int
    of_millions: tuple[str, ...]

    def is_one(self, number: Fraction) -> bool:
        """Whether the unit has its singular."""
        return abs(number) == 1 or abs(number) < self.singular_below

    def name(self, unit: str, number: Fraction | None = None) -> str:
        """The name that belongs to the number; that of several, where there is none."""
        if number is not None and self.is_one(number):
            return re.split(r"[ ']", self.one[unit], maxsplit=1)[1]
        return self.several[unit]

    def amount(self, number: Fraction, unit: str) -> str:
        """``eine Meile``, ``0,5 Meilen``, ``minus 40 degrees Celsius``."""
        if number == 1:
            return self.one[unit]
        said, name = say_minus(say_number(number, self.language)[0], self.language), self.name(unit, number)
        if self.of_millions and number and number % 10**6 == 0:
            name = self.of_millions[normalise(name)[0] in _VOWELS] + name
        return f"{said} {name}"


@functools.cache
def unit_words(language: str, kind: str = "units") -> UnitWords:
    """Those of one table: ``units`` or ``money``."""
    data = table(language, kind)
    forms = {unit: written.split("|") for unit, written in data["names"].items() if written}
    one = {unit: some[0] for unit, some in forms.items()}
    several = {unit: some[1] for unit, some in forms.items()}
    nameless: UnitNames[str] = UnitNames({}, 0)
    written = UnitWords(language, nameless, one, several, data["singular_below"], tuple(data["of_millions"]))
    named = [(written.name(unit, Fraction(1)), unit) for unit in forms]
    others = [(form, unit) for unit, some in forms.items() for form in some[1:]]
    return replace(written, read=UnitNames.of([*named, *others]))
