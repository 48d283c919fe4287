"""Sentences as templates, as ``hassil`` and Home Assistant write them: ``[please] (stop|hold) [it|that]``.

``(a|b)`` is one of them, ``[a|b]`` one of them or none, ``<name>`` another template of the same table,
``{name}`` a slot: some words that the sentence leaves open; what is in brackets are whole words. They are
read here and matched with normalised text by ``config.language.sentences``: hassil's own matcher takes
milliseconds, and a person waits.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from config.language.normalise import normalise

_TOKEN = re.compile(r"(\([^][()<>{}]*\)|\[[^][()<>{}]*\]|[][()|]|<(\w+)>|\{(\w+)\}|[^][()|<>{}]+)")
_CLOSES = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Slot:
    name: str

    def texts(self) -> Iterator[str]:
        yield f"{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """Sequences of words, slots and further choices, of which one is said."""

    sequences: tuple[tuple[str | Slot | OneOf, ...], ...]

    def texts(self) -> Iterator[str]:
        for sequence in self.sequences:
            parts = ([part] if isinstance(part, str) else part.texts() for part in sequence)
            for words in itertools.product(*parts):
                yield " ".join(filter(None, words))


_plain = functools.cache(normalise)
"""The same few words stand in many templates."""


@functools.cache
def _choice(said: str) -> OneOf:
    """One in brackets that has none within, of which there are few too."""
    choices = [_plain(words) for words in said[1:-1].split("|")]
    return OneOf(tuple((words,) if words else () for words in [*choices, *([""] if said[0] == "[" else [])]))


class _Parser:
    """One template, read from the left."""

    def __init__(self, text: str, rules: Mapping[str, str], read: dict[str, OneOf]) -> None:
        self._text = text
        self._rules = rules
        self._read = read
        self._tokens: list[tuple[str, str, str]] = _TOKEN.findall(text)
        if sum(len(token[0]) for token in self._tokens) != len(text):
            raise ValueError(f"the template {text!r} has a <, >, {{ or }} that belongs to nothing")
        self._at = 0

    def parsed(self) -> OneOf:
        one_of = self._one_of()
        if self._at < len(self._tokens):
            raise ValueError(f"the template {self._text!r} closes what it has not opened")
        return one_of

    def _one_of(self) -> OneOf:
        sequences: list[list[str | Slot | OneOf]] = [[]]
        while self._at < len(self._tokens):
            said, rule, slot = self._tokens[self._at]
            if said in ")]":
                break
            self._at += 1
            if said == "|":
                sequences.append([])
            elif said in _CLOSES:
                sequences[-1].append(self._group(said))
            elif said[0] in _CLOSES:
                sequences[-1].append(_choice(said))
            elif rule:
                sequences[-1].append(self._rule(rule))
            elif slot:
                sequences[-1].append(Slot(slot))
            elif words := _plain(said):
                sequences[-1].append(words)
        return OneOf(tuple(map(tuple, sequences)))

    def _rule(self, name: str) -> OneOf:
        if name not in self._read:
            self._read[name] = parsed(self._rules[name], self._rules, self._read)
        return self._read[name]

    def _group(self, opening: str) -> OneOf:
        inner = self._one_of()
        if self._at == len(self._tokens) or self._tokens[self._at][0] != _CLOSES[opening]:
            raise ValueError(f"the template {self._text!r} does not close its {opening}")
        self._at += 1
        return inner if opening == "(" else OneOf((*inner.sequences, ()))


def texts(template: str, rules: Mapping[str, str] | None = None) -> list[str]:
    """All that it stands for, normalised. Raises as ``parsed`` does."""
    return list(parsed(template, rules or {}, {}).texts())


def parsed(template: str, rules: Mapping[str, str], read: dict[str, OneOf]) -> OneOf:
    """In its parts. ``read``: the rules that were read for a template before.

    Raises ``ValueError`` for a text that is no template, ``KeyError`` for a rule that is not there.
    """
    return _Parser(template, rules, read).parsed()
