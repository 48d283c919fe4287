"""Units of measure as they are said: "60 km/h" is "60 kilometers per hour"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voice.tts.text.rules import Rule, one_of


def unit_rules(table: Mapping[str, Any], number: str) -> list[Rule]:
    """``table``: ``[rules.units]`` of a language's ``spoken.toml``; ``number``: the pattern of one."""
    units, powers, pers = table["units"], table["powers"], table["per"]

    def said(match: re.Match[str]) -> str:
        count, space, unit, power, per = match.groups()
        if len(unit) == 1 and unit != "°" and not (space or power or per):
            return match[0]  # "5m" may be five million, "90s" a decade, "3g" a network
        return f"{counted(count, unit, power)}{f' {pers[per]}' if per else ''}"

    def counted(count: str, unit: str, power: str | None) -> str:
        """The third of a unit is what one of it is called, where that is not as most."""
        many = count != "1"
        name = units[unit][many]
        if power:
            name = powers[power][many].format(name)
        if many:
            return f"{count} {name}"
        return str(units[unit][2]) if len(units[unit]) > 2 else str(table["one"]).format(name)

    pattern = (
        rf"(?<![\w.,#])({number})(\s?)({one_of(units)})([²³])?(?:/({one_of(pers)}))?"
        r"(?![\w²³/°'’]|\.\w)(?:\.(?=\s[a-z]))?"
    )
    return [Rule("", pattern, said)]
