"""The few words Aloud puts in itself: ``[told]`` of ``LANGUAGE/spoken.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.language.data import known, table


@dataclass(frozen=True, slots=True)
class FixedPhrases:
    code: str
    lines: tuple[str, str]
    """One, many."""
    table: str
    columns: tuple[str, str]
    rows: tuple[str, str]
    link: str
    picture: str
    formula: str
    at: str
    dot: str
    done: str
    todo: str
    conjunction: str
    underscore: str
    plus: str
    dash: str
    paths: Mapping[str, Any] | None
    """How the signs of code and the paths of files are said; None: they are left to the voice."""

    def code_block(self, lines: int, language: str, names: Sequence[str] = ()) -> str:
        """``names``: of the functions and classes in it."""
        said = (self.lines[lines != 1].format(lines), language, self.listed(names))
        return self.code.format(", ".join(filter(None, said)))

    def table_of(self, names: Sequence[str], rows: int) -> str:
        return self.table.format(
            columns=self.columns[len(names) != 1].format(len(names)),
            names=self.listed([name for name in names if name]),
            rows=self.rows[rows != 1].format(rows),
        )

    def listed(self, names: Sequence[str]) -> str:
        return f" {self.conjunction} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


@functools.cache
def fixed_phrases(language: str) -> FixedPhrases:
    """For ``de``, ``de-AT``; English where we have none of a language."""
    code = known(language)
    entries = table(code, "spoken")
    told: dict[str, Any] = {
        name: tuple(said) if isinstance(said, list) else said for name, said in entries["told"].items()
    }
    return FixedPhrases(**told, paths=entries.get("rules", {}).get("code"))


@functools.cache
def _code() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("code_languages.toml").read_text("utf-8"))


@functools.cache
def code_languages() -> Mapping[str, str]:
    """The word after a fence, to what the language is called."""
    return {word: name for name, words in _code()["names"].items() for word in words}


@functools.cache
def defines() -> re.Pattern[str]:
    """The line of code that begins a function or a class, with its ``name``."""
    return re.compile(_code()["defines"])
