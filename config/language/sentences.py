"""Sentences with slots: templates, each under the name of what is meant.

They are matched in a text of which each word is one character: a rule of twenty articles is then a class of
twenty characters, and a language's hundred templates are compiled in some 30 ms instead of 300.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.language.templates import OneOf, Slot, parsed

_KNOWN, _OTHER = 0x4E00, 0xE000
"""The first character of words that stand in a template, and of those that do not."""

_ANY = chr(_OTHER)
"""Of a word that stands in none, where no slot has words of its own."""

_NAME = re.compile(r"\?P<\w+>")

Words = str | Sequence[str]
"""What a slot may hold: a pattern that each of its words has, or all the phrases that it can be."""


class _Alphabet:
    """A character for each word."""

    def __init__(self, slots: Mapping[str, Words]) -> None:
        self._words: dict[str, str] = {}
        self._learned = set[int]()
        self._written = dict[int, str]()
        """Of choices without slots, that stand in many templates."""
        self._phrases = {name: each for name, each in slots.items() if not isinstance(each, str)}
        self._patterns = {name: re.compile(each) for name, each in slots.items() if isinstance(each, str)}
        for phrases in self._phrases.values():
            for phrase in phrases:
                self._letters(phrase)

    def _letters(self, words: str) -> str:
        return "".join(self._words.setdefault(word, chr(_KNOWN + len(self._words))) for word in words.split())

    def learn(self, part: str | Slot | OneOf) -> None:
        """All the words of a template."""
        if isinstance(part, str):
            self._letters(part)
        elif isinstance(part, OneOf) and id(part) not in self._learned:
            self._learned.add(id(part))
            for each in (each for sequence in part.sequences for each in sequence):
                self.learn(each)

    def spelled(self, words: Sequence[str]) -> str:
        if not self._patterns:
            return "".join([self._words.get(word, _ANY) for word in words])
        return "".join([self._words.get(word) or self._other(word) for word in words])

    def _other(self, word: str) -> str:
        """Of a word that stands in no template: all that fit the same slots have one."""
        fits = (pattern.fullmatch(word) is not None for pattern in self._patterns.values())
        return chr(_OTHER + sum(1 << bit for bit, fit in enumerate(fits) if fit))

    @functools.cache  # noqa: B019 - as long as its sentences
    def slot(self, name: str) -> str:
        """The pattern of what it holds: as few words as can be; where they are known, as many."""
        if name in self._phrases:
            longest_first = sorted(map(self._letters, self._phrases[name]), key=len, reverse=True)
            return "|".join(longest_first)
        if name not in self._patterns:
            return ".+?"
        bit, pattern = list(self._patterns).index(name), self._patterns[name]
        known = [letter for word, letter in self._words.items() if pattern.fullmatch(word)]
        others = [chr(_OTHER + fits) for fits in range(1 << len(self._patterns)) if fits >> bit & 1]
        return f"[{''.join(known + others)}]+"

    def pattern(self, part: str | Slot | OneOf, groups: dict[str, str]) -> str:
        """``groups``: of each group of the pattern, the slot that it fills: one may stand in several."""
        if isinstance(part, str):
            return self._letters(part)
        if isinstance(part, Slot):
            group = f"_{len(groups)}"
            groups[group] = part.name
            return f"(?P<{group}>{self.slot(part.name)})"
        if id(part) in self._written:
            return self._written[id(part)]
        before = len(groups)
        pattern = self._choice(part, groups)
        if len(groups) == before:
            self._written[id(part)] = pattern
        return pattern

    def _choice(self, part: OneOf, groups: dict[str, str]) -> str:
        choices = ["".join(self.pattern(each, groups) for each in sequence) for sequence in part.sequences]
        absent = "?" if "" in choices else ""
        said = [choice for choice in dict.fromkeys(choices) if choice]
        if len(said) > 1 and all(len(choice) == 1 and ord(choice) >= _KNOWN for choice in said):
            return f"[{''.join(said)}]{absent}"
        return f"(?:{'|'.join(said)}){absent}" if said else ""


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """At the first sentence that it takes: most never are."""
    return re.compile(pattern)


@dataclass(frozen=True, slots=True)
class Sentences:
    """Read in the order of their table."""

    alphabet: _Alphabet
    begin: frozenset[str] | None
    """The words that they begin with; None: one begins with a slot."""
    any: re.Pattern[str]
    """All of them, a group each: what none can match, as most of what is said, is looked at once."""
    each: tuple[tuple[str, str, Mapping[str, str]], ...]
    """Name, pattern, and the slot of each of its groups."""

    def readings(self, normalised: str) -> Iterator[tuple[str, dict[str, str]]]:
        """What a text may mean: names, each with the words in its slots. Whoever cannot make anything of
        the slots of one takes the next.
        """
        if self.begin is not None and normalised.partition(" ")[0] not in self.begin:
            return
        words = normalised.split()
        spelled = self.alphabet.spelled(words)
        first = self.any.fullmatch(spelled)
        for name, pattern, slots in self.each[(first.lastindex or 1) - 1 :] if first else ():
            if match := _compiled(pattern).fullmatch(spelled):
                spans = {slot: match.span(group) for group, slot in slots.items() if match[group]}
                yield name, {slot: " ".join(words[start:end]) for slot, (start, end) in spans.items()}


def _begins(part: OneOf) -> tuple[set[str], bool]:
    """What it may begin with, words and slots, and whether it may be nothing."""
    found, absent = set[str](), False
    for sequence in part.sequences:
        for each in sequence:
            if not isinstance(each, OneOf):
                found.add(each.partition(" ")[0] if isinstance(each, str) else f"{{{each.name}}}")
                break
            inner, may_be_absent = _begins(each)
            found |= inner
            if not may_be_absent:
                break
        else:
            absent = True
    return found, absent


def sentences(
    table: Mapping[str, Iterable[str]],
    rules: Mapping[str, str] | None = None,
    words: Mapping[str, Words] | None = None,
) -> Sentences:
    """``words``: what a slot may hold; any words, where nothing is said.

    Raises ``ValueError`` for a text that is no template, ``KeyError`` for a rule that is not there.
    """
    alphabet, read = _Alphabet(words or {}), dict[str, OneOf]()
    templates = [(name, parsed(text, rules or {}, read)) for name, texts in table.items() for text in texts]
    for _, template in templates:
        alphabet.learn(template)
    each = []
    for name, template in templates:
        groups: dict[str, str] = {}
        each.append((name, alphabet.pattern(template, groups), groups))
    unnamed = "|".join(f"({re.sub(_NAME, '?:', pattern)})" for _, pattern, _ in each)
    begin = {word for _, template in templates for word in _begins(template)[0]}
    known = None if any(word.startswith("{") for word in begin) else frozenset(begin)
    return Sentences(alphabet, known, re.compile(unnamed), tuple(each))
