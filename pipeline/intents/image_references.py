"""Which of the pictures shown earlier a person speaks of: "compare it with the first one". Pure.

What each is in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from config.language.data import DEFAULT, languages, table
from config.language.normalise import words_only
from config.language.templates import anywhere
from pipeline.intents.wordings import plain

MOST = 12
"""Of pictures that are told apart by a number. No conversation keeps more."""


def referred(text: str, numbers: Sequence[int]) -> tuple[int, ...]:
    """Of the pictures with these ``numbers``, oldest first, those that ``text`` names; () when it names none.

    "It" beside one that is named is the latest. All languages are understood side by side.
    """
    said = f"{plain(text)} "
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
        (_patterns if key.startswith(("ordinal", "cardinal")) else _of_any_language)(key)


def _found(key: str, said: str) -> bool:
    return _of_any_language(key).search(said) is not None


def _places(said: str) -> set[int]:
    """ "The first one" counts from the beginning; "picture two" is the same as "the second picture"."""
    return {*_numbered("ordinal", said), *_numbered("ordinal_at_end", said), *_numbered("cardinal", said)}


def _numbered(key: str, said: str) -> Iterator[int]:
    for language, pattern in zip(languages(), _patterns(key), strict=True):
        names = _cardinals(language) if key == "cardinal" else _ordinals(language)
        for match in pattern.finditer(said):
            words = match[0].split()
            runs = (" ".join(words[at:to]) for at in range(len(words)) for to in (at + 1, at + 2, at + 3))
            yield from (names[run] for run in runs if run in names)


@functools.cache
def _ordinals(language: str) -> Mapping[str, int]:
    """Normalised: "second" and "2nd" are 2."""
    named = table(language, "numbers")["ordinals"]
    forms = {
        f"{words_only(form)}{ending}": n
        for n, each in enumerate(named["words"][:MOST], 1)
        for form in each.split("|")
        for ending in named["endings"]
    }
    return forms | {words_only(f"{n}{mark}"): n for n in range(1, MOST + 1) for mark in named["marks"]}


@functools.cache
def _cardinals(language: str) -> Mapping[str, int]:
    """Normalised: "two" and "2" are 2. What is an article too is none."""
    named = table(language, "numbers")["words"]["under_hundred"][1 : MOST + 1]
    forms = {words_only(form): n for n, each in enumerate(named, 1) for form in each.split("|")}
    articles = {words_only(form) for form in named[0].split("|")[1:]}
    forms = {form: n for form, n in forms.items() if form not in articles}
    return forms | {str(n): n for n in range(1, MOST + 1)}


@functools.cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    """One a language; compiled at the first use, not when the program starts."""
    return tuple(re.compile(_text(language, key)) for language in languages())


@functools.cache
def _of_any_language(key: str) -> re.Pattern[str]:
    return re.compile("|".join(_text(language, key) for language in languages()))


def _text(language: str, key: str) -> str:
    ways, named = table(language, "pictures"), {"nth": _ordinals(language), "count": _cardinals(language)}
    found = anywhere(ways["references"][key], ways["rules"], named)
    return f"{found}$" if key.endswith("_at_end") else found
