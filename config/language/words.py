"""The words of a sentence in one language: what is written together is taken apart, what was said is found
again as it was written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from config.language.data import table
from config.language.normalise import apart, normalise, plain_letters
from config.language.sentences import Sentences, Words, sentences

_SHORTEST_STEM = 3
_MARKS = ".,!?;:\"'…„“”«»¡¿’‘()-–"


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
    return frozenset(
        word for each in table(language, "words")["articles"] for word in words_in(each, language)
    )


def without_article(words: list[str], language: str) -> list[str]:
    """A name without the little words before it."""
    at = next((at for at, word in enumerate(words) if word not in articles(language)), len(words))
    return words[at:]


def same_word(one: str, other: str, language: str) -> bool:
    """Whether both are forms of one word, plain: one egg, several eggs."""
    return one == other or not _stems(one, language).isdisjoint(_stems(other, language))


@functools.lru_cache(maxsize=1024)
def _stems(word: str, language: str) -> frozenset[str]:
    """It, and all of it before an ending."""
    endings = map(normalise, table(language, "words")["endings"])
    cut = {word.removesuffix(ending) for ending in endings}
    return frozenset({word, *(stem for stem in cut if len(stem) >= _SHORTEST_STEM)})


@dataclass(frozen=True, slots=True)
class Written:
    """A word as it was written."""

    plain: str
    """To be compared."""
    word: str
    """With its accents and capitals."""
    between: str = " "
    """What stands between it and the next: a blank, a hyphen, an apostrophe."""


@functools.lru_cache(maxsize=8)
def as_written(text: str, language: str) -> tuple[Written, ...]:
    """The words of ``words_in``; where it is not plain which is which, all as that has them. The capital that
    begins a sentence is not theirs.
    """
    written: list[Written] = []
    for number, chunk in enumerate(text.split()):
        kept = chunk.strip(_MARKS)
        if not number and kept[1:] == kept[1:].lower():
            kept = kept.lower()
        if kept.isdecimal() and chunk == f"{kept}.":
            written.append(Written(kept, kept, ". "))  # "4. Juli"
        else:
            written += _cut(kept, language)
    plain = words_in(text, language)
    same = [each.plain for each in written] == plain
    return tuple(written) if same else tuple(Written(word, word) for word in plain)


def _cut(chunk: str, language: str) -> list[Written]:
    """``l'École`` as ``l`` with an apostrophe, and ``École``."""
    if chunk.isascii() and chunk.isalpha() and not _compound(language):
        return [Written(chunk.lower(), chunk)]
    parts, cut, rest = words_in(chunk, language), list[Written](), chunk
    for part in parts:
        word, rest = rest[: len(part)], rest[len(part) :]
        between = rest[: len(rest) - len(rest.lstrip(_MARKS))]
        cut.append(Written(part, word, between))
        rest = rest[len(between) :]
    whole = not rest and all(plain_letters(each.word) == each.plain for each in cut)
    return (
        [*cut[:-1], replace(cut[-1], between=" ")]
        if cut and whole
        else [Written(part, part) for part in parts]
    )


def joined(words: Iterable[Written]) -> str:
    """As a text."""
    return "".join(each.word + each.between for each in words).strip(f" {_MARKS}")


def find(words: Sequence[str], text: str, language: str) -> Sequence[Written]:
    """Where they stand in a text, the last such place; as they are, where they do not."""
    written, size = as_written(text, language), len(words)
    spoken = [each.plain for each in written]
    places = (at for at in range(len(spoken) - size, -1, -1) if spoken[at : at + size] == [*words])
    at = next(places, None)
    return [Written(word, word) for word in words] if at is None else written[at : at + size]


@functools.cache
def stand_ins(language: str) -> frozenset[str]:
    """ "the five minute one"."""
    return frozenset(
        word for each in table(language, "words")["stand_ins"] for word in words_in(each, language)
    )


def sentences_apart(
    table: Mapping[str, Iterable[str]],
    rules: Mapping[str, str] | None = None,
    words: Mapping[str, Words] | None = None,
) -> Sentences:
    """Of texts that are apart. Raises as ``sentences`` does."""
    return sentences(
        {name: map(apart, texts) for name, texts in table.items()},
        {name: apart(text) for name, text in (rules or {}).items()},
        words,
    )
