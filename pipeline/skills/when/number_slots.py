"""The numbers of a phrase: which hour, which minute, which day of a month, which year."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from config.language.lexicon import Slot
from config.language.number_words import read_number, read_ordinal, whole_number
from config.language.numbers import numbers
from pipeline.skills.durations import begins_unit

_MOST_WORDS = 4
_CENTURIES = range(11, 21)


@functools.lru_cache(maxsize=4096)
def _whole(words: tuple[str, ...], language: str) -> int | None:
    value = whole_number(words, language)
    return int(value) if value is not None and value.denominator == 1 and value >= 0 else None


def wholes(words: Sequence[str], at: int, language: str) -> Iterator[tuple[int, int]]:
    """Each whole number that begins at ``at``: of "twenty five" 20 and 25."""
    if at >= len(words) or not begins_number(words[at], language):
        return iter(())
    said = tuple(words[at : at + _MOST_WORDS])
    return ((value, at + length) for value, length in _beginning(said, language))


@functools.lru_cache(maxsize=1024)
def _beginning(words: tuple[str, ...], language: str) -> tuple[tuple[int, int], ...]:
    """Each that they begin with, and of how many of them. Every phrase with a number asks for those."""
    if _whole(words[:1], language) is None:
        return ()
    each = ((_whole(words[:length], language), length) for length in range(1, len(words) + 1))
    return tuple((value, length) for value, length in each if value is not None)


@functools.lru_cache(maxsize=4096)
def begins_number(word: str, language: str) -> bool:
    """Whether a number, or a length of time, can begin with it: nothing is tried where it cannot."""
    return (
        word[:1].isdigit()
        or word in numbers(language).article
        or read_number((word,), 0, language) is not None
        or begins_unit(word, language)
        or any(word == pair[0] for pair in numbers(language).pairs)
    )


def whole_of(words: Sequence[str], language: str) -> int | None:
    """The whole number that all the words are."""
    return _whole(tuple(words), language)


def ordinal_of(words: Sequence[str], language: str) -> int | None:
    """ "third": the number that all the words are, where they count a place."""
    read = None if whole_of(words, language) is not None else read_ordinal(words, 0, language)
    return read[0] if read and read[1] == len(words) else None


@functools.cache
def slots(language: str) -> Mapping[str, Slot]:
    """By name: ``hour``, ``minute``, ``time``, ``dotted``, ``ordinal``, ``year``, ``count``."""
    one = numbers(language).article

    def within(low: int, high: int) -> Slot:
        def slot(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
            return ((value, end) for value, end in wholes(words, at, language) if low <= value <= high)

        return slot

    def count(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
        if at < len(words) and words[at] in one:
            yield 1, at + 1
        yield from wholes(words, at, language)

    def ordinal(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
        return ((value, end) for value, end in _ordinals(words, at, language) if 1 <= value <= 31)

    def year(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
        return _years(words, at, language)

    return {
        "hour": within(0, 24), "minute": within(0, 59), "tens": within(10, 59),
        "time": _written(":"), "dotted": _written("."),
        "ordinal": ordinal, "year": year, "count": count,
    }  # fmt: skip


def _written(mark: str) -> Slot:
    """``7:30`` as minutes from midnight on."""
    form = re.compile(rf"(\d{{1,2}}){re.escape(mark)}(\d{{2}})")

    def slot(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
        match = form.fullmatch(words[at]) if at < len(words) else None
        if match and int(match[1]) <= 24 and int(match[2]) <= 59:
            yield int(match[1]) * 60 + int(match[2]), at + 1

    return slot


def _ordinals(words: Sequence[str], at: int, language: str) -> Iterator[tuple[int, int]]:
    yield from wholes(words, at, language)
    if read := read_ordinal(words, at, language):
        yield read


def _years(words: Sequence[str], at: int, language: str) -> Iterator[tuple[int, int]]:
    """``2027``, ``two thousand twenty seven``, and by its century: ``twenty twenty seven``."""
    for value, end in wholes(words, at, language):
        if 1000 <= value <= 9999:
            yield value, end
        elif value in _CENTURIES:
            yield from (
                (value * 100 + rest, last) for rest, last in wholes(words, end, language) if 10 <= rest <= 99
            )
