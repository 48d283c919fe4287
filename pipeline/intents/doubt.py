"""Whether a person doubts what was just said: "are you sure?". Pure.

What doubts in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

from pipeline.intents.meanings import meanings


def wants_second_look(text: str) -> bool:
    """Whether all of an utterance asks for another look at what was just said."""
    return any("second_look" in kinds for kinds in meanings(text))
