"""Which language a text is in, by its small words. Pure."""

from __future__ import annotations

from pipeline.dictation.text.command_tables import commands
from pipeline.dictation.text.tokens import bare, tokens

TABLES = ("en", "de", "fr", "es")
_LEAST_SHARE = 0.15
_LOOKED_AT = 2_000


def language_of(text: str) -> str:
    """``en``, ``de``, ``fr`` or ``es``; empty where none is clearly ahead: then no rule of a language is
    applied, since "um" is a filler in English and a word in German.
    """
    words = [bare(token) for token in tokens(text[: _LOOKED_AT * 10])[:_LOOKED_AT]]
    counts = {language: sum(word in commands(language).small for word in words) for language in TABLES}
    first, second = sorted(counts.values(), reverse=True)[:2]
    if first <= second or first < _LEAST_SHARE * len(words):
        return ""
    return max(counts, key=lambda language: counts[language])
