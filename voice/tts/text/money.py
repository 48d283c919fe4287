"""Money as it is said: "$3.50" is "3 dollars and 50 cents", "£1.2M" is "1.2 million pounds"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voice.tts.text.rules import Rule, one_of


@dataclass(frozen=True, slots=True)
class _Money:
    """``[rules.money]`` of a language's ``spoken.toml``."""

    table: Mapping[str, Any]
    decimal: str

    def amount(self, number: str, scale: str, money: str, land: str = "") -> str:
        _, many, small_one, small_many, *_ = self.table["currencies"][money]
        if scale:
            said = self.table["short_scales"].get(scale, scale)
            return str(self.table["scaled"]).format(number=number, scale=said, land=land, many=many)
        whole, _, part = number.partition(self.decimal)
        if len(part) != 2 or not small_one:
            return self._one(money, land) if number == "1" else f"{number} {land}{many}"
        small = self._single(small_one) if int(part) == 1 else f"{int(part)} {small_many}"
        if not whole.strip("0"):
            return small if int(part) else f"0 {land}{many}"
        big = self._one(money, land) if whole == "1" else f"{whole} {land}{many}"
        return str(self.table["both"]).format(big=big, small=small) if int(part) else big

    def _one(self, money: str, land: str) -> str:
        """“un euro”, “una sterlina”: the fifth of a currency, where it is not as most."""
        one, *others = self.table["currencies"][money]
        return str(others[3]) if len(others) > 3 else self._single(f"{land}{one}")

    def _single(self, name: str) -> str:
        return str(self.table["one"]).format(name)

    def before(self, match: re.Match[str]) -> str:
        sign, land, money, number, to, short, long = match.groups()
        lands = self.table["lands"]
        said = self.amount(to or number, short or long or "", money, lands.get(land or "", ""))
        said = str(self.table["range"]).format(number, said) if to else said
        return str(self.table["minus"]).format(said) if sign else said

    def after(self, match: re.Match[str]) -> str:
        number, short, long, money = match.groups()
        return self.amount(number, short or long or "", money)


def money_rules(table: Mapping[str, Any], number: str, decimal: str) -> list[Rule]:
    """``number``: the pattern of one. A sign stands before the amount or after it, a code after it."""
    money = _Money(table, decimal)
    signs = "".join(name for name in table["currencies"] if not name.isalpha())
    codes = [name for name in table["currencies"] if name.isalpha()]
    last_letters = "".join({code[-1] for code in codes})
    scale = rf"(?:\s?({one_of(table['short_scales'])})\b|[\s-]({one_of(table['scales'])})\b)?"
    return [
        Rule(
            signs,
            rf"(?<![\w{signs}])([-−](?=\S))?({one_of(table['lands'])})?([{signs}])\s?({number})"
            rf"(?:\s?[–-]\s?[{signs}]?({number}))?{scale}(?!\d)",
            money.before,
        ),
        Rule(signs, rf"(?<![\w.,])({number}){scale}\s?([{signs}])(?!\w)", money.after),
        Rule(
            last_letters,
            rf"(?<![\w.,])({number}){scale}\s?({one_of(codes)})\b",
            money.after,
        ),
    ]
