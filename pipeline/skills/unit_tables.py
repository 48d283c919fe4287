"""The units people ask about, as exact factors to the base unit of their dimension.

Factors by definition: international yard and pound (1959), the US gallon of 231 cubic inches, the imperial
gallon of 4.54609 litres, the knot of 1852 metres an hour; spoons without a country hold 15 and 5 millilitres;
a year is the mean Gregorian 365.2425 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """``value * factor + offset`` is the value in the base unit."""

    key: str
    dimension: str
    factor: Fraction
    offset: Fraction = Fraction(0)


_TABLE = """
length: metre 1, kilometre 1000, centimetre 0.01, millimetre 0.001
length: mile 1609.344, yard 0.9144, foot 0.3048, inch 0.0254, nautical_mile 1852
mass: kilogram 1, hectogram 0.1, gram 0.001, milligram 0.000001, tonne 1000, metric_pound 0.5
mass: us_ton 907.18474, pound 0.45359237, ounce 0.028349523125, stone 6.35029318
volume: litre 1, millilitre 0.001, centilitre 0.01, decilitre 0.1, cubic_metre 1000
volume: us_gallon 3.785411784, us_quart 0.946352946, us_pint 0.473176473, us_cup 0.2365882365
volume: us_fluid_ounce 0.0295735295625, us_tablespoon 0.01478676478125, us_teaspoon 0.00492892159375
volume: imperial_gallon 4.54609, imperial_pint 0.56826125, tablespoon 0.015, teaspoon 0.005
speed: metre_per_second 1, kilometre_per_hour 1000/3600, mile_per_hour 0.44704, knot 1852/3600
speed: foot_per_second 0.3048
area: square_metre 1, square_kilometre 1000000, square_mile 2589988.110336, square_foot 0.09290304
area: square_yard 0.83612736, square_inch 0.00064516, hectare 10000, acre 4046.8564224
time: second 1, millisecond 0.001, minute 60, hour 3600, day 86400, week 604800, fortnight 1209600
time: year 31556952, decade 315569520, century 3155695200
data: byte 1, bit 0.125, kilobyte 1000, megabyte 1000000, gigabyte 1000000000, terabyte 1000000000000
data: petabyte 1000000000000000, kilobit 125, megabit 125000, gigabit 125000000
data: kibibyte 1024, mebibyte 1048576, gibibyte 1073741824, tebibyte 1099511627776
"""
_ZERO = Fraction("273.15")
_NINTHS = Fraction(5, 9)
_TEMPERATURES = {
    "kelvin": (Fraction(1), Fraction(0)),
    "celsius": (Fraction(1), _ZERO),
    "fahrenheit": (_NINTHS, _ZERO - 32 * _NINTHS),
}


def _read_table() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for line in _TABLE.strip().splitlines():
        dimension, _, row = line.partition(": ")
        for entry in row.split(", "):
            key, _, factor = entry.partition(" ")
            units[key] = Unit(key, dimension, Fraction(factor))
    return units


UNITS = _read_table() | {
    key: Unit(key, "temperature", factor, offset) for key, (factor, offset) in _TEMPERATURES.items()
}
"""By their keys in ``config/language/LANGUAGE/units.toml``, where their names stand."""
