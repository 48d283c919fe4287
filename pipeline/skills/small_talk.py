"""A few kind words, and honest ones about who speaks: ``config/language/LANGUAGE/small_talk.toml``."""

from __future__ import annotations

import functools

from config.language.data import DEFAULT, table
from config.language.normalise import apart
from config.language.sentences import Sentences, sentences
from pipeline.skills.answer import SkillRequest


@functools.cache
def _heard(language: str) -> Sentences:
    heard = table(language, "small_talk")["heard"]
    return sentences({name: map(apart, templates) for name, templates in heard.items()})


def parse(text: str, language: str = DEFAULT) -> SkillRequest | None:
    """``text`` is normalised, with its courtesy still on."""
    for name, _ in _heard(language).readings(apart(text)):
        return SkillRequest(text=table(language, "small_talk")["said"][name])
    return None
