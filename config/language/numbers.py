"""The numbers of a language, ``LANGUAGE/numbers.toml``, made ready to be read."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from config.language.data import table, table_if_any
from config.language.normalise import apart, normalise


@dataclass(frozen=True, slots=True)
class Numerals:
    """Spoken numbers by their words without the spaces: "fünf und zwanzig" is "fünfundzwanzig"."""

    values: Mapping[str, int]
    spelled: tuple[str, ...]
    """The same words, in the order of the alphabet."""

    @classmethod
    def of(cls, forms: Iterable[tuple[str, int]]) -> Numerals:
        values = dict(forms)
        return cls(values, tuple(sorted(values)))

    def longest(self, words: Sequence[str], at: int) -> tuple[int, int] | None:
        """The value of as many words as can be, and the place after them."""
        found, joined = None, ""
        for after in range(at + 1, len(words) + 1):
            joined += words[after - 1]
            place = bisect_left(self.spelled, joined)
            if place == len(self.spelled) or not self.spelled[place].startswith(joined):
                break
            if self.spelled[place] == joined:
                found = self.values[joined], after
        return found


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stands in the table, normalised. ``written`` alone is as it is written."""

    written: Mapping[str, str]
    groups: Numerals
    """0 to 999."""
    ordinals: Numerals
    ordinal_marks: frozenset[str]
    negative: frozenset[str]
    joining: frozenset[str]
    decimal: frozenset[str]
    zero_digit: frozenset[str]
    one: frozenset[str]
    article: frozenset[str]
    of: tuple[tuple[str, ...], ...]
    pairs: tuple[tuple[str, ...], ...]
    """They stand for two, before a unit: "a couple of"."""
    hundred: frozenset[str]
    thousand: frozenset[str]
    millions: Mapping[str, int]
    half_a_scale: bool
    """Whether a million and a half are 1,500,000."""
    fractions: Mapping[str, Fraction]
    added: tuple[tuple[tuple[str, ...], Fraction], ...]
    parts: Mapping[str, int]
    seams: re.Pattern[str] | None
    """What divides a number that is written in one word; None where none is."""
    pieces: dict[str, tuple[str, ...]]
    """Of the words met so far, what they were divided into."""

    def divided(self, word: str) -> tuple[str, ...]:
        """``zweitausenddrei`` → ``zwei tausend drei``; a word that is no number stays as it is."""
        if self.seams is None or word in self.groups.values:
            return (word,)
        if word not in self.pieces:
            if len(self.pieces) > _MOST_KEPT:
                self.pieces.clear()
            pieces = tuple(piece for piece in self.seams.split(word) if piece)
            self.pieces[word] = pieces if all(map(self._is_piece, pieces)) else (word,)
        return self.pieces[word]

    def _is_piece(self, word: str) -> bool:
        return (
            word in self.groups.values
            or word in self.thousand
            or word in self.hundred
            or word in self.joining
            or any((word,) == words for words, _ in self.added)
        )


@functools.cache
def counted(language: str) -> Mapping[str, int]:
    """The words with which one counts, each a number up to a hundred by itself, with their accents. Those for
    one that are articles too are left out. None of a language without a folder.
    """
    words = table_if_any(language, "numbers").get("words")
    if words is None:
        return {}
    small, one, *others = words["under_hundred"]
    forms = [(small, 0), (one.partition("|")[0], 1), *((each, n) for n, each in enumerate(others, 2))]
    forms.append((words["hundreds"][0], 100))
    alone = (
        (form, n) for each, n in forms for form in each.split("|") if form[-1] != "-" and " " not in form
    )
    return dict(alone) | dict.fromkeys(words["hundred"], 100)


def figures(language: str) -> frozenset[str]:
    """What stands for a single figure, as a telephone number is told: "oh" too."""
    zeros = table(language, "numbers")["words"]["zero_digit"]
    return frozenset((*zeros, *(word for word, number in counted(language).items() if number < 10)))


_MOST_KEPT = 2000
_SETS = ("negative", "joining", "decimal", "zero_digit", "one", "article", "hundred", "thousand")


@functools.cache
def numbers(language: str) -> Numbers:
    data = table(language, "numbers")
    words, ordinals = data["words"], data["ordinals"]
    sets = {name: frozenset(map(_plain, words[name])) for name in _SETS}
    added = _by_form(data["added"])
    return Numbers(
        written=data["written"],
        groups=Numerals.of(_up_to_thousand(words["under_hundred"], words["hundreds"], sets["joining"])),
        ordinals=Numerals.of(_ordinals(ordinals["words"], ordinals["endings"])),
        ordinal_marks=frozenset(map(_plain, ordinals["marks"])),
        negative=sets["negative"],
        joining=sets["joining"],
        decimal=sets["decimal"],
        zero_digit=sets["zero_digit"],
        one=sets["one"],
        article=sets["article"],
        of=tuple(tuple(_plain(apart(of)).split()) for of in words["of"]),
        pairs=tuple(tuple(_plain(apart(pair)).split()) for pair in words["pair"]),
        hundred=sets["hundred"],
        thousand=sets["thousand"],
        millions={
            _plain(form): 10 ** (3 * n)
            for n, forms in enumerate(words["millions"], 2)
            for form in forms.split("|")
        },
        half_a_scale=words["half_a_scale"],
        fractions={form: Fraction(of) for form, of in _by_form(data["fractions"]).items()},
        added=tuple((tuple(form.split()), Fraction(of)) for form, of in added.items()),
        parts={form: int(of) for form, of in _by_form(data["parts"]).items()},
        seams=_seams(sets, added) if words["glued"] else None,
        pieces={},
    )


def _seams(sets: Mapping[str, frozenset[str]], added: Mapping[str, str]) -> re.Pattern[str]:
    seams = "|".join([*sets["thousand"], *sets["hundred"], *(form for form in added if " " not in form)])
    return re.compile(f"({seams})({'|'.join(sets['joining'])})?")


def _plain(words: str) -> str:
    """A sign stays a sign."""
    return normalise(words) if any(map(str.isalpha, words)) else words


def _joined(words: str) -> str:
    return _plain(words).replace(" ", "")


def _by_form(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {_plain(form): key for key, forms in table.items() for form in forms}


def _up_to_thousand(
    under_hundred: list[str], hundreds: list[str], joining: Iterable[str]
) -> Iterator[tuple[str, int]]:
    """Each in every form; behind a hundred, the rest with and without an "and"."""
    small = [(_joined(form), n) for n, forms in enumerate(under_hundred) for form in forms.split("|")]
    yield from small
    for n, forms in enumerate(hundreds, 1):
        for form in forms.split("|"):
            hundred = _joined(form.removesuffix("-"))
            if not form.endswith("-"):
                yield hundred, 100 * n
            for between in ("", *joining):
                yield from ((hundred + between + rest, 100 * n + m) for rest, m in small if m)


def _ordinals(words: list[str], endings: list[str]) -> Iterator[tuple[str, int]]:
    for n, forms in enumerate(words, 1):
        yield from ((_joined(form) + ending, n) for form in forms.split("|") for ending in endings)
