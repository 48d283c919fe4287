"""Which of the pictures shown earlier a person speaks of: "compare it with the first one". Pure.

What each is in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence

from config.language.any_language import AnyLanguage, Tables
from config.language.data import languages, table
from config.language.normalise import words_only
from pipeline.intents.wordings import plain

MOST = 12
"""Of pictures that are told apart by a number. No conversation keeps more."""


def referred(text: str, numbers: Sequence[int]) -> tuple[int, ...]:
    """Of the pictures with these ``numbers``, oldest first, those that ``text`` names; () when it names none.

    "It" beside one that is named is the latest. All languages are understood side by side.
    """
    said = plain(text)
    found = _found(said) if numbers else frozenset()
    if "about" not in found:
        return ()
    if "all" in found:
        return tuple(numbers)
    named = {numbers[place - 1] for place in _places(said) if 0 < place <= len(numbers)}
    if not named and "both" in found:
        return tuple(numbers[-2:])
    if len(numbers) > 1 and not found.isdisjoint(("before", "before_at_end")):
        named.add(numbers[-2])
    if "latest" in found:
        named.add(numbers[-1])
    if len(named) == 1 and "beside_latest" in found:
        named.add(numbers[-1])
    return tuple(number for number in numbers if number in named)


def _standing(said: str) -> Iterator[tuple[str, str, list[str]]]:
    """The language, what is said of pictures, and its words."""
    words = said.split()
    for language, name, at, end in _phrases().places(said):
        if end == len(words) or not name.endswith("_at_end"):
            yield language, name, words[at:end]


def _found(said: str) -> frozenset[str]:
    return frozenset(name for _, name, _ in _standing(said))


def _places(said: str) -> set[int]:
    """ "The first one" counts from the beginning; "picture two" is the same as "the second picture"."""
    return {
        place
        for language, name, words in _standing(said)
        if name in ("ordinal", "ordinal_at_end", "cardinal")
        for place in _numbered(words, _cardinals(language) if name == "cardinal" else _ordinals(language))
    }


def _numbered(words: Sequence[str], names: Mapping[str, int]) -> Iterator[int]:
    runs = (" ".join(words[at:to]) for at in range(len(words)) for to in (at + 1, at + 2, at + 3))
    return (names[run] for run in runs if run in names)


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
def _phrases() -> AnyLanguage:
    """Made at the first use, not when the program starts."""
    numbers = {"nth": _ordinals, "count": _cardinals}
    every = {name: {form for code in languages() for form in of(code)} for name, of in numbers.items()}
    return AnyLanguage(_tables, {name: sorted(forms) for name, forms in every.items()})


def _tables(language: str) -> Tables:
    ways = table(language, "pictures")
    return [(ways["references"], ways["rules"])]
