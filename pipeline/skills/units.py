"""From one unit to another: ``how many kilometres are five miles``, ``20 Grad in Fahrenheit``.

What units are called in a language, and how they are asked for, is told in
``config/language/LANGUAGE/units.toml``.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction

from config.language.data import DEFAULT, languages, table
from config.language.normalise import apart, normalise
from config.language.number_words import say_number
from config.language.phrases import Phrases
from config.language.sentences import Sentences, sentences
from config.language.unit_names import unit_words
from pipeline.skills.answer import SkillRequest, computed, sentence
from pipeline.skills.quantities import Quantity, read_quantity
from pipeline.skills.unit_tables import UNITS, Unit
from pipeline.tools.base import Tool, ToolError

_MOST = 1e45
_PLAIN = 1000
"""Most parts of a whole that an amount is taken to be in: a third comes as 0.3333333333333333."""


def _phrases(language: str) -> Phrases:
    return Phrases(language, table(language, "units"))


class NoConversionError(Exception):
    """Understood, and it cannot be: the argument is the key of the sentence that says so."""

    def __init__(self, key: str, unit: Unit, to: Unit) -> None:
        super().__init__(key)
        self.key, self.unit, self.to = key, unit, to

    def said(self, language: str) -> str:
        names, phrases = unit_words(language), _phrases(language)
        values = {"from": names.several[self.unit.key], "to": names.several[self.to.key]}
        measured = phrases.name("dimensions", self.unit.dimension)
        other = phrases.name("dimensions", self.to.dimension)
        return phrases.say(f"said.{self.key}", **values, dimension=measured, to_dimension=other)


@dataclass(frozen=True, slots=True)
class Conversion:
    """``amount`` of ``unit`` are ``result`` of the unit ``to``, rounded where it is not exact."""

    amount: Fraction
    unit: Unit
    result: Fraction
    to: Unit
    exact: bool

    @property
    def text(self) -> str:
        return self.said(DEFAULT)

    def said(self, language: str, repeated: str = "") -> str:
        """``repeated``: the amount as it was asked for."""
        names, phrases = unit_words(language), _phrases(language)
        return phrases.say(
            f"said.{_agreement(names.is_one(self.amount), names.is_one(self.result))}",
            amount=sentence(repeated or names.amount(self.amount, self.unit.key)),
            about="" if self.exact else phrases.tables["said"]["about"],
            result=names.amount(self.result, self.to.key),
        )


def _agreement(one: bool, one_result: bool) -> str:
    """Of the verb: "eine Stunde sind 60 Minuten"."""
    if not one:
        return "several"
    return "one" if one_result else "one_to_several"


def converted(number: Fraction, unit: Unit, to: Unit) -> Conversion:
    """Exact where the result can be said so. Raises ``NoConversionError``."""
    unit, to = _fluid(unit, to)
    if unit.dimension != to.dimension:
        raise NoConversionError("other", unit, to)
    base = number * unit.factor + unit.offset
    if to.dimension == "temperature" and base < 0:
        raise NoConversionError("cold", unit, to)
    result = (base - to.offset) / to.factor
    rounded = _rounded(result, to)
    return Conversion(number, unit, rounded, to, rounded == result and say_number(rounded)[1])


def convert(amount: float, from_unit: str, to_unit: str) -> Conversion:
    """As a model asks for it. Raises ``ToolError``."""
    try:
        return converted(_exactly(amount), _unit(from_unit), _unit(to_unit))
    except NoConversionError as reason:
        raise ToolError(reason.said(DEFAULT)) from None


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
    """By its name in any language, English first."""
    if unit := UNITS.get(name):
        return unit
    plain = apart(normalise(name))
    for language in languages():
        if unit := UNITS.get(unit_words(language).read.units.get(plain, "")):
            return unit
    raise ToolError(f"I do not know the unit “{name}”.")


def _fluid(unit: Unit, to: Unit) -> tuple[Unit, Unit]:
    """Ounces beside a volume are fluid ounces."""
    fluid, ounce = UNITS["us_fluid_ounce"], UNITS["ounce"]
    if unit is ounce and to.dimension == "volume":
        return fluid, to
    return unit, (fluid if to is ounce and unit.dimension == "volume" else to)


def _rounded(number: Fraction, to: Unit) -> Fraction:
    """Four digits that count, more for whole numbers; temperatures to a tenth of a degree."""
    if to.dimension == "temperature":
        return Fraction(round(number * 10), 10)
    return number if (number * 1000).denominator == 1 else _four_digits(number)


def _four_digits(number: Fraction) -> Fraction:
    size = abs(number)
    if size >= 1000:
        return Fraction(round(number))
    places, step = 3, size
    while 0 < step < 1 and places < 12:
        step, places = step * 10, places + 1
    while step >= 10 and places > 0:
        step, places = step / 10, places - 1
    return Fraction(round(number * 10**places), 10**places)


@functools.cache
def _questions(language: str) -> Sentences:
    return sentences({"convert": map(apart, table(language, "units")["questions"])})


def parse(text: str, language: str = DEFAULT) -> SkillRequest | None:
    """``text`` is normalised, in its language. None when it asks for no conversion."""
    names = unit_words(language).read.units
    for _, slots in _questions(language).readings(apart(text)):
        to = UNITS.get(names.get(slots["to"], ""))
        quantity = to and read_quantity(slots["amount"], to, language)
        if to and quantity:
            return _request(quantity, to, language)
    return None


def _request(quantity: Quantity, to: Unit, language: str) -> SkillRequest:
    called = unit_words(DEFAULT).several
    units = {"from_unit": called[quantity.unit.key], "to_unit": called[to.key]}
    try:
        converted(quantity.number, quantity.unit, to)
        failed = ""
    except NoConversionError as reason:
        failed = reason.said(language)
    return SkillRequest(
        "convert",
        {"amount": quantity.amount, **units},
        certain=True,
        say=lambda conversion: conversion.said(language, quantity.said(language)),
        failed=failed,
    )
