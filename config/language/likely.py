"""In which languages something may have been said: those that know as many of its words as that of the talk.

A sentence is read in the language of the talk first. Reading it in all the others as well takes their tables,
and most are in none of them; so the words tell.
"""

from __future__ import annotations

import functools
import re

from config.language.data import FOLDER, languages
from config.language.normalise import plain_letters

_TABLES = (
    "calendar", "clock", "courtesy", "durations", "lists", "numbers", "pictures", "small_talk", "sums",
    "timers", "units", "words",
)  # fmt: skip
"""What the skills are asked."""
_QUOTED = re.compile(r'"([^"\n]*)"')
_NAMES = re.compile(r"\{\w+\}|<\w+>")
_WORD = re.compile(r"[^\W\d_]+")


@functools.cache
def _words(language: str) -> frozenset[str]:
    """All that stand in those, without accents. Read as they are written, since a table takes longer."""
    files = (FOLDER / language / f"{name}.toml" for name in _TABLES)
    quoted = " ".join(text for path in files for text in _QUOTED.findall(path.read_text("utf-8")))
    return frozenset(map(plain_letters, set(_WORD.findall(_NAMES.sub(" ", quoted)))))


@functools.lru_cache(maxsize=8)
def likely_languages(text: str, own: str) -> tuple[str, ...]:
    """``own`` first, then those that know as many of the words of ``text``, or more; most in front."""
    said = _WORD.findall(plain_letters(text))
    known = {language: sum(map(_words(language).__contains__, said)) for language in languages()}
    others = [each for each in languages() if each != own and known[each] >= max(known[own], 1)]
    return (own, *sorted(others, key=lambda language: -known[language]))
