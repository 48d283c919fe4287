"""The units people ask about, as exact factors to the base unit of their dimension.

Factors by definition: international yard and pound (1959), the US gallon of 231 cubic inches, the imperial
gallon of 4.54609 litres, the knot of 1852 metres an hour; a year is the mean Gregorian 365.2425 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """``value * factor + offset`` is the value in the base unit."""

    dimension: str
    singular: str
    plural: str
    factor: Fraction
    offset: Fraction = Fraction(0)


_TABLE = """
length | metre, metres, meter, meters, m | 1
length | kilometre, kilometres, kilometer, kilometers, km, kms, k m | 1000
length | centimetre, centimetres, centimeter, centimeters, cm, centi meters | 0.01
length | millimetre, millimetres, millimeter, millimeters, mm | 0.001
length | mile, miles, mi | 1609.344
length | yard, yards, yd, yds | 0.9144
length | foot, feet, ft | 0.3048
length | inch, inches, in | 0.0254
length | nautical mile, nautical miles | 1852
mass | kilogram, kilograms, kilo, kilos, kg, kgs, kilogramme, kilogrammes | 1
mass | gram, grams, g, gramme, grammes | 0.001
mass | milligram, milligrams, mg | 0.000001
mass | tonne, tonnes, metric ton, metric tons | 1000
mass | US ton, US tons, ton, tons, us ton, us tons, short ton, short tons | 907.18474
mass | pound, pounds, lb, lbs | 0.45359237
mass | ounce, ounces, oz | 0.028349523125
mass | stone, stone, stones | 6.35029318
volume | litre, litres, liter, liters, l | 1
volume | millilitre, millilitres, milliliter, milliliters, ml | 0.001
volume | centilitre, centilitres, centiliter, centiliters, cl | 0.01
volume | decilitre, decilitres, deciliter, deciliters, dl | 0.1
volume | cubic metre, cubic metres, cubic meter, cubic meters | 1000
volume | US gallon, US gallons, gallon, gallons, us gallon, us gallons | 3.785411784
volume | imperial gallon, imperial gallons, uk gallon, uk gallons, british gallons | 4.54609
volume | US quart, US quarts, quart, quarts | 0.946352946
volume | US pint, US pints, pint, pints, us pint, us pints | 0.473176473
volume | imperial pint, imperial pints, uk pint, uk pints, british pint, british pints | 0.56826125
volume | US cup, US cups, cup, cups | 0.2365882365
volume | US fluid ounce, US fluid ounces, fluid ounce, fluid ounces, fl oz | 0.0295735295625
volume | US tablespoon, US tablespoons, tablespoon, tablespoons, tbsp | 0.01478676478125
volume | US teaspoon, US teaspoons, teaspoon, teaspoons, tsp | 0.00492892159375
speed | metre per second, metres per second, meter per second, meters per second, m / s | 1
speed | kilometre per hour, kilometres per hour, kilometers per hour, km / h, kph, kmh | 1000/3600
speed | mile per hour, miles per hour, mph, miles an hour | 0.44704
speed | knot, knots | 1852/3600
speed | foot per second, feet per second | 0.3048
area | square metre, square metres, square meter, square meters | 1
area | square kilometre, square kilometres, square kilometer, square kilometers | 1000000
area | square mile, square miles | 2589988.110336
area | square foot, square feet | 0.09290304
area | square yard, square yards | 0.83612736
area | square inch, square inches | 0.00064516
area | hectare, hectares, ha | 10000
area | acre, acres | 4046.8564224
time | second, seconds, sec, secs, s | 1
time | millisecond, milliseconds, ms | 0.001
time | minute, minutes, min, mins | 60
time | hour, hours, hr, hrs, h | 3600
time | day, days | 86400
time | week, weeks | 604800
time | fortnight, fortnights | 1209600
time | year, years | 31556952
time | decade, decades | 315569520
time | century, centuries | 3155695200
data | byte, bytes | 1
data | bit, bits | 0.125
data | kilobyte, kilobytes, kb | 1000
data | megabyte, megabytes, mb | 1000000
data | gigabyte, gigabytes, gb, gig, gigs | 1000000000
data | terabyte, terabytes, tb | 1000000000000
data | petabyte, petabytes, pb | 1000000000000000
data | kilobit, kilobits | 125
data | megabit, megabits | 125000
data | gigabit, gigabits | 125000000
data | kibibyte, kibibytes, kib | 1024
data | mebibyte, mebibytes, mib | 1048576
data | gibibyte, gibibytes, gib | 1073741824
data | tebibyte, tebibytes, tib | 1099511627776
"""


def _read_table() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for line in _TABLE.strip().splitlines():
        dimension, names, factor = (cell.strip() for cell in line.split("|"))
        singular, plural, *others = (name.strip() for name in names.split(","))
        unit = Unit(dimension, singular, plural, Fraction(factor))
        for name in (singular, plural, *others):
            units[name.lower()] = unit
    return units


def _temperatures() -> dict[str, Unit]:
    zero = Fraction("273.15")
    celsius = Unit("temperature", "degree Celsius", "degrees Celsius", Fraction(1), zero)
    ninths = Fraction(5, 9)
    fahrenheit = Unit("temperature", "degree Fahrenheit", "degrees Fahrenheit", ninths, zero - 32 * ninths)
    kelvin = Unit("temperature", "kelvin", "kelvins", Fraction(1))
    units: dict[str, Unit] = {"kelvin": kelvin, "kelvins": kelvin}
    for names, unit in ((("celsius", "centigrade", "c"), celsius), (("fahrenheit", "f"), fahrenheit)):
        for name in names:
            units |= {name: unit, f"degrees {name}": unit, f"° {name}": unit, f"degree {name}": unit}
    return units


UNITS = _read_table() | _temperatures()
LONGEST_NAME = max(len(name.split()) for name in UNITS)
"""Words."""
