"""When a person wants something looked at: the assistant does the looking.

What each is in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools
import itertools

from config.language.data import languages, table
from config.language.sentences import Sentences, sentences
from pipeline.intents.read_aloud import is_reading
from pipeline.intents.wordings import number, wordings
from pipeline.skills.answer import SkillRequest


@functools.cache
def _templates(language: str) -> Sentences:
    ways = table(language, "pictures")
    return sentences({name: ways["pictures"][name] for name in ("text", "describe")}, ways["rules"])


def parse(text: str, language: str = "") -> SkillRequest | None:
    """In ``language``; empty: in any. What comes of it has no words of its own, only what it ``wants``."""
    ways, codes = wordings(text), [language] if language else languages()
    if is_reading(ways, codes):
        return SkillRequest(wants="read")
    for said, code in itertools.product(ways, codes):
        for name, slots in _templates(code).readings(said):
            if not slots.keys() & {"nth", "count"} or number(slots, code) is not None:
                return SkillRequest(wants="read" if name == "text" else "describe")
    return None
