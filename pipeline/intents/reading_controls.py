"""What people say to leaf through what is read to them: next, back, again, spell that. Whole utterances.

What each is in a language is told in ``config/language/LANGUAGE/reading_controls.toml``.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal, get_args

from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.templates import Templates, compiled_when_met
from pipeline.intents.controls import follows_no, versions

Kind = Literal["next", "back", "again", "start", "on", "where", "spell"]


@dataclass(frozen=True, slots=True)
class ReadingControl:
    kind: Kind
    word: str = ""
    """Of ``spell``: the word that they named; empty: the one they heard last."""


@functools.cache
def _templates() -> tuple[tuple[Kind, tuple[Templates, ...]], ...]:
    return tuple((kind, _of(kind)) for kind in get_args(Kind))


@functools.cache
def _named() -> re.Pattern[str]:
    before = "|".join(each.written for each in _of("spell_word"))
    return re.compile(rf"(?:{before})(?P<word>[^ ]+) ")


def _of(kind: str) -> tuple[Templates, ...]:
    tables = [table(language, "reading_controls") for language in languages()]
    return tuple(compiled_when_met(each["controls"][kind], each.get("rules")) for each in tables)


def reading_control(text: str) -> ReadingControl | None:
    """What an utterance asks of what is being read, or None. Case, marks and politeness do not matter.

    Means something only where something is or was just being read: whoever asks knows that.
    """
    for said in versions(text):
        for kind, by_language in _templates():
            if any(templates.match(said) for templates in by_language):
                return ReadingControl(kind)
        if named := _named().fullmatch(f"{said} "):
            return ReadingControl("spell", _as_written(named["word"], text))
    return next((ReadingControl(kind) for kind, each in _templates() if follows_no(text, each)), None)


def _as_written(word: str, text: str) -> str:
    """With the accents it has in ``text``: it is spelled."""
    written = words_only(text, accents=True).split()
    return next((each for each in reversed(written) if words_only(each) == word), word)
