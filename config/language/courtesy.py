"""Courtesy and filler around what is asked: ``please``, ``könntest du mir``, ``per favore``.

What they are in a language is told in ``config/language/LANGUAGE/courtesy.toml``.
"""

from __future__ import annotations

import functools
import re

from config.language.data import table
from config.language.templates import compiled


@functools.cache
def _ends(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Before what is asked, and after it; each word with the space behind it."""
    data = table(language, "courtesy")
    before, after = (compiled(data[place]).pattern.pattern for place in ("before", "after"))
    return re.compile(f"(?:{before})(?=.)"), re.compile(f"(?<=. )(?:{after})$")


def undress(text: str, language: str = "en") -> str:
    """Normalised text without courtesy and filler at either end."""
    before, after = _ends(language)
    bare = f"{text} "
    while True:
        begun = bare[match.end() :] if (match := before.match(bare)) else bare
        less = after.sub("", begun)
        if less == bare:
            return bare.strip()
        bare = less
