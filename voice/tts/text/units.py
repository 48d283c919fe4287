"""Units of measure, in English: "60 km/h" is "60 kilometers per hour", "30 m²" is "30 square meters"."""

from __future__ import annotations

import re

from voice.tts.text.rules import NUMBER, Rule

_TABLE = """
km kilometer, m meter, cm centimeter, mm millimeter, µm micrometer, μm micrometer, nm nanometer, mi
mile, yd yard, ft foot, kg kilogram, g gram, mg milligram, µg microgram, lb pound, lbs pound, oz ounce,
l liter, L liter, ml milliliter, mL milliliter, cl centiliter, dl deciliter, tbsp tablespoon, tsp
teaspoon, Hz hertz, kHz kilohertz, MHz megahertz, GHz gigahertz, V volt, mV millivolt, kV kilovolt, W
watt, mW milliwatt, kW kilowatt, MW megawatt, kWh kilowatt-hour, mAh milliamp-hour, mA milliamp, kB
kilobyte, KB kilobyte, MB megabyte, GB gigabyte, TB terabyte, PB petabyte, KiB kibibyte, MiB mebibyte,
GiB gibibyte, kbps kilobit per second, Mbps megabit per second, Gbps gigabit per second, ms millisecond,
µs microsecond, ns nanosecond, s second, sec second, min minute, mins minute, h hour, hr hour, hrs hour,
px pixel, fps frame per second, dB decibel, mph mile per hour, kcal kilocalorie, cal calorie, kJ
kilojoule, kPa kilopascal, hPa hectopascal, ha hectare, °C degree Celsius, °F degree Fahrenheit, °
degree
"""
_UNITS = {name: said.strip() for name, said in (entry.split(maxsplit=1) for entry in _TABLE.split(","))}
_IRREGULAR = {"foot": "feet", "hertz": "hertz", "kilohertz": "kilohertz", "megahertz": "megahertz"}
_IRREGULAR["gigahertz"] = "gigahertz"
_PER = {
    "h": "hour", "hr": "hour", "s": "second", "sec": "second", "min": "minute", "day": "day", "l": "liter",
    "L": "liter", "kg": "kilogram", "m²": "square meter", "m³": "cubic meter", "m": "meter",
    "ml": "milliliter",
}  # fmt: skip
_POWERS = {"²": "square ", "³": "cubic ", None: ""}


def _names(table: dict[str, str]) -> str:
    return "|".join(map(re.escape, sorted(table, key=len, reverse=True)))


def _said(match: re.Match[str]) -> str:
    number, space, unit, power, per = match.groups()
    if len(unit) == 1 and unit != "°" and not (space or power or per):
        return match[0]  # "5m" may be five million, "90s" a decade, "3g" a network
    name, _, rest = _UNITS[unit].partition(" ")
    if number != "1":
        name = _IRREGULAR.get(name, name + "s")
    after = f" per {_PER[per]}" if per else ""
    return f"{number} {_POWERS[power]}{name}{' ' + rest if rest else ''}{after}"


RULES = [
    Rule(
        "",
        rf"(?<![\w.,#])({NUMBER})(\s?)({_names(_UNITS)})([²³])?(?:/({_names(_PER)}))?"
        r"(?![\w²³/°'’]|\.\w)(?:\.(?=\s[a-z]))?",
        _said,
    ),
    Rule("/", r"(?<=\w)/(month|year|hour|day|week|person|night|item|user|unit|second|minute)\b", r" per \1"),
]
