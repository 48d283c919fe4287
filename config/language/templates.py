"""Sentences as templates, as ``hassil`` and Home Assistant write them: ``[please] (stop|hold) [it|that]``.

``(a|b)`` is one of them, ``[a|b]`` one of them or none, ``<name>`` another template of the same table,
``{name}`` a slot: some words that the sentence leaves open; what is in brackets are whole words. They are
compiled to one pattern over normalised text (``config.language.normalise``): hassil's own matcher takes
milliseconds, and a person waits.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.language.normalise import normalise

_TOKEN = re.compile(r"[][()|]|<(\w+)>|\{(\w+)\}|[^][()|<>{}]+")
_CLOSES = {"(": ")", "[": "]"}
_NAME = re.compile(r"\?P<\w+>")


class _Slots:
    """The slots of one template as groups of its pattern; ``words``: the pattern of a word, of some."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self.names: dict[str, str] = {}
        """Of each group, the slot that it fills: one may stand in several choices."""

    def group(self, slot: str) -> str:
        """As few words as can be; of a slot whose words are known, as many."""
        name = f"_{len(self.names)}"
        self.names[name] = slot
        word = self._words.get(slot)
        return f"(?P<{name}>(?:(?:{word}) )+)" if word else f"(?P<{name}>(?:\\S+ )+?)"


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str

    def pattern(self, slots: _Slots) -> str:
        return slots.group(self.name)

    def texts(self) -> Iterator[str]:
        yield f"{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class _OneOf:
    """Sequences of words, slots and further choices, of which one is said."""

    sequences: tuple[tuple[str | _Slot | _OneOf, ...], ...]

    def pattern(self, slots: _Slots) -> str:
        """Each word with the space behind it, so that what may be absent takes its space along."""
        sequences = ("".join(_pattern(part, slots) for part in sequence) for sequence in self.sequences)
        return f"(?:{'|'.join(sequences)})"

    def texts(self) -> Iterator[str]:
        for sequence in self.sequences:
            parts = ([part] if isinstance(part, str) else part.texts() for part in sequence)
            for words in itertools.product(*parts):
                yield " ".join(filter(None, words))


def _pattern(part: str | _Slot | _OneOf, slots: _Slots) -> str:
    if isinstance(part, str):
        return "".join(f"{re.escape(word)} " for word in part.split())
    return part.pattern(slots)


class _Rules:
    """The rules of one table, each parsed once."""

    def __init__(self, rules: Mapping[str, str], *, accents: bool) -> None:
        self.accents = accents
        self._rules = rules
        self._parsed: dict[str, _OneOf] = {}

    def __getitem__(self, name: str) -> _OneOf:
        if name not in self._parsed:
            self._parsed[name] = _Parser(self._rules[name], self).parsed()
        return self._parsed[name]


class _Parser:
    """One template, read from the left."""

    def __init__(self, text: str, rules: _Rules) -> None:
        self._text = text
        self._rules = rules
        self._tokens = list(_TOKEN.finditer(text))
        if sum(len(token[0]) for token in self._tokens) != len(text):
            raise ValueError(f"the template {text!r} has a <, >, {{ or }} that belongs to nothing")
        self._at = 0

    def parsed(self) -> _OneOf:
        one_of = self._one_of()
        if self._at < len(self._tokens):
            raise ValueError(f"the template {self._text!r} closes what it has not opened")
        return one_of

    def _one_of(self) -> _OneOf:
        sequences: list[list[str | _Slot | _OneOf]] = [[]]
        while self._at < len(self._tokens) and self._tokens[self._at][0] not in _CLOSES.values():
            token = self._tokens[self._at]
            self._at += 1
            if token[0] == "|":
                sequences.append([])
            elif token[0] in _CLOSES:
                sequences[-1].append(self._group(token[0]))
            elif token[1]:
                sequences[-1].append(self._rules[token[1]])
            elif token[2]:
                sequences[-1].append(_Slot(token[2]))
            elif words := normalise(token[0], accents=self._rules.accents):
                sequences[-1].append(words)
        return _OneOf(tuple(map(tuple, sequences)))

    def _group(self, opening: str) -> _OneOf:
        inner = self._one_of()
        if self._at == len(self._tokens) or self._tokens[self._at][0] != _CLOSES[opening]:
            raise ValueError(f"the template {self._text!r} does not close its {opening}")
        self._at += 1
        return inner if opening == "(" else _OneOf((*inner.sequences, ()))


@dataclass(frozen=True, slots=True)
class Templates:
    """Some of one table, as one pattern."""

    pattern: re.Pattern[str]
    """Of normalised text in which each word, the last too, has a space behind it."""

    def match(self, normalised: str) -> bool:
        """Whether all of a text is as one of them has it."""
        return self.pattern.fullmatch(f"{normalised} ") is not None


@functools.cache
def _pattern_of(text: str) -> re.Pattern[str]:
    """Compiled at the first sentence that it takes: most never are."""
    return re.compile(text)


@dataclass(frozen=True, slots=True)
class Sentences:
    """Templates with slots, each under the name of what is meant; read in the order of the table."""

    any: re.Pattern[str]
    """A group each: what none of them can match is looked at once."""
    each: tuple[tuple[str, str, Mapping[str, str]], ...]
    """Name, pattern, and the slot of each of its groups."""

    def readings(self, normalised: str) -> Iterator[tuple[str, dict[str, str]]]:
        """What a text may mean: names, each with the words in its slots. Whoever cannot make anything of
        the slots of one takes the next.
        """
        spaced = f"{normalised} "
        first = self.any.fullmatch(spaced)
        for name, pattern, slots in self.each[(first.lastindex or 1) - 1 :] if first else ():
            if match := _pattern_of(pattern).fullmatch(spaced):
                yield (
                    name,
                    {slots[group]: words.strip() for group, words in match.groupdict("").items() if words},
                )


def sentences(
    table: Mapping[str, Iterable[str]],
    rules: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> Sentences:
    """``words``: of a slot, the pattern that each of its words has; any word, where it has none.

    Raises as ``compiled`` does.
    """
    each, known = [], _Rules(rules or {}, accents=False)
    for name, templates in table.items():
        for text in templates:
            slots = _Slots(words or {})
            each.append((name, _Parser(text, known).parsed().pattern(slots), slots.names))
    unnamed = "|".join(f"({re.sub(_NAME, '?:', pattern)})" for _, pattern, _ in each)
    return Sentences(re.compile(unnamed), tuple(each))


def compiled(
    templates: Iterable[str], rules: Mapping[str, str] | None = None, *, accents: bool = False
) -> Templates:
    """Without slots. ``accents``: of text that has kept them.

    Raises ``ValueError`` for a text that is no template, ``KeyError`` for a rule that is not there.
    """
    known = _Rules(rules or {}, accents=accents)
    parsed = (_Parser(text, known).parsed() for text in templates)
    return Templates(re.compile("|".join(each.pattern(_Slots({})) for each in parsed)))


def anywhere(
    templates: Iterable[str],
    rules: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> str:
    """A pattern to search normalised text with, a space behind it, for whole words that one of them has.

    ``words``, and what is raised: as of ``sentences``.
    """
    known = _Rules(rules or {}, accents=False)
    parsed = (_Parser(text, known).parsed() for text in templates)
    pattern = "|".join(each.pattern(_Slots(words or {})) for each in parsed)
    return rf"(?<!\S)(?:{re.sub(_NAME, '?:', pattern)})"


def texts(template: str, rules: Mapping[str, str] | None = None, *, accents: bool = False) -> list[str]:
    """All that it stands for, normalised. Raises as ``compiled`` does."""
    return list(_Parser(template, _Rules(rules or {}, accents=accents)).parsed().texts())
