"""What each setting is for, from the comments of ``default.toml``: the one place where that is written."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TABLE = re.compile(r"\[([a-z_.]+)\]")
_KEY = re.compile(r"([a-z_]+) = ")


@dataclass(frozen=True, slots=True)
class Explained:
    settings: Mapping[str, str]
    """``listen.silence_ms`` → its sentences, in one line."""
    groups: Mapping[str, str]
    """``listen`` → those before its table; not all have some."""


@functools.cache
def explained() -> Explained:
    text = Path(__file__).with_name("default.toml").read_text("utf-8")
    settings: dict[str, str] = {}
    groups: dict[str, str] = {}
    group, comment = "", list[str]()
    for line in text.splitlines():
        if line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
            continue
        if table := _TABLE.match(line):
            group = table[1]
            if comment:
                groups[group] = " ".join(comment)
        elif key := _KEY.match(line):
            settings[f"{group}.{key[1]}" if group else key[1]] = " ".join(comment)
        comment = []
    return Explained(settings, groups)
