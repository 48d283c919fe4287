"""When a person wants something looked at: the assistant does the looking.

What each is in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools

from config.language.data import languages, table
from config.language.sentences import Sentences, sentences
from pipeline.intents.read_aloud import is_reading
from pipeline.intents.wordings import number, wordings
from pipeline.skills.answer import SkillRequest


@functools.cache
def _templates() -> tuple[tuple[str, Sentences], ...]:
    return tuple((language, _of(language)) for language in languages())


def _of(language: str) -> Sentences:
    ways = table(language, "pictures")
    return sentences({name: ways["pictures"][name] for name in ("text", "describe")}, ways["rules"])


def parse(text: str) -> SkillRequest | None:
    """What comes of it has no words of its own, only what it ``wants``."""
    ways = wordings(text)
    if is_reading(ways):
        return SkillRequest(wants="read")
    for said in ways:
        for language, templates in _templates():
            for name, slots in templates.readings(said):
                if not slots.keys() & {"nth", "count"} or number(slots, language) is not None:
                    return SkillRequest(wants="read" if name == "text" else "describe")
    return None
