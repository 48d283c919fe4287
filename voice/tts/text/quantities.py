"""Numbers with something to them, in English: phones, dates, times, ranges, fractions, decades, versions."""

from __future__ import annotations

import re

from voice.tts.text import money, units
from voice.tts.text.rules import NUMBER, Rule

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SHORT_MONTH = r"(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"


def _digits(match: re.Match[str]) -> str:
    """Phone numbers in groups of digits: the voice pauses where the screen has a gap."""
    groups = re.findall(r"\d+", match[0])
    if not 7 <= sum(map(len, groups)) <= 15:
        return match[0]
    said = ", ".join(" ".join(group) for group in groups)
    return f"plus {said}" if match[0].startswith("+") else said


def _short_month(match: re.Match[str]) -> str:
    return next(month for month in _MONTHS if month.startswith(match[1][:3]))


def _iso_date(match: re.Match[str]) -> str:
    year, month, day, time = match.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return match[0]
    return f"{_MONTHS[int(month) - 1]} {int(day)}, {year}" + (f", {time}" if time else "")


def _date(match: re.Match[str]) -> str:
    """With dots the day comes first. With slashes it may be either, unless one number cannot be a month."""
    first, sign, second, year = match.groups()
    month, day = int(first), int(second)
    if sign == "." or month > 12:
        month, day = day, month
    elif day <= 12:
        return f"{first} {second} {year}"
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    return f"{_MONTHS[month - 1]} {day}, {year}"


def _time(match: re.Match[str]) -> str:
    hour, minutes, noon = match.groups()
    said = hour if minutes == "00" else f"{hour} oh {minutes[1]}"
    if noon:
        return f"{said} {noon.strip()}"
    return f"{said} o'clock" if minutes == "00" else said


_PARTS = {
    2: ("half", "halves"), 3: ("third", "thirds"), 4: ("quarter", "quarters"), 5: ("fifth", "fifths"),
    6: ("sixth", "sixths"), 8: ("eighth", "eighths"),
}  # fmt: skip
_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven")
_GLYPHS = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3)}
_NAMED = {(9, 11): "9 11", (24, 7): "24 7"}


def _parts(whole: str | None, over: int, under: int) -> str:
    said = f"{_SMALL[over]} {_PARTS[under][over != 1]}"
    if not whole:
        return said
    if over == 1:
        said = f"{'an' if under == 8 else 'a'} {_PARTS[under][0]}"
    return f"{whole.strip()} and {said}"


def _fraction(match: re.Match[str]) -> str:
    over, under = int(match[2]), int(match[3])
    if under in (10, 100) and not match[1] and over <= under:
        return f"{over} out of {under}"
    if 0 < over < under and under in _PARTS:
        return _parts(match[1], over, under)
    return (match[1] or "") + _NAMED[over, under] if (over, under) in _NAMED else match[0]


def _range(match: re.Match[str]) -> str:
    """A range rises; what falls is a score ("3-1"), or with spaces a sum."""
    first, dash, second = match.groups()
    if float(first.replace(",", "")) < float(second.replace(",", "")):
        return f"{first} to {second}"
    return f"{first} minus {second}" if " " in dash else match[0]


_DECADES = (
    "",
    "",
    "twenties",
    "thirties",
    "forties",
    "fifties",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
)


def _by(match: re.Match[str]) -> str:
    return f"{match[1] or match[3]} by {match[2] or match[4]}"


RULES = [
    Rule(".", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)", lambda m: m[0].replace(".", " dot ")),
    Rule("+", r"(?<![\w.+])\+\d{1,3}(?:[ .\-\u00a0/]?\(?\d{1,5}\)?){2,7}(?!\w)", _digits),
    Rule("-. ", r"(?<![\w.+\-$€£])(?:\(\d{3}\)\s?|\d{3}[ .\-])\d{3}[ .\-]\d{4}(?![\w\-])", _digits),
    Rule("-", r"(?:(?<=call )|(?<=dial )|(?<=phone )|(?<=tel ))\d{3}-\d{4}\b", _digits, any_case=True),
    Rule(
        "-",
        r"(?<![\w\-.])(\d{4})-(\d\d)-(\d\d)"
        r"(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?(?![\w\-])",
        _iso_date,
    ),
    Rule("/.", r"(?<![\w/.])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\w/]|\.\d)", _date),
    Rule("", rf"\b{_SHORT_MONTH}(?=\s\d{{1,2}}(?:st|nd|rd|th)?\b|\s\d{{4}}\b)", _short_month),
    Rule("", rf"(?<=\d )\b{_SHORT_MONTH}(?=\s|$|,)", _short_month),
    Rule(":", r"(?<![\w:.])(\d{1,2}:\d\d)\s?[–-]\s?(\d{1,2}:\d\d)(?![\w:])", r"\1 to \2"),
    Rule(":", r"(?<![\w:.])(0?[1-9]|1\d|2[0-3]):(0\d)(\s?[apAP]\.?[mM]\b\.?)?(?!\w|:\d)", _time),
    *money.RULES,
    Rule("-–", rf"(?<![\w.,\-–/:])({NUMBER})(\s?[–-]\s?)({NUMBER})(?![\d\-–/:]|,\d|\.\d)", _range),
    Rule("%", r"(?<=\d)\s?%(?!\w)", " percent"),
    Rule("½¼¾⅓⅔", r"(?:(\d+)\s?)?([½¼¾⅓⅔])", lambda m: _parts(m[1], *_GLYPHS[m[2]])),
    Rule("/", r"(?<![\w/.,$-])(\d+\s)?(\d{1,3})/(\d{1,3})(?![\w/]|\.\d|,\d)", _fraction),
    Rule("'′", r"(?<!\w)(\d)['′](\d{1,2})(?:\"|″|'')(?!\w)", r"\1 foot \2"),
    Rule(
        "x×",
        r"(?<![\w.])(\d+)\s?[x×]\s?(\d+)(?=\s?(?:px|cm|mm|m|in|pixels)\b)|(?<![\w.])(\d{2,})x(\d{2,})\b",
        _by,
    ),
    *units.RULES,
    Rule("k", r"(?<![\w.])(\d+(?:\.\d+)?)k(?=\s[a-z])", r"\1 thousand"),
    Rule("s", r"\b(1[1-9]|20)([2-9])0['’]?s\b", lambda m: f"{m[1]} {_DECADES[int(m[2])]}"),
    Rule("s", r"(?<![\w.,])['’‘]?([2-9])0['’]?s\b", lambda m: _DECADES[int(m[1])]),
    Rule("v", r"(?<=[Vv]ersion )v(?=\d)", ""),
    Rule("v", r"(?<![\w.])v(\d+(?:\.\d+)*)(?!\w)", r"version \1"),
]
"""In this order: what belongs together as one number comes before its parts."""
