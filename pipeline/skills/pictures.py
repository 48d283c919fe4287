"""When a person wants something looked at: the assistant does the looking.

What each is in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools

from config.language.data import languages, table
from config.language.templates import Sentences, sentences
from pipeline.intents.read_aloud import wants_reading
from pipeline.intents.wordings import number_slots, wordings
from pipeline.skills.answer import SkillRequest


@functools.cache
def _templates() -> tuple[Sentences, ...]:
    return tuple(_of(language) for language in languages())


def _of(language: str) -> Sentences:
    ways = table(language, "pictures")
    kinds = {name: ways["pictures"][name] for name in ("text", "describe")}
    return sentences(kinds, ways["rules"], number_slots(language))


def parse(text: str) -> SkillRequest | None:
    """What comes of it has no words of its own, only what it ``wants``."""
    if wants_reading(text):
        return SkillRequest(wants="read")
    for said in wordings(text):
        for templates in _templates():
            for name, _ in templates.readings(said):
                return SkillRequest(wants="read" if name == "text" else "describe")
    return None
