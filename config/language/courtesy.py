"""Courtesy and filler around what is asked: ``please``, ``könntest du mir``, ``per favore``.

What they are in a language is told in ``config/language/LANGUAGE/courtesy.toml``.
"""

from __future__ import annotations

import functools
import re

from config.language.data import table
from config.language.normalise import normalise
from config.language.templates import compiled_when_met

_QUOTED = re.compile(r"([^„“”\"«»]*)[„“”\"«»][^„“”\"«»]+[“”\"«»][\s.!?]*")
"""What stands before the quotation that ends a text."""


@functools.cache
def _ends(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Before what is asked, and after it; each word with the space behind it."""
    data = table(language, "courtesy")
    before, after = (compiled_when_met(data[place]).written for place in ("before", "after"))
    return re.compile(f"(?:{before})(?=.)"), re.compile(f"(?<=. )(?:{after})$")


@functools.cache
def _tells(language: str) -> re.Pattern[str]:
    """Something is to be told or said, with the courtesy before that."""
    data = table(language, "courtesy")
    before, tell = (compiled_when_met(data[place]).written for place in ("before", "tell"))
    return re.compile(f"(?:{before})*?(?:{tell})(?=.)")


def _told_later(spaced: str, language: str) -> bool:
    """ "Tell me in ten minutes that it is done": no word is to be said now."""
    told = _later(language) and _tell(language).match(spaced)
    return bool(told and spaced[told.end() :].split()[0] in _later(language))


@functools.cache
def _tell(language: str) -> re.Pattern[str]:
    return re.compile(f"(?:{compiled_when_met(table(language, 'courtesy')['tell']).written})(?=.)")


@functools.cache
def _later(language: str) -> frozenset[str]:
    """Behind "tell me" they begin a time: what is told then is a reminder."""
    return frozenset(map(normalise, table(language, "courtesy")["later"]))


@functools.cache
def _anywhere(*spoken: str) -> frozenset[str]:
    return frozenset(normalise(word) for each in spoken for word in table(each, "courtesy")["anywhere"])


def fluent(text: str, *spoken: str) -> str:
    """Normalised text without the little words that may stand in the middle of it: ``um``, ``bitte``.
    ``spoken``: languages. One that is nothing else stays.
    """
    little = _anywhere(*spoken)
    return " ".join(word for word in text.split() if word not in little) or text


def is_dictated(text: str, language: str = "en") -> bool:
    """Whether what was said, as it was written, is to be said or quoted: “say „delete all alarms“”. No
    command in it is given.
    """
    said = normalise(text, language=language)
    if _tells(language).match(f"{fluent(said, language)} "):
        return not _told_later(f"{undress(said, language)} ", language)
    return (quoted := _QUOTED.fullmatch(text)) is not None and not undress(normalise(quoted[1]), language)


def undress(text: str, language: str = "en") -> str:
    """Normalised text without courtesy and filler at either end, and fillers anywhere."""
    before, after = _ends(language)
    bare = f"{fluent(text, language)} "
    while True:
        match = None if _told_later(bare, language) else before.match(bare)
        begun = bare[match.end() :] if match else bare
        less = after.sub("", begun)
        if less == bare:
            return bare.strip()
        bare = less
