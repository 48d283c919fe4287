"""Abbreviations whose full stop ends no sentence: ``LANGUAGE/abbreviations.toml``."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields

from config.language.data import languages, table


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Of all languages together: whose text it is nobody knows where sentences are cut."""

    never_last: frozenset[str]
    seldom_last: frozenset[str]
    before_numbers: frozenset[str]
    ordinal_months: frozenset[str]

    def known(self, word: str) -> bool:
        """A letter by itself, too."""
        return (
            len(word) == 1
            or word == "www"
            or word in self.never_last
            or word in self.seldom_last
            or word in self.before_numbers
        )


@functools.cache
def abbreviations() -> Abbreviations:
    tables = [table(language, "abbreviations") for language in languages()]
    names = (field.name for field in fields(Abbreviations))
    return Abbreviations(
        *(frozenset(word for each in tables for word in each[name].split()) for name in names)
    )
