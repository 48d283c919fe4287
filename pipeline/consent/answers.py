"""A yes, a no, or neither: whole utterances from the closed list of a language. Nothing is guessed.

What they are is told in ``config/language/LANGUAGE/consent.toml``.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from typing import Literal

from config.language.data import known, table
from config.language.normalise import words_only
from config.language.templates import texts

Answer = Literal["yes", "no", "neither"]

_LONGEST = 60
_PLAIN = re.compile(r"[^\W\d_]+(?:(?:[,.!]* |[-'’])[^\W\d_]+)*\s?[.!]?")
"""Words, commas, full stops. A question, a quotation, "…", what STT writes of a sound ("[yes]"), a smiley are
no such answer."""


def answer_to(text: str, languages: Iterable[str]) -> Answer:
    """``text`` as STT or fingers gave it, to a question in one of ``languages``."""
    plain = text.strip(" ¡")
    if len(plain) > _LONGEST or not _PLAIN.fullmatch(plain):
        return "neither"
    said = " ".join(word for word, _ in itertools.groupby(words_only(plain).split()))
    codes = {known(language) for language in languages}
    if any(said in _list(code, "no") for code in codes):
        return "no"
    return "yes" if any(said in _list(code, "yes") for code in codes) else "neither"


def asks_to_take_away(text: str, languages: Iterable[str]) -> bool:
    """Whether words that delete, cancel or take off are in it, and none that deny."""
    words = words_only(text).split()
    tables = [table(known(language), "consent") for language in languages]
    if any(word in words_only(each["denies"]).split() for each in tables for word in words):
        return False
    stems = tuple(stem for each in tables for stem in words_only(each["takes_away"]).split())
    return any(word.startswith(stems) for word in words)


@functools.cache
def _list(code: str, name: str) -> frozenset[str]:
    ways: list[str] = table(code, "consent")[name]
    said = (text.split() for way in ways for text in texts(way))
    return frozenset(" ".join(word for word, _ in itertools.groupby(words)) for words in said)
