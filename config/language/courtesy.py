"""Courtesy and filler around what is asked: ``please``, ``könntest du mir``, ``per favore``.

What they are in a language is told in ``config/language/LANGUAGE/courtesy.toml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.language.data import table
from config.language.normalise import normalise
from config.language.sentences import Phrasing
from config.language.templates import texts

_QUOTED = re.compile(r"([^„“”\"«»]*)[„“”\"«»][^„“”\"«»]+[“”\"«»][\s.!?]*")
"""What stands before the quotation that ends a text."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of an utterance: what is courtesy there."""

    phrasing: Phrasing
    place: int
    outermost: frozenset[str]
    """The words that stand at the very end: most utterances have none of them there."""

    @classmethod
    def of(cls, form: str, place: int, templates: Iterable[str]) -> End:
        """``form``: with ``{said}`` for what the ``templates`` say; ``place``: 0 or -1."""
        every = list(dict.fromkeys(templates))
        outermost = frozenset(text.split()[place] for each in every for text in texts(each))
        return cls(Phrasing(form, {"said": every}), place, outermost)

    def without(self, plain: str) -> str:
        """A text without it, or the very same."""
        words = plain.split()
        if not words or words[self.place] not in self.outermost:
            return plain
        if (span := self.phrasing.span(words)) is None:
            return plain
        return " ".join(words[: span[0]] + words[span[1] :])


@functools.cache
def _ends(language: str) -> tuple[End, End]:
    """Before what is asked, and after it."""
    data = table(language, "courtesy")
    return End.of("^{said}(?=.)", 0, data["before"]), End.of("(?<=.){said}$", -1, data["after"])


@functools.cache
def _tells(language: str) -> Phrasing:
    """Something is to be told or said, with the courtesy before that."""
    return Phrasing("^{before}*?{tell}(?=.)", _courtesy(language))


def _told_later(plain: str, language: str) -> bool:
    """ "Tell me in ten minutes that it is done": no word is to be said now."""
    words = plain.split()
    told = _tell(language).span(words) if _later(language) else None
    return told is not None and words[told[1]] in _later(language)


@functools.cache
def _tell(language: str) -> Phrasing:
    return Phrasing("^{tell}(?=.)", _courtesy(language))


def _courtesy(language: str) -> Mapping[str, list[str]]:
    data = table(language, "courtesy")
    return {place: data[place] for place in ("before", "tell")}


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
    if _tells(language).span(fluent(said, language).split()):
        return not _told_later(undress(said, language), language)
    return (quoted := _QUOTED.fullmatch(text)) is not None and not undress(normalise(quoted[1]), language)


def undress(text: str, language: str = "en") -> str:
    """Normalised text without courtesy and filler at either end, and fillers anywhere."""
    before, after = _ends(language)
    bare = fluent(text, language)
    while True:
        less = after.without(bare if _told_later(bare, language) else before.without(bare))
        if less == bare:
            return bare
        bare = less
