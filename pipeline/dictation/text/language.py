"""Which language a text is in, by its small words. Pure."""

from __future__ import annotations

from config.language.data import languages, table
from pipeline.dictation.text.command_tables import commands
from pipeline.dictation.text.tokens import bare, tokens

_LEAST_SHARE = 0.15
_LOOKED_AT = 2_000


def language_of(text: str) -> str:
    """ISO 639-1; empty where none is clearly ahead: then no rule of a language is applied, since "um" is a
    filler in English and a word in German.
    """
    words = [bare(token) for token in tokens(text[: _LOOKED_AT * 10])[:_LOOKED_AT]]
    counts = {language: _known(words, language) for language in languages()}
    first, second = sorted(counts.values(), reverse=True)[:2]
    if first <= second or first < _LEAST_SHARE * len(words):
        return ""
    return max(counts, key=lambda language: counts[language])


def _known(words: list[str], language: str) -> int:
    """How many are small words of this language, unless other languages have all of them too."""
    small = commands(language).small
    found = [word for word in words if word in small]
    shared = table(language, "endpointing")["shared"].split()
    return len(found) if any(word not in shared for word in found) else 0
