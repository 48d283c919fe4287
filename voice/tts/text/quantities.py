"""Numbers with something to them: phones, dates, times, ranges, fractions, decades. What is found, and in
which order, stands in ``numbers`` of a language's ``spoken.toml``; how it is read, here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_GLYPHS = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3)}


@dataclass(frozen=True, slots=True)
class Quantities:
    """``words``: ``[rules.quantities]``; each method reads what its pattern has found."""

    words: Mapping[str, Any]
    thousands: str
    decimal: str

    def reader(self, name: str) -> Callable[[re.Match[str]], str]:
        """For ``as`` in the data. Raises ``AttributeError`` for one that is not there: a mistake of ours."""
        found: Callable[[re.Match[str]], str] = getattr(self, name)
        return found

    def _say(self, name: str, *values: object, **named: object) -> str:
        return str(self.words[name]).format(*values, **named)

    def address(self, match: re.Match[str]) -> str:
        return match[0].replace(".", self.words["dot"])

    def digits(self, match: re.Match[str]) -> str:
        """Phone numbers in groups of digits: the voice pauses where the screen has a gap."""
        groups = re.findall(r"\d+", match[0])
        if not 7 <= sum(map(len, groups)) <= 15:
            return match[0]
        said = ", ".join(" ".join(group) for group in groups)
        return self._say("plus", said) if match[0].startswith("+") else said

    def short_month(self, match: re.Match[str]) -> str:
        return next(str(month) for month in self.words["months"] if month.startswith(match[1][:3]))

    def iso_date(self, match: re.Match[str]) -> str:
        year, month, day, time = match.groups()
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return match[0]
        date = self._date(int(month), int(day), year)
        return self._say("date_time", date=date, time=time) if time else date

    def _date(self, month: int, day: int, year: str) -> str:
        return self._say("date", month=self.words["months"][month - 1], day=day, year=year)

    def date(self, match: re.Match[str]) -> str:
        """With dots the day comes first. With slashes it may be either, unless one cannot be a month."""
        first, sign, second, year = match.groups()
        month, day = int(first), int(second)
        if sign == "." or month > 12:
            month, day = day, month
        elif day <= 12:
            return f"{first} {second} {year}"
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return match[0]
        return self._date(month, day, year)

    def time(self, match: re.Match[str]) -> str:
        hour, minutes, noon = match.groups()
        said = hour if minutes == "00" else self._say("oh", hour=hour, minute=minutes[1])
        if noon:
            return f"{said} {noon.strip()}"
        return self._say("oclock", said) if minutes == "00" else said

    def range(self, match: re.Match[str]) -> str:
        """A range rises; what falls is a score ("3-1"), or with spaces a sum."""
        first, dash, second = match.groups()
        if self._value(first) < self._value(second):
            return self._say("range", first, second)
        return self._say("minus", first, second) if " " in dash else match[0]

    def _value(self, number: str) -> float:
        return float(number.replace(self.thousands, "").replace(self.decimal, "."))

    def glyph(self, match: re.Match[str]) -> str:
        return self._parts(match[1], *_GLYPHS[match[2]])

    def fraction(self, match: re.Match[str]) -> str:
        over, under = int(match[2]), int(match[3])
        if under in (10, 100) and not match[1] and over <= under:
            return self._say("out_of", over=over, under=under)
        if 0 < over < under and str(under) in self.words["parts"]:
            return self._parts(match[1], over, under)
        named = self.words["named"].get(f"{over}/{under}")
        return (match[1] or "") + named if named else match[0]

    def _parts(self, whole: str | None, over: int, under: int) -> str:
        said = f"{self.words['small'][over]} {self.words['parts'][str(under)][over != 1]}"
        if not whole:
            return said
        said = self.words["one_part"][str(under)] if over == 1 else said
        return self._say("mixed", whole=whole.strip(), part=said)

    def by(self, match: re.Match[str]) -> str:
        return self._say("by", match[1] or match[3], match[2] or match[4])

    def decade(self, match: re.Match[str]) -> str:
        """“1980s” with its century, “80s” without."""
        *century, decade = match.groups()
        return " ".join([*century, self.words["decades"][int(decade)]])
