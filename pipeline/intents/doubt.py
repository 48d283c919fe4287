"""Whether a person doubts what was just said: "are you sure?". Pure.

What doubts in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools

from config.language.data import languages, table
from config.language.templates import Templates, compiled_when_met
from pipeline.intents.controls import follows_no, versions


@functools.cache
def _templates() -> tuple[Templates, ...]:
    tables = [table(language, "pictures") for language in languages()]
    return tuple(compiled_when_met(each["pictures"]["second_look"], each["rules"]) for each in tables)


def wants_second_look(text: str) -> bool:
    """Whether all of an utterance asks for another look at what was just said."""
    asked = any(templates.match(said) for said in versions(text) for templates in _templates())
    return asked or follows_no(text, _templates())
