"""What an utterance asks of the open files, by the templates of ``LANGUAGE/files.toml``. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from config.language.any_language import AnyLanguage, Tables
from config.language.data import table
from config.language.normalise import apart, words_only
from pipeline.files.reading.names import words_of
from pipeline.intents.wordings import number, wordings

_OPEN_ENDED = ("section", "titled", "open")
"""Any words fit: "read the last chapter" is first looked for among the others."""
_LONGEST = 300
"""Letters. What is longer is no question to a file, but something to be told."""


@dataclass(frozen=True, slots=True)
class Question:
    """``kind``: a name of the table's sentences. ``words`` and ``file``: as they were written."""

    kind: str
    language: str
    words: str = ""
    file: str = ""
    number: int = 0
    to: int = 0


def questions(text: str, language: str) -> Iterator[Question]:
    """All that it may be, in the person's language first. ``text`` as STT or fingers gave it."""
    if len(text) > _LONGEST:
        return
    seen = set[Question]()
    found = [each for said in wordings(text) for each in _read(apart(said), text)]
    for question in sorted(found, key=lambda each: (each.language != language, each.kind in _OPEN_ENDED)):
        if question not in seen:
            seen.add(question)
            yield question


def warm() -> None:
    """Nothing is left to be compiled when something is first asked."""
    _sentences().warm()


def _read(said: str, text: str) -> Iterator[Question]:
    for language, kind, slots in _sentences().readings(said):
        count, to = number(slots, language), number({"count": slots.get("to", "")}, language)
        if ({"count", "nth"} & slots.keys() and count is None) or ("to" in slots and to is None):
            continue
        named = _without_word(slots.get("words", ""), language) or slots.get("name", "")
        named, file = (as_written(words, text) for words in (named, slots.get("file", "")))
        yield Question(kind, language, named, file, count or 0, to or 0)


def _without_word(words: str, language: str) -> str:
    """ "The word heating" is looked for as "heating"."""
    before = next((each for each in _before(language) if words.startswith(f"{each} ")), "")
    rest = words.removeprefix(before).strip()
    return words if rest.partition(" ")[0] in words_of(language).of else rest  # "le mot de passe"


@functools.cache
def _before(language: str) -> tuple[str, ...]:
    return tuple(map(words_only, table(language, "files")["words"]["word"]))


@functools.cache
def _sentences() -> AnyLanguage:
    """Made at the first use, not when the program starts."""
    return AnyLanguage(_tables)


def _tables(language: str) -> Tables:
    data = table(language, "files")
    rules = {name: apart(rule) for name, rule in data["rules"].items()}
    return [({kind: map(apart, texts) for kind, texts in data["sentences"].items()}, rules)]


def as_written(words: str, text: str) -> str:
    """Plain words with the capitals, accents and marks that they have in ``text``."""
    if not words:
        return ""
    wanted, written = words.split(), apart(text).split()
    for at in range(len(written)):
        for end in range(at + 1, min(len(written), at + len(wanted) + 2) + 1):
            if apart(words_only(" ".join(written[at:end]))).split() == wanted:
                return " ".join(written[at:end]).strip(' ,.;:!?¡¿"“”„«»')
    return words
