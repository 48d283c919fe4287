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
    return re.compile(rf"([^\W\d_]{{2,}}?)({'|'.join(compounds)})") if compounds else None


@functools.cache
def _joined(language: str) -> Mapping[str, list[str]]:
    pairs = [normalise(each).split() for each in table(language, "words")["joined"]]
    return {"".join(pair): pair for pair in pairs}


def one_by_one(normalised: str, language: str) -> list[str]:
    """``l'alarme`` → ``l alarme``, ``eiertimer`` → ``eier timer``: each word by itself."""
    return [part for word in apart(normalised).split() for part in _parts(word, language)]


def _parts(word: str, language: str) -> list[str]:
    compound, joined = _compound(language), _joined(language).get(word)
    if joined or compound is None:
        return joined or [word]
    match = compound.fullmatch(word)
    return [*_parts(match[1], language), match[2]] if match else [word]


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


@functools.lru_cache(maxsize=8)
def as_written(text: str, language: str) -> tuple[tuple[str, str], ...]:
    """The words of ``words_in`` with the accents and capitals that they have, each with what stands between
    it and the next: a blank, a hyphen, an apostrophe. Where that is not plain, as ``words_in`` has them. The
    capital that begins a sentence is not theirs.
    """
    written: list[tuple[str, str]] = []
    for number, chunk in enumerate(text.split()):
        parts = words_in(chunk, language)
        kept = re.sub(r"^\W+|\W+$", "", chunk)
        if not number and kept[1:] == kept[1:].lower():
            kept = kept.lower()
        written += _cut(kept, parts) or [(part, " ") for part in parts]
    plain = words_in(text, language)
    same = [normalise(word) for word, _ in written] == plain
    return tuple(written) if same else tuple((word, " ") for word in plain)


def _cut(chunk: str, parts: list[str]) -> list[tuple[str, str]] | None:
    """``l'École`` in its parts ``l``, ``ecole``: as ``l`` with an apostrophe, and ``École``."""
    cut: list[tuple[str, str]] = []
    for part in parts:
        word = chunk[: len(part)]
        if normalise(word) != part:
            return None
        between = re.match(r"\W*", chunk[len(part) :])
        cut.append((word, between[0] if between else ""))
        chunk = chunk[len(part) + len(cut[-1][1]) :]
    return [*cut[:-1], (cut[-1][0], " ")] if cut and not chunk else None


def joined(words: Iterable[tuple[str, str]]) -> str:
    """Of ``as_written``, as a text."""
    return "".join(word + between for word, between in words).strip(" -'’")


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
