"""From one unit to another: ``how many kilometres are five miles``, ``100 fahrenheit in celsius``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from config.language.normalise import normalise
from config.language.number_words import Words, read_number, say_number
from config.language.numbers import numbers
from pipeline.skills.answer import SkillRequest, computed, sentence
from pipeline.skills.unit_tables import LONGEST_NAME, UNITS, Unit
from pipeline.tools.base import Tool, ToolError

_MOST = 1e45
_PLAIN = 1000
"""Most parts of a whole that an amount is taken to be in: a third comes as 0.3333333333333333."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """``amount``: what was converted; ``number`` and ``unit``: what that is. As they are said."""

    amount: str
    number: str
    unit: str
    exact: bool

    @property
    def text(self) -> str:
        return self.of(self.amount)

    def of(self, amount: str) -> str:
        """The whole sentence, with the amount as it was asked for."""
        return f"{amount} is {'' if self.exact else 'about '}{self.number} {self.unit}."


def convert(amount: float, from_unit: str, to_unit: str) -> Conversion:
    """Exact where the result can be said so. Raises ``ToolError``."""
    number = _exactly(amount)
    unit, to = _fluid(_unit(from_unit), _unit(to_unit))
    if unit.dimension != to.dimension:
        raise ToolError(
            f"{sentence(unit.plural)} measure {unit.dimension} and {to.plural} {to.dimension}, "
            "so the one cannot be turned into the other."
        )
    base = number * unit.factor + unit.offset
    if to.dimension == "temperature" and base < 0:
        raise ToolError("Nothing can be colder than absolute zero.")
    said, exact = _round((base - to.offset) / to.factor, to)
    return Conversion(_amount(number, unit), said, _named(to, said), exact)


CONVERT = Tool(
    "convert",
    "Converts an amount to another unit: of length, mass, volume, speed, area, time, data, temperature.",
    {
        "type": "object",
        "properties": {
            "amount": {"type": "number", "minimum": -_MOST, "maximum": _MOST},
            "from_unit": {"type": "string", "maxLength": 40, "description": "for example miles, cups, kg"},
            "to_unit": {"type": "string", "maxLength": 40},
        },
        "required": ["amount", "from_unit", "to_unit"],
    },
    risk="read",
    run=computed(convert),
)


def _exactly(amount: float) -> Fraction:
    """The plainest number that a float stands for."""
    if isinstance(amount, int):
        return Fraction(amount)
    plain = Fraction(amount).limit_denominator(_PLAIN)
    return plain if float(plain) == amount else Fraction(repr(amount))


def _unit(name: str) -> Unit:
    unit = UNITS.get(name.strip().lower()) or UNITS.get(normalise(name))
    if unit is None:
        raise ToolError(f"I do not know the unit “{name}”.")
    return unit


def _named(unit: Unit, number: str) -> str:
    return unit.singular if number in {"1", "minus 1"} else unit.plural


def _amount(number: Fraction, unit: Unit) -> str:
    said = _minus(say_number(number)[0])
    return f"{sentence(said)} {_named(unit, said)}"


def _minus(said: str) -> str:
    return said.replace("-", "minus ", 1) if said.startswith("-") else said


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in the base unit of its dimension, the smallest unit it was said in, and its words."""

    base: Fraction
    unit: Unit
    said: str

    @property
    def amount(self) -> int | float:
        """In its unit, as JSON has it."""
        amount = (self.base - self.unit.offset) / self.unit.factor
        return int(amount) if amount.denominator == 1 else float(amount)


def _unit_at(words: Words, at: int) -> tuple[Unit, int] | None:
    """The longest unit name that begins at ``at``."""
    for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        if unit := UNITS.get(" ".join(words[at : at + length])):
            return unit, at + length
    return None


def _part(words: Words, at: int) -> tuple[Fraction, Unit, int] | None:
    """``five feet``, ``a mile``, ``half a pound``, ``a pound and a half``."""
    read = read_number(words, at)
    if read is None and at < len(words) and words[at] in {"a", "an"}:
        read = Fraction(1), at + 1
    if read is None:
        return None
    number, after = read
    if 0 < number < 1 and words[after : after + 1] in (["a"], ["an"]):
        after += 1
    elif 0 < number < 1 and words[after : after + 2] in (["of", "a"], ["of", "an"]):
        after += 2
    found = _unit_at(words, after)
    if found is None:
        return None
    unit, after = found
    if words[after : after + 3] in (["and", "a", "half"], ["and", "a", "quarter"]):
        number += Fraction(1, 2 if words[after + 2] == "half" else 4)
        after += 3
    return number, unit, after


def read_quantity(text: str) -> Quantity | None:
    """The whole text as one amount; ``five feet ten inches`` adds up."""
    words = text.split()
    part = _part(words, 0)
    if part is None:
        return None
    number, unit, at = part
    base = number * unit.factor + unit.offset
    while at < len(words) and unit.dimension != "temperature":
        part = _part(words, at + (words[at] == "and"))
        if part is None or part[1].dimension != unit.dimension or part[1].factor >= unit.factor:
            return None
        base, unit, at = base + part[0] * part[1].factor, part[1], part[2]
    return Quantity(base, unit, text) if at == len(words) else None


_FORMS = (
    r"how many (?P<to>.+?) (?:is|are|make|makes|in|do|does|equals?)"
    r"(?: there)?(?: are| is)?(?: in)? (?P<amount>.+?)(?: have| make| equal)?",
    r"(?:how (?:much|long|far|heavy|hot|cold|big|fast) (?:is|are)|what is|what are|convert|change|turn|"
    r"express)"
    r" (?P<amount>.+) (?:in|to|into|as) (?P<to>.+)",
    r"(?P<amount>.+) (?:is|are|equals?|makes?) how many (?P<to>.+)",
    r"(?P<amount>.+) (?:in|to|into) (?P<to>.+)",
)
_PATTERNS = tuple(re.compile(form) for form in _FORMS)


def _guess_scale(amount: str, to: Unit) -> str:
    """``20 degrees`` asked in Fahrenheit are Celsius, and the other way round."""
    if to.dimension == "temperature" and amount.endswith((" degrees", " °")):
        return amount + (" celsius" if "Fahrenheit" in to.plural else " fahrenheit")
    return amount


def _fluid(unit: Unit, to: Unit) -> tuple[Unit, Unit]:
    """Ounces beside a volume are fluid ounces."""
    fluid, ounce = UNITS["fluid ounce"], UNITS["ounce"]
    if unit is ounce and to.dimension == "volume":
        return fluid, to
    return unit, (fluid if to is ounce and unit.dimension == "volume" else to)


def _echo(quantity: Quantity) -> str:
    """The amount as it was said, with the unit's full name where the US has one of its own."""
    words = quantity.said.split()
    for at in range(len(words)):
        found = _unit_at(words, at)
        if found and found[1] == len(words):
            words = [*words[:at], found[0].singular if _is_one(words[:at]) else found[0].plural]
            break
    return sentence(" ".join("minus" if word == "-" else word for word in words))


def _is_one(amount: Words) -> bool:
    """One, or a part of one: ``a mile``, ``half a mile``, ``a quarter pound``; not ``one and a half``."""
    words = [word for word in amount if word not in {"minus", "-"}]
    if words in (["a"], ["an"], ["one"], ["1"]):
        return True
    last = words[-1] if words else ""
    return "and" not in words and (last in {"a", "an"} or last in numbers("en").parts)


def _round(number: Fraction, to: Unit) -> tuple[str, bool]:
    """Four digits that count, more for whole numbers; temperatures to a tenth of a degree."""
    if to.dimension == "temperature":
        tenths = Fraction(round(number * 10), 10)
        said, exact = say_number(tenths)[0], tenths == number
    elif (number * 1000).denominator == 1:
        said, exact = say_number(number)
    else:
        said, exact = _four_digits(number), False
    return _minus(said), exact


def _four_digits(number: Fraction) -> str:
    size = abs(number)
    if size >= 1000:
        return say_number(Fraction(round(number)))[0]
    places, step = 3, size
    while 0 < step < 1 and places < 12:
        step, places = step * 10, places + 1
    while step >= 10 and places > 0:
        step, places = step / 10, places - 1
    rounded = Fraction(round(number * 10**places), 10**places)
    # An endless fraction beside it makes say_number count digits again, at small numbers.
    return say_number(rounded)[0]


def parse(text: str) -> SkillRequest | None:
    """``text`` is normalised. None when it asks for no conversion."""
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            to = UNITS.get(match["to"])
            quantity = to and read_quantity(_guess_scale(match["amount"], to))
            if to and quantity:
                return _request(quantity, to)
    return None


def _request(quantity: Quantity, to: Unit) -> SkillRequest:
    units = {"from_unit": quantity.unit.plural, "to_unit": to.plural}
    return SkillRequest(
        "convert",
        {"amount": quantity.amount, **units},
        certain=True,
        say=lambda conversion: conversion.of(_echo(quantity)),
    )
