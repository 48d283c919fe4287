"""Programming languages as data (``languages.toml``), and which one a text is in."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Literal

Ends = Literal["braces", "indent", "end", "none"]


@dataclass(frozen=True, slots=True)
class PartPattern:
    """How the line looks that begins a part of ``kind``."""

    kind: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Language:
    """``name``: as it is said. ``letters``: the sign around a single letter, where it has another use too."""

    id: str
    name: str
    fences: frozenset[str]
    suffixes: frozenset[str]
    names: frozenset[str]
    line: tuple[str, ...]
    comment_after_blank: bool
    blocks: tuple[tuple[str, str], ...]
    long_texts: tuple[str, ...]
    texts: tuple[str, ...]
    letters: str
    ends: Ends
    end_words: frozenset[str]
    middle_words: frozenset[str]
    """Of those that stand as far out as a beginning and end nothing."""
    parts: tuple[PartPattern, ...]
    not_calls: frozenset[str]


@functools.cache
def languages() -> Mapping[str, Language]:
    """By their ids."""
    data = tomllib.loads(Path(__file__).with_name("languages.toml").read_text("utf-8"))
    return {id: _language(id, entry) for id, entry in data.items()}


def _language(id: str, entry: Mapping[str, Any]) -> Language:
    return Language(
        id,
        entry["name"],
        frozenset(entry["fences"]),
        frozenset(entry["suffixes"]),
        frozenset(entry.get("names", ())),
        tuple(entry.get("line", ())),
        entry.get("comment_after_blank", False),
        tuple((begin, end) for begin, end in entry.get("blocks", ())),
        tuple(entry.get("long_texts", ())),
        tuple(entry.get("texts", ())),
        entry.get("letters", ""),
        entry["ends"],
        frozenset(entry.get("end_words", ("end",))),
        frozenset(entry.get("middle_words", ())),
        tuple(PartPattern(kind, re.compile(pattern)) for kind, pattern in entry["parts"]),
        frozenset(entry.get("not_calls", ())),
    )


PLAIN = Language("", "", frozenset(), frozenset(), frozenset(), (), False, (), (), (), "", "none",
                 frozenset(), frozenset(), (), frozenset())  # fmt: skip
"""Of which nothing is known."""


def by_fence(word: str) -> Language:
    """By the word behind the fence of a block."""
    word = word.casefold()
    return next((each for each in languages().values() if word in each.fences or word == each.id), PLAIN)


def by_file(name: str, first_line: str = "") -> Language:
    """By a file's name, else by the program that its first line names."""
    path = PurePath(name.casefold())
    for each in languages().values():
        if path.suffix in each.suffixes or path.name in each.names:
            return each
    if first_line.startswith("#!"):
        program = re.sub(r"[\d.]+$", "", first_line.split()[-1].rsplit("/", 1)[-1])
        return by_fence(program)
    return PLAIN
