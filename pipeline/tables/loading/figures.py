"""Numbers as people write them, in tables of any country, to numbers as a database reads them. Pure.

A number may be read in one of two styles, or in both: ``dot`` (1,234.56) and ``comma`` (1.234,56). "1.234"
is 1.234 in the one and 1234 in the other: the whole column, or the file, has to say which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from config.language.data import DEFAULT, table

Style = Literal["dot", "comma"]
STYLES: tuple[Style, ...] = ("dot", "comma")


def _styled(decimal: str, *groups: str) -> re.Pattern[str]:
    grouped = "|".join(rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+" for group in groups)
    return re.compile(rf"(?:0|[1-9][0-9]*|{grouped})?(?:{decimal}[0-9]+)?")


_DECIMALS: tuple[tuple[Style, str], ...] = (("dot", r"\."), ("comma", ","))
_STYLES: dict[Style, re.Pattern[str]] = {
    "dot": _styled(r"\.", ",", " ", "'"),
    "comma": _styled(",", r"\.", " ", "'"),
}
_PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,2}|[0-9]{4,9}))?")
"""As a program writes it: read in one way only."""
_POWER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]{1,3}")
_CODES = sorted(key for key in table(DEFAULT, "spoken")["rules"]["money"]["currencies"] if key.isalpha())
_SIGN = rf"[A-Z]{{0,3}}[$£¥\u058f\u20a0-\u20cf\ufdfc]|{'|'.join(_CODES)}"
"""Of a currency, or its code: before a number or behind it."""
_UNIT = r"\s(?P<unit>(?![ap]m)[^\W\d_A-Z]{1,3}[.²³]?)"
"""A short word in small letters: kg, kr, min."""
_MARKED = re.compile(
    rf"(?P<before>{_SIGN})?\s?(?P<sign>[+-])?\s?(?P<again>{_SIGN})?\s?(?P<number>[0-9.,' ]*[0-9])"
    rf"(?P<minus>-)?(?:\s?(?P<after>{_SIGN}|[%‰]|°[A-Z]?)|{_UNIT})?(?P<last>-)?"
)
_LONGEST = 50
_ALIKE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2019": "'"})


_ALL_WHOLE = re.compile(r"(?:(?:-?(?:0|[1-9][0-9]{0,17}))?\n)*")
_ALL_PLAIN = {
    style: re.compile(rf"(?:(?:-?(?:0|[1-9][0-9]{{0,17}})(?:{decimal}[0-9]{{1,9}})?)?\n)*")
    for style, decimal in _DECIMALS
}


def all_plain(column: Sequence[str], style: Style | None) -> bool:
    """Whether each of these cells is empty, or digits with a decimal sign at most (None: without): seen at a
    glance, since a file has millions.
    """
    pattern = _ALL_PLAIN[style] if style else _ALL_WHOLE
    joined = "\n".join(column) + "\n"
    return joined.count("\n") == len(column) and bool(pattern.fullmatch(joined))


class Figure(str):
    """A number as a machine wrote it (a cell of a workbook, JSON): there is one way to read it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Number:
    """``dot`` and ``comma``: as a database reads it, empty where it is none in that style. ``unit``: the sign
    before or behind it. ``power``: it is written with a power of ten.
    """

    dot: str
    comma: str
    unit: str = ""
    power: bool = False

    def read(self, style: Style) -> str:
        return self.dot if style == "dot" else self.comma


def number(cell: str) -> Number | None:
    """What is written there; None: no number. One with a zero in front (a postcode), or a long one with a
    plus (a telephone's), is none.
    """
    if len(cell) > _LONGEST:
        return None
    if plain := _PLAIN.fullmatch(cell):
        return Number(cell, "" if plain[2] else cell)
    if type(cell) is Figure or _POWER.fullmatch(cell):
        return Number(cell, "", power="e" in cell.lower())
    return _marked(cell.translate(_ALIKE).strip())


def _marked(cell: str) -> Number | None:
    inside = cell[1:-1] if cell[:1] == "(" and cell[-1:] == ")" else ""
    found = _MARKED.fullmatch(inside or cell)
    if not found:
        return None
    if found["sign"] == "+" and sum(map(str.isdigit, cell)) > 7:
        return None
    units = [unit for unit in found.group("before", "again", "after", "unit") if unit]
    signs = [sign for sign in found.group("sign", "minus", "last") if sign]
    if len(units) > 1 or len(signs) > 1 or (inside and signs):
        return None
    negative = bool(inside) or "-" in signs
    read = {style: _in_style(found["number"].strip(), style, negative=negative) for style in STYLES}
    if not any(read.values()):
        return None
    return Number(read["dot"], read["comma"], units[0] if units else "")


def _in_style(digits: str, style: Style, *, negative: bool) -> str:
    if not _STYLES[style].fullmatch(digits):
        return ""
    decimal, group = (".", ",") if style == "dot" else (",", ".")
    plain = digits.replace(group, "").replace(" ", "").replace("'", "").replace(decimal, ".")
    return f"{'-' if negative else ''}{'0' if plain[0] == '.' else ''}{plain}"
