"""What people ask of the assistant itself: what it can do. Whole utterances.

What each is in a language is told in ``config/language/LANGUAGE/about.toml``.
"""

from __future__ import annotations

import functools

from config.language.data import languages, table
from config.language.templates import Templates, compiled_when_met
from pipeline.intents.controls import follows_no, versions


@functools.cache
def _templates() -> tuple[Templates, ...]:
    return tuple(compiled_when_met(table(language, "about")["capabilities"]) for language in languages())


def asks_capabilities(text: str) -> bool:
    """ "What can you do?", "help": in any language. Case, marks, accents and politeness do not matter."""
    asked = any(templates.match(said) for said in versions(text) for templates in _templates())
    return asked or follows_no(text, _templates())
