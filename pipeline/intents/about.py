"""What people ask of the assistant itself: what it can do. Whole utterances.

What each is in a language is told in ``config/language/LANGUAGE/about.toml``.
"""

from __future__ import annotations

from pipeline.intents.meanings import meanings


def asks_capabilities(text: str) -> bool:
    """ "What can you do?", "help": in any language. Case, marks, accents and politeness do not matter."""
    return any("capabilities" in kinds for kinds in meanings(text))
