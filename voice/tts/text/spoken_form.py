"""What screens write short and voices say long: money, dates, units, signs, abbreviations, of one language.

Both engines read plain numbers ("500", "1,234", "3.14", "14:30", "1st", "III") well by themselves, so those
are left alone; what is changed here, espeak-ng 1.52 (which makes Piper's phonemes too) reads wrongly: "$500"
as "dollar five hundred", "km" by its letters, "vs." too, and at "Dr." it makes a pause. The words stand in
``[rules]`` of ``LANGUAGE/spoken.toml``; a language without them leaves its numbers and signs to the voice.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.language.data import table_if_any
from voice.tts.text.money import money_rules
from voice.tts.text.quantities import Quantities
from voice.tts.text.rules import Rule, apply, between, one_of
from voice.tts.text.units import unit_rules

_GLYPHS = frozenset("½¼¾⅓⅔")


@dataclass(frozen=True, slots=True)
class SpokenForm:
    """``read`` leaves prose as it is."""

    numbers: tuple[Rule, ...]
    signs: tuple[Rule, ...]
    abbreviations: tuple[Rule, ...]
    abbreviated: re.Pattern[str]
    """Whether a text of plain letters has anything to be done here."""
    option: str
    """For the dashes of ``--typed``."""
    formulas: Mapping[str, Any] | None
    """The words of ``voice.tts.text.latex``; None: formulas are told, not read."""

    def read(self, text: str) -> str:
        """Plain text (no markdown left in it) as it is said."""
        if any(c.isdigit() or c in _GLYPHS for c in text):
            text = apply(self.numbers, text)
        text = apply(self.signs, text)
        return apply(self.abbreviations, text) if self.abbreviated.search(text) else text


@functools.cache
def spoken_form_of(language: str) -> SpokenForm | None:
    """``language``: ISO 639-1. Compiled at the first call; None where its numbers are left to the voice."""
    entries = table_if_any(language, "spoken").get("rules")
    if entries is None:
        return None
    short = entries["abbreviations"]
    names = [*short["full"], *short["titles"], *short["streets"]]
    return SpokenForm(
        numbers=tuple(_numbers(entries)),
        signs=tuple(_sign(entry) for entry in entries["signs"]),
        abbreviations=tuple(_abbreviations(short)),
        abbreviated=re.compile(rf"\b(?:{one_of(names)})\.", re.IGNORECASE),
        option=entries.get("option", ""),
        formulas=entries.get("formulas"),
    )


def _numbers(entries: Mapping[str, Any]) -> Iterator[Rule]:
    number, decimal = entries["number"], entries["decimal"]
    quantities = Quantities(entries.get("quantities", {}), entries["thousands"], decimal)
    numbered = entries["abbreviations"]["numbered"]
    blanks = {
        "{number}": number,
        "{month}": entries.get("short_month", ""),
        "{names}": one_of(numbered),
    }

    def say_numbered(match: re.Match[str]) -> str:
        return f"{numbered[match[1].lower()]} "

    for entry in entries["numbers"]:
        kind = entry.get("as", "")
        if kind == "money":
            yield from money_rules(entries["money"], number, decimal)
        elif kind == "units":
            yield from unit_rules(entries["units"], number)
        else:
            find = entry["find"]
            for blank, pattern in blanks.items():
                find = find.replace(blank, pattern)
            say = say_numbered if kind == "numbered" else quantities.reader(kind) if kind else entry["say"]
            yield Rule(entry.get("needs", ""), find, say, any_case=entry.get("any_case", False))


def _sign(entry: Mapping[str, Any]) -> Rule:
    say = between(entry["between"]) if "between" in entry else entry["say"]
    return Rule(entry.get("needs", ""), entry["find"], say, any_case=entry.get("any_case", False))


def _abbreviations(short: Mapping[str, Mapping[str, str]]) -> Iterator[Rule]:
    full, titles, streets = short["full"], short["titles"], short["streets"]

    def in_full(match: re.Match[str]) -> str:
        said = full[match[1].lower()]
        return said.capitalize() if match[1][0].isupper() and match.start() == 0 else said

    def street(match: re.Match[str]) -> str:
        return f"{match[1]}{streets[match[2]]}{'.' if match[3] is not None else ''}"

    yield Rule("", rf"\b({one_of(full)})\.", in_full, any_case=True)
    yield Rule("", rf"\b([A-Z]\w{{2,}} )({one_of(streets)})\.(?=(\s+[A-Z]|\W*$)?)", street)
    yield Rule("", rf"\b({one_of(titles)})\.(?=\s[A-Z])", lambda m: titles[m[1]])
