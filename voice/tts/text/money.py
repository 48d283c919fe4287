"""Money, in English: "$3.50" is "3 dollars and 50 cents", "£1.2M" is "1.2 million pounds"."""

from __future__ import annotations

import re

from voice.tts.text.rules import NUMBER, Rule

_MONEY = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "", ""),
    "₽": ("rouble", "roubles", "kopeck", "kopecks"),
    "₺": ("lira", "lira", "", ""),
    "₿": ("bitcoin", "bitcoins", "", ""),
    "USD": ("US dollar", "US dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "JPY": ("yen", "yen", "", ""),
    "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
    "CAD": ("Canadian dollar", "Canadian dollars", "cent", "cents"),
    "AUD": ("Australian dollar", "Australian dollars", "cent", "cents"),
    "INR": ("rupee", "rupees", "paisa", "paise"),
    "CNY": ("yuan", "yuan", "", ""),
}
"""One, many, one and many of the hundredth part."""
_LANDS = {
    "US": "US ",
    "CA": "Canadian ",
    "C": "Canadian ",
    "AU": "Australian ",
    "A": "Australian ",
    "NZ": "New Zealand ",
    "HK": "Hong Kong ",
}
_SCALES = {"k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "t": "trillion"}
_SCALES["tn"] = "trillion"
_SIGNS = "$€£¥₹₩₽₺₿"
_SCALE = r"(?:\s?(k|K|mn|m|M|bn|b|B|tn|T)\b|[\s-](hundred|thousand|million|billion|trillion)\b)?"


def _amount(number: str, scale: str, money: str, land: str = "") -> str:
    one, many, small_one, small_many = _MONEY[money]
    if scale:
        return f"{number} {_SCALES.get(scale.lower(), scale)} {land}{many}"
    whole, _, part = number.partition(".")
    if len(part) != 2 or not small_one:
        return f"{number} {land}{one if number == '1' else many}"
    small = f"{int(part)} {small_one if int(part) == 1 else small_many}"
    if not whole.strip("0"):
        return small if int(part) else f"0 {land}{many}"
    big = f"{whole} {land}{one if whole == '1' else many}"
    return f"{big} and {small}" if int(part) else big


def _before(match: re.Match[str]) -> str:
    sign, land, money, number, to, short, long = match.groups()
    said = _amount(to or number, short or long or "", money, _LANDS.get(land or "", ""))
    return ("minus " if sign else "") + (f"{number} to {said}" if to else said)


def _after(match: re.Match[str]) -> str:
    number, short, long, money = match.groups()
    return _amount(number, short or long or "", money)


RULES = [
    Rule(
        _SIGNS,
        rf"(?<![\w{_SIGNS}])([-−](?=\S))?(US|CA|C|AU|A|NZ|HK)?([{_SIGNS}])\s?({NUMBER})"
        rf"(?:\s?[–-]\s?[{_SIGNS}]?({NUMBER}))?{_SCALE}(?!\d)",
        _before,
    ),
    Rule(_SIGNS, rf"(?<![\w.,])({NUMBER}){_SCALE}\s?([{_SIGNS}])(?!\w)", _after),
    Rule("DRPFNY", rf"(?<![\w.,])({NUMBER}){_SCALE}\s?(USD|EUR|GBP|JPY|CHF|CAD|AUD|INR|CNY)\b", _after),
]
