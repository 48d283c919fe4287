"""Cities and countries by the names that a language has for them, and their time zones."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from config.language.data import DEFAULT, table
from config.language.words import words_in


def _names(language: str) -> dict[str, tuple[str, str]]:
    names: dict[str, tuple[str, str]] = {}
    for entry in table(language, "places")["places"]:
        zone, _, places = entry.partition(": ")
        for place in places.split(", "):
            names[" ".join(words_in(place, language))] = zone, place
    return names


@functools.cache
def places(language: str) -> Mapping[str, tuple[str, str]]:
    """Of each name, as words to compare, the zone and the name as it is written; English ones too."""
    return _names(language) if language == DEFAULT else _names(DEFAULT) | _names(language)
