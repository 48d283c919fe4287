"""A line of code as one would read it to somebody who writes it down: names by their words, signs by their
names, none left out. ``config/language/LANGUAGE/code.toml`` has the names.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from config.language.data import known, table

_NUMBER = r"\d+(?:\.\d+)?(?![\w.])"
_WORD = r"[^\W\d]\w*|\d\w*"
_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_HUMPS = re.compile(
    rf"[{_UPPER}]+(?=[{_UPPER}][{_LOWER}])|[{_UPPER}]?[{_LOWER}]+|[{_UPPER}]+|\d+|[^\W\d_{_UPPER}{_LOWER}]+"
)
_ACRONYM = 4
"""Letters. Longer words in capitals are said as words."""
_MARKS = frozenset("()[]{},;:\"'`")
"""Between them and what is beside them a pause is due."""


@dataclass(frozen=True, slots=True)
class _Signs:
    names: Mapping[str, str]
    capital: str
    double: str
    blank: str
    blanks: str
    tab: str
    tokens: re.Pattern[str]


@functools.cache
def _signs(language: str) -> _Signs:
    data = table(language, "code")["spoken"]
    names = data["signs"]
    longer = "|".join(re.escape(sign) for sign in sorted(names, key=len, reverse=True) if len(sign) > 1)
    tokens = re.compile(rf"{_NUMBER}|{_WORD}|{longer}|\s+|.", re.DOTALL)
    return _Signs(names, data["capital"], data["double"], data["blank"], data["blanks"], data["tab"], tokens)


def spoken_line(line: str, language: str) -> str:
    """``def parse_date(text):`` is “def parse date, open parenthesis, text, close parenthesis, colon”."""
    signs = _signs(known(language))
    said = list[str]()
    for token in signs.tokens.findall(line.strip()):
        if token.isspace():
            continue
        pause = token in _MARKS
        if said and pause and not said[-1].endswith(","):
            said[-1] += ","
        said.append(_word(token, signs) + ("," if pause else ""))
    return " ".join(said).rstrip(",")


def _word(token: str, signs: _Signs) -> str:
    if re.fullmatch(_NUMBER, token):
        return token
    if re.match(r"\w", token):
        return _name(token, signs)
    return _sign(token, signs)


def _name(name: str, signs: _Signs) -> str:
    """By its words; what stands around them is said, since it means something."""
    inner = name.strip("_")
    before, after = name[: len(name) - len(name.lstrip("_"))], name[len(name.rstrip("_")) :] if inner else ""
    parts = inner.lower().split("_") if "_" in inner and inner.isupper() else inner.split("_")
    words = [_said(word) for part in parts for word in _HUMPS.findall(part)]
    return " ".join(filter(None, (_underscores(before, signs), *words, _underscores(after, signs))))


def _underscores(run: str, signs: _Signs) -> str:
    one = signs.names["_"]
    doubled = [signs.double.format(one)] * (len(run) // 2)
    return " ".join((*doubled, *([one] if len(run) % 2 else [])))


def _said(word: str) -> str:
    return word if word.isupper() and len(word) <= _ACRONYM else word.lower()


def _sign(sign: str, signs: _Signs) -> str:
    if sign in signs.names:
        return signs.names[sign]
    return " ".join(
        signs.names.get(each) or unicodedata.name(each, f"U+{ord(each):04X}").lower() for each in sign
    )


def spelled_line(line: str, language: str) -> str:
    """Each letter and sign by itself, capitals named, blanks counted: what can be typed again as it was."""
    signs = _signs(known(language))
    runs = re.findall(r" +|\t|.", line, re.DOTALL)
    return ", ".join(_spelled(run, signs) for run in runs)


def _spelled(run: str, signs: _Signs) -> str:
    if run[0] == " ":
        return signs.blank if len(run) == 1 else signs.blanks.format(len(run))
    if run == "\t":
        return signs.tab
    if run.isalnum():
        return f"{signs.capital} {run}" if run.isupper() else run
    return _sign(run, signs)
