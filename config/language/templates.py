"""Sentences as templates, as ``hassil`` and Home Assistant write them: ``[please] (stop|hold) [it|that]``.

``(a|b)`` is one of them, ``[a|b]`` one of them or none, ``<name>`` another template of the same table,
``{name}`` a slot: some words that the sentence leaves open; what is in brackets are whole words. They are
compiled to one pattern over normalised text (``config.language.normalise``): hassil's own matcher takes
milliseconds, and a person waits.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.language.normalise import normalise

_TOKEN = re.compile(r"[][()|]|<(\w+)>|\{(\w+)\}|[^][()|<>{}]+")
_CLOSES = {"(": ")", "[": "]"}


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


class _Parser:
    """One template, read from the left."""

    def __init__(self, text: str, rules: Mapping[str, str], *, accents: bool) -> None:
        self._text = text
        self._rules = rules
        self._accents = accents
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
                sequences[-1].append(self._rule(token[1]))
            elif token[2]:
                sequences[-1].append(_Slot(token[2]))
            elif words := normalise(token[0], accents=self._accents):
                sequences[-1].append(words)
        return _OneOf(tuple(map(tuple, sequences)))

    def _rule(self, name: str) -> _OneOf:
        return _Parser(self._rules[name], self._rules, accents=self._accents).parsed()

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


@dataclass(frozen=True, slots=True)
class Sentences:
    """Templates with slots, each under the name of what is meant; read in the order of the table."""

    any: re.Pattern[str]
    """What none of them can match, this does not: most utterances are looked at once."""
    each: tuple[tuple[str, re.Pattern[str], Mapping[str, str]], ...]
    """Name, pattern, and the slot of each of its groups."""

    def readings(self, normalised: str) -> Iterator[tuple[str, dict[str, str]]]:
        """What a text may mean: names, each with the words in its slots. Whoever cannot make anything of
        the slots of one takes the next.
        """
        spaced = f"{normalised} "
        if self.any.fullmatch(spaced) is None:
            return
        for name, pattern, slots in self.each:
            if match := pattern.fullmatch(spaced):
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
    each = []
    for name, templates in table.items():
        for text in templates:
            slots = _Slots(words or {})
            pattern = _Parser(text, rules or {}, accents=False).parsed().pattern(slots)
            each.append((name, pattern, slots.names))
    unnamed = "|".join(re.sub(r"\?P<\w+>", "?:", pattern) for _, pattern, _ in each)
    return Sentences(re.compile(unnamed), tuple((name, re.compile(p), groups) for name, p, groups in each))


def compiled(
    templates: Iterable[str], rules: Mapping[str, str] | None = None, *, accents: bool = False
) -> Templates:
    """Without slots. ``accents``: of text that has kept them.

    Raises ``ValueError`` for a text that is no template, ``KeyError`` for a rule that is not there.
    """
    parsed = (_Parser(text, rules or {}, accents=accents).parsed() for text in templates)
    return Templates(re.compile("|".join(each.pattern(_Slots({})) for each in parsed)))


def texts(template: str, rules: Mapping[str, str] | None = None, *, accents: bool = False) -> list[str]:
    """All that it stands for, normalised. Raises as ``compiled`` does."""
    return list(_Parser(template, rules or {}, accents=accents).parsed().texts())
