"""The words of a sentence in one language: what is written together is taken apart, what was said is found
again as it was written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

from config.language.data import table
from config.language.normalise import apart, normalise
from config.language.templates import Sentences, sentences


@functools.cache
def _compound(language: str) -> re.Pattern[str] | None:
    compounds = [normalise(each) for each in table(language, "words")["compounds"]]
    return re.compile(rf"\b([^\W\d_]{{2,}}?)({'|'.join(compounds)})\b") if compounds else None


def one_by_one(normalised: str, language: str) -> list[str]:
    """``l'alarme`` → ``l alarme``, ``eiertimer`` → ``eier timer``: each word by itself."""
    words, compound = apart(normalised), _compound(language)
    return (compound.sub(r"\1 \2", words) if compound else words).split()


def words_in(text: str, language: str) -> list[str]:
    """What was said, as plain words to compare."""
    return one_by_one(normalise(text, language=language), language)


@functools.cache
def articles(language: str) -> frozenset[str]:
    return frozenset(word for each in table(language, "words")["articles"] for word in words_in(each, language))


def without_article(words: list[str], language: str) -> list[str]:
    """A name without the little words before it."""
    at = next((at for at, word in enumerate(words) if word not in articles(language)), len(words))
    return words[at:]


def as_written(text: str, language: str) -> list[str]:
    """The words of ``words_in`` with the accents and capitals that they have; without, where that is not
    plain. The capital that begins a sentence is not theirs.
    """
    written: list[str] = []
    for number, chunk in enumerate(text.split()):
        parts = words_in(chunk, language)
        letters = re.sub(r"\W", "", chunk)
        if len(letters) != sum(map(len, parts)):
            written += parts
            continue
        if not number and letters[1:] == letters[1:].lower():
            letters = letters.lower()
        for part in parts:
            written.append(letters[: len(part)])
            letters = letters[len(part) :]
    plain = words_in(text, language)
    same = [normalise(word) for word in written] == plain
    return written if same else plain


@functools.cache
def stand_ins(language: str) -> frozenset[str]:
    """ "the five minute one"."""
    return frozenset(word for each in table(language, "words")["stand_ins"] for word in words_in(each, language))


def sentences_apart(
    table: Mapping[str, Iterable[str]],
    rules: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> Sentences:
    """Of texts that are apart. Raises as ``sentences`` does."""
    return sentences(
        {name: map(apart, texts) for name, texts in table.items()},
        {name: apart(text) for name, text in (rules or {}).items()},
        words,
    )
