"""The words of a sentence in one language: what is written together is taken apart, what was said is found
again as it was written.
"""

from __future__ import annotations

import functools
import re

from config.language.data import table
from config.language.normalise import normalise


@functools.cache
def _elided(language: str) -> re.Pattern[str] | None:
    elisions = [normalise(each) for each in table(language, "words")["elisions"]]
    return re.compile(rf"\b({'|'.join(elisions)})'(?=\w)") if elisions else None


@functools.cache
def _compound(language: str) -> re.Pattern[str] | None:
    compounds = [normalise(each) for each in table(language, "words")["compounds"]]
    return re.compile(rf"\b([^\W\d_]{{2,}}?)s?({'|'.join(compounds)})\b") if compounds else None


def apart(normalised: str, language: str) -> str:
    """``l'alarme`` → ``l alarme``, ``eiertimer`` → ``eier timer``: each word by itself."""
    if elided := _elided(language):
        normalised = elided.sub(r"\1 ", normalised)
    if compound := _compound(language):
        normalised = compound.sub(r"\1 \2", normalised)
    return normalised


def words_in(text: str, language: str) -> list[str]:
    """What was said, as plain words to compare."""
    return apart(normalise(text), language).split()


@functools.cache
def articles(language: str) -> frozenset[str]:
    return frozenset(word for each in table(language, "words")["articles"] for word in words_in(each, language))


def without_article(words: list[str], language: str) -> list[str]:
    """A name without the little words before it."""
    at = next((at for at, word in enumerate(words) if word not in articles(language)), len(words))
    return words[at:]


def as_written(text: str, words: list[str], language: str) -> list[str]:
    """``words`` with the accents and capitals that they have in ``text``; as they are, where that is not
    plain. The capital that begins a sentence is not theirs.
    """
    written: list[str] = []
    for number, chunk in enumerate(text.split()):
        parts = words_in(chunk, language)
        kept = re.sub(r"^\W+|\W+$", "", chunk)
        if len(parts) == 1 and words_in(kept, language) == parts:
            written.append(kept if number or kept[1:] != kept[1:].lower() else kept[:1].lower() + kept[1:])
        else:
            accented = apart(normalise(chunk, accents=True), language).split()
            written += accented if len(accented) == len(parts) else parts
    plain = [words_in(each, language) for each in written]
    return written if [word for each in plain for word in each] == words else words


@functools.cache
def stand_ins(language: str) -> frozenset[str]:
    """ "the five minute one"."""
    return frozenset(word for each in table(language, "words")["stand_ins"] for word in words_in(each, language))
