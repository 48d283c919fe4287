"""What people say to leaf through what is read to them: next, back, again, spell that. Whole utterances.

What each is in a language is told in ``config/language/LANGUAGE/reading_controls.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from config.language.normalise import words_only
from pipeline.intents.meanings import meanings

Kind = Literal["next", "back", "again", "start", "on", "where", "spell"]


@dataclass(frozen=True, slots=True)
class ReadingControl:
    kind: Kind
    word: str = ""
    """Of ``spell``: the word that they named; empty: the one they heard last."""


def reading_control(text: str) -> ReadingControl | None:
    """What an utterance asks of what is being read, or None. Case, marks and politeness do not matter.

    Means something only where something is or was just being read: whoever asks knows that.
    """
    for kinds in meanings(text):
        for kind in get_args(Kind):
            if f"reading.{kind}" in kinds:
                return ReadingControl(kind)
        if word := kinds.get("reading.spell_word"):
            return ReadingControl("spell", _as_written(word, text))
    return None


def _as_written(word: str, text: str) -> str:
    """With the accents it has in ``text``: it is spelled."""
    written = words_only(text, accents=True).split()
    return next((each for each in reversed(written) if words_only(each) == word), word)
