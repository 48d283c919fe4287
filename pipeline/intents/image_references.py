"""Which of the pictures shown earlier a person speaks of: "compare it with the first one". Pure.

What each is in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from config.language.data import DEFAULT, languages, table
from config.language.normalise import words_only
from config.language.templates import anywhere
from pipeline.intents.wordings import LONGEST, cardinals, number_slots, ordinals


def referred(text: str, numbers: Sequence[int]) -> tuple[int, ...]:
    """Of the pictures with these ``numbers``, oldest first, those that ``text`` names; () when it names none.

    "It" beside one that is named is the latest. All languages are understood side by side.
    """
    said = f"{words_only(text[:LONGEST])} "
    if not numbers or not _found("about", said):
        return ()
    if _found("all", said):
        return tuple(numbers)
    named = {numbers[place - 1] for place in _places(said) if 0 < place <= len(numbers)}
    if not named and _found("both", said):
        return tuple(numbers[-2:])
    if len(numbers) > 1 and (_found("before", said) or _found("before_at_end", said)):
        named.add(numbers[-2])
    if _found("latest", said):
        named.add(numbers[-1])
    if len(named) == 1 and _found("beside_latest", said):
        named.add(numbers[-1])
    return tuple(number for number in numbers if number in named)


def warm() -> None:
    """Compile all, which else the first question would wait for."""
    for key in table(DEFAULT, "pictures")["references"]:
        _patterns(key)


def _found(key: str, said: str) -> bool:
    return any(pattern.search(said) for pattern in _patterns(key))


def _places(said: str) -> set[int]:
    """ "The first one" counts from the beginning; "picture two" is the same as "the second picture"."""
    return {*_numbered("ordinal", said), *_numbered("ordinal_at_end", said), *_numbered("cardinal", said)}


def _numbered(key: str, said: str) -> Iterator[int]:
    for language, pattern in zip(languages(), _patterns(key), strict=True):
        names = cardinals(language) if key == "cardinal" else ordinals(language)
        for match in pattern.finditer(said):
            yield from (names[name] for name in _names(language, key).findall(match[0]))


@functools.cache
def _names(language: str, key: str) -> re.Pattern[str]:
    names = cardinals(language) if key == "cardinal" else ordinals(language)
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))})(?= )")


@functools.cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    """One a language; compiled at the first use, not when the program starts."""
    return tuple(_pattern(language, key) for language in languages())


def _pattern(language: str, key: str) -> re.Pattern[str]:
    ways = table(language, "pictures")
    pattern = anywhere(ways["references"][key], ways["rules"], number_slots(language))
    return re.compile(f"{pattern.pattern}$") if key.endswith("_at_end") else pattern
