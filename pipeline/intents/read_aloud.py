"""Whether an utterance wants what is shown read aloud, all of it and as it stands. Pure.

What each is in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence

from config.language.any_language import AnyLanguage, Tables
from config.language.data import languages, table
from config.language.phrases import phrases
from pipeline.intents.look import read_capture_intent
from pipeline.intents.wordings import number, plain, wordings

_LONGEST = 80
"""Letters. Nothing that asks for it is longer."""


@functools.cache
def _sentences() -> AnyLanguage:
    """Made at the first use, not when the program starts."""
    return AnyLanguage(_tables)


def _tables(language: str) -> Tables:
    ways = table(language, "pictures")
    return [({name: ways["pictures"][name] for name in ("read", "agree")}, ways["rules"])]


def _is(name: str, said: Sequence[str], codes: Collection[str]) -> bool:
    return any(
        meant == name and language in codes and (not slots or number(slots, language) is not None)
        for words in said
        if len(words) <= _LONGEST
        for language, meant, slots in _sentences().readings(words)
    )


def wants_reading(text: str) -> bool:
    """Whether an utterance asks for the text of what is shown, all of it and as it stands. "What does the
    sign say?" is a question, and for the LLM.
    """
    return is_reading(wordings(text), languages())


def is_reading(said: Sequence[str], codes: Collection[str]) -> bool:
    """The same of an utterance's ``wordings``, in these languages."""
    return _is("read", said, codes)


def turns_page(text: str) -> bool:
    """ "Next page": whether one page after the other is wanted."""
    wanted = read_capture_intent(text, page=1, pages=2)
    return wanted is not None and wanted.kind == "page"


def agrees(text: str, before: str, language: str) -> bool:
    """Whether it is a "yes" to the offer to read, which the answer before made."""
    # What stands before it is no courtesy here: "nein, bitte".
    said = [words for words in wordings(text) if plain(text).startswith(words)]
    return phrases(language).say("describing.offer") in before and _is("agree", said, languages())
