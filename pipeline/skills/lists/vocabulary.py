"""The words of lists and notes in each language: ``config/language/LANGUAGE/lists.toml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from config.language.courtesy import End
from config.language.data import languages, table
from config.language.normalise import listed, normalise
from config.language.sentences import Sentences, Words, sentences

DEFAULT_LIST = "shopping"
"""What is meant by a list where none is named and none is there."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Of one language, ready to be compared."""

    language: str
    sentences: Sentences
    before: End
    after: End
    """Courtesy around a sentence."""
    before_note: Sentences
    """What a note follows upon a colon."""
    between: re.Pattern[str]
    """What stands between two things, in plain text."""
    either: re.Pattern[str]
    """And between two that are asked for."""
    together: tuple[str, ...]
    articles: frozenset[str]
    everything: frozenset[str]
    none: frozenset[str]
    clauses: frozenset[str]
    """Words that are in no thing and no name."""
    requests: frozenset[str]
    """Words with which another request begins."""
    whole: str
    name: re.Pattern[str]
    """What may stand in a list's name."""
    unnamed: frozenset[str]
    """What a list is called that is not named."""
    called: dict[str, str]
    """What such a list is called here."""


@functools.cache
def vocabulary(language: str) -> Vocabulary:
    """Read and compiled at the first use."""
    data, politeness = table(language, "lists"), table(language, "controls")["politeness"]
    items, names = data["items"], data["names"]
    plain = {key: tuple(map(normalise, each)) for key, each in items.items() if isinstance(each, list)}
    before = [*data["courtesy"]["before"], *politeness["before"], *politeness["no"]]
    kinds = _known(names)
    return Vocabulary(
        language,
        sentences(data["sentences"], data.get("rules"), _slots(names)),
        End.of("^{said}*(?=.)", 0, before),
        End.of("(?<=.){said}+$", -1, politeness["after"]),
        sentences({"note": data["courtesy"]["before_note"]}),
        _separator(items["and"]),
        _separator([*items["and"], *items["or"]]),
        plain["together"],
        frozenset(plain["articles"]),
        frozenset(plain["everything"]),
        frozenset(plain["none"]),
        frozenset(map(normalise, listed(items["clauses"]))),
        frozenset(map(normalise, listed(items["requests"]))),
        names["whole"],
        re.compile(names["pattern"]),
        frozenset(map(normalise, names["unnamed"])),
        {key: each[0] for key, each in kinds.items()},
    )


def _separator(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    words = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<!\d),|,(?!\d)|;|\s(?:{words}|&|\+)\s", re.IGNORECASE)


def _slots(names: Mapping[str, Any]) -> dict[str, Words]:
    """What may stand in ``{known}``, and in ``{name}`` where not any words may."""
    known: dict[str, Words] = {"known": [normalise(name) for each in _known(names).values() for name in each]}
    return known | {"name": names["word"]} if names["word"] else known


@functools.cache
def known_lists() -> dict[str, str]:
    """By plain name in any language."""
    every = (_known(table(language, "lists")["names"]).items() for language in languages())
    return {normalise(name): key for kinds in every for key, each in kinds for name in each}


def _known(names: Mapping[str, Any]) -> dict[str, list[str]]:
    """Of each list that every language knows, what it is called."""
    return {key: each for key, each in names.items() if isinstance(each, list) and key != "unnamed"}


def list_key(name: str) -> str:
    """The same for all names of one list, in whatever language and spelling."""
    plain = normalise(name)
    return known_lists().get(plain, plain)


def shown_name(key: str, name: str, language: str) -> str:
    """What a list is called in a language: one that a person named stays what they called it."""
    return vocabulary(language).called.get(key, name)


@functools.cache
def _articles() -> frozenset[str]:
    return frozenset(word for language in languages() for word in vocabulary(language).articles)


def plain_words(text: str) -> tuple[str, ...]:
    """Of a thing on a list, to be compared in whatever language it was written: without articles."""
    words = normalise(text).replace("'", " ").split()
    return tuple(word for word in words if word not in _articles()) or tuple(words)
