"""What English screens write short and English voices say long: money, dates, units, signs, abbreviations.

Both engines read plain numbers ("500", "1,234", "3.14", "14:30", "1st", "III") well by themselves, so those
are left alone; what is changed here, espeak-ng 1.52 (which makes Piper's phonemes too) reads wrongly: "$500"
as "dollar five hundred", "km" by its letters, "vs." too, and at "Dr." it makes a pause.
"""

from __future__ import annotations

import re

from voice.tts.text.quantities import RULES as QUANTITIES
from voice.tts.text.rules import Rule, apply

_FULL = {
    "e.g": "for example", "i.e": "that is", "vs": "versus", "approx": "approximately", "esp": "especially",
    "dept": "department", "cf": "compare",
}  # fmt: skip
_TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Ms", "Dr": "Doctor", "Prof": "Professor", "St": "Saint",
    "Mt": "Mount", "Gov": "Governor", "Gen": "General", "Sen": "Senator", "Rep": "Representative",
    "Capt": "Captain", "Sgt": "Sergeant", "Lt": "Lieutenant", "Rev": "Reverend",
}  # fmt: skip
_STREETS = {"St": "Street", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road"}
_NUMBERED = {
    "no": "number", "nos": "numbers", "fig": "figure", "figs": "figures", "vol": "volume", "pp": "pages",
    "p": "page", "sec": "section", "ch": "chapter", "eq": "equation",
}  # fmt: skip

ABBREVIATION = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, [*_FULL, *_TITLES, *_STREETS]))})\.", re.IGNORECASE
)
"""Whether a text of plain letters has anything to be done here."""


def _in_full(match: re.Match[str]) -> str:
    full = _FULL[match[1].lower()]
    return full.capitalize() if match[1][0].isupper() and match.start() == 0 else full


def _street(match: re.Match[str]) -> str:
    ends = "." if match[3] is not None else ""
    return f"{match[1]}{_STREETS[match[2]]}{ends}"


def _arrow(match: re.Match[str]) -> str:
    """Between two things "to"; at an end of the line only a sign."""
    return " to " if match.start() and match.end() < len(match.string) else " "


_ABBREVIATIONS = [
    Rule("", rf"\b({'|'.join(map(re.escape, _FULL))})\.", _in_full, any_case=True),
    Rule("", r"\b([A-Z]\w{2,} )(St|Ave|Blvd|Rd)\.(?=(\s+[A-Z]|\W*$)?)", _street),
    Rule("", rf"\b({'|'.join(_TITLES)})\.(?=\s[A-Z])", lambda m: _TITLES[m[1]]),
]

_NUMBERS = [
    Rule(
        "",
        rf"\b({'|'.join(_NUMBERED)})\.\s?(?=\d)",
        lambda m: _NUMBERED[m[1].lower()] + " ",
        any_case=True,
    ),
    *QUANTITIES,
]

_SIGNS = [
    Rule("/", r"\b(he|his|him|she|her)/(she|hers?|his|him|he)\b", r"\1 or \2", any_case=True),
    Rule("/", r"\band/or\b", "and or", any_case=True),
    Rule("/", r"\bw/o\b", "without"),
    Rule("/", r"(?<![\w/])w/(?=\s)", "with"),
    Rule("#", r"\b([A-GJ])#(?![\w#])", r"\1 sharp"),
    Rule("+", r"\b([CG])\+\+", r"\1 plus plus"),
    Rule("#", r"(?<![\w&])#(\d+)", r"number \1"),
    Rule("#", r"(?<![\w&#])#(?=[A-Za-z])", "hashtag "),
    Rule("$", r"\$(?=[A-Za-z{])", "dollar "),
    Rule("&", r"\s*&\s*", " and "),
    Rule("-=→⇒⟶➔➜", r"\s*(?:<?-+>|=+>|→|⇒|⟶|➔|➜)\s*", _arrow),
    Rule("←", r"\s*←\s*", " from "),
    Rule("<≤", r"\s*(?:<=|≤)\s*(?=\S)", " is at most "),
    Rule(">≥", r"\s*(?:>=|≥)\s*(?=\S)", " is at least "),
    Rule("=≠", r"\s*(?:!=|≠)\s*(?=\S)", " is not equal to "),
    Rule("≈", r"\s*≈\s*", " is about "),
    Rule("=", r"(?<=\w)\s*={1,3}\s*(?=[\w(\-−])", " equals "),
    Rule("<", r"(?<=[\w)]) < (?=[\w(\-−])|(?<=\d)<(?=\d)", " is less than "),
    Rule(">", r"(?<=[\w)]) > (?=[\w(\-−])|(?<=\d)>(?=\d)", " is greater than "),
    Rule("<", r"(?<![\w<])<\s?(?=\d)", "less than "),
    Rule(">", r"(?<![\w>])>\s?(?=\d)", "more than "),
    Rule("*", r"(?<=[\w)])\s?\*\s?(?=[\w(])", " times "),
    Rule("×", r"\s*×\s*(?=\w)", " times "),
    Rule("^", r"(?<=[\w)])\^2(?!\w)", " squared"),
    Rule("^", r"(?<=[\w)])\^3(?!\w)", " cubed"),
    Rule("^", r"(?<=[\w)])\^[({]?(-?\w+)[)}]?", r" to the power of \1"),
    Rule("²", r"(?<=[\w)])²", " squared"),
    Rule("³", r"(?<=[\w)])³", " cubed"),
    Rule("~", r"~\s?(?=[$€£]?\d)", "about "),
]


def read(text: str) -> str:
    """Plain text (no markdown left in it) as it is said. Leaves prose as it is."""
    if any(c.isdigit() or c in "½¼¾⅓⅔" for c in text):
        text = apply(_NUMBERS, text)
    text = apply(_SIGNS, text)
    return apply(_ABBREVIATIONS, text) if ABBREVIATION.search(text) else text
