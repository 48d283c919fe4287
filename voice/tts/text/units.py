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
        many = count != "1"
        name = units[unit][many]
        if power:
            name = powers[power][many].format(name)
        return f"{count} {name}{f' {pers[per]}' if per else ''}"

    pattern = (
        rf"(?<![\w.,#])({number})(\s?)({one_of(units)})([²³])?(?:/({one_of(pers)}))?"
        r"(?![\w²³/°'’]|\.\w)(?:\.(?=\s[a-z]))?"
    )
    return [Rule("", pattern, said)]
