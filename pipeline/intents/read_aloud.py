"""Whether an utterance wants what is shown read aloud, all of it and as it stands. Pure.

What each is in a language is told in ``config/language/LANGUAGE/pictures.toml``.
"""

from __future__ import annotations

import functools

from config.language.data import languages, table
from config.language.phrases import phrases
from config.language.templates import Sentences, sentences
from pipeline.intents.look import read_capture_intent
from pipeline.intents.wordings import number_slots, wordings

_LONGEST = 80
"""Letters. Nothing that asks for it is longer."""


@functools.cache
def _templates(name: str) -> tuple[Sentences, ...]:
    return tuple(_of(language, name) for language in languages())


def _of(language: str, name: str) -> Sentences:
    ways = table(language, "pictures")
    return sentences({name: ways["pictures"][name]}, ways["rules"], number_slots(language))


def _is(name: str, text: str) -> bool:
    said = wordings(text) if len(text) <= _LONGEST else []
    return any(any(each.readings(words)) for words in said for each in _templates(name))


def warm() -> None:
    """Compile all, which else the first question would wait for."""
    _templates("read")
    _templates("agree")


def wants_reading(text: str) -> bool:
    """Whether an utterance asks for the text of what is shown, all of it and as it stands. "What does the
    sign say?" is a question, and for the LLM.
    """
    return _is("read", text)


def turns_page(text: str) -> bool:
    """ "Next page": whether one page after the other is wanted."""
    wanted = read_capture_intent(text, page=1, pages=2)
    return wanted is not None and wanted.kind == "page"


def agrees(text: str, before: str, language: str) -> bool:
    """Whether it is a "yes" to the offer to read, which the answer before made."""
    return phrases(language).say("describing.offer") in before and _is("agree", text)
