"""Sentences with slots: templates, each under the name of what is meant.

They are matched in a text of which each word is one character: a rule of twenty articles is then a class of
twenty characters, compiled and compared in a fraction of the time. Which words one needs is known before.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from config.language.templates import OneOf, Slot, parsed

_KNOWN, _OTHER = 0x4E00, 0xE000
"""The first character of words that stand in a template, and of those that do not."""

Words = str | Sequence[str]
"""What a slot may hold: a pattern that each of its words has, or all the phrases that it can be."""


class _Alphabet:
    """A character for each word."""

    def __init__(self, slots: Mapping[str, Words]) -> None:
        self._words: dict[str, str] = {}
        self._learned = set[int]()
        self._written = dict[int, str]()
        """Of choices without slots, that stand in many templates."""
        self._needed = dict[int, frozenset[str] | None]()
        self._phrases = {name: each for name, each in slots.items() if not isinstance(each, str)}
        self._patterns = {name: re.compile(each) for name, each in slots.items() if isinstance(each, str)}
        self._fits_any = re.compile("|".join(pattern.pattern for pattern in self._patterns.values()))
        for phrases in self._phrases.values():
            for phrase in phrases:
                self.learn(phrase)

    def _letters(self, words: str) -> str:
        return "".join([self._words[word] for word in words.split()])

    def learn(self, part: str | Slot | OneOf) -> None:
        """All the words of a template."""
        if isinstance(part, str):
            for word in part.split():
                if word not in self._words:
                    self._words[word] = chr(_KNOWN + len(self._words))
        elif isinstance(part, OneOf) and id(part) not in self._learned:
            self._learned.add(id(part))
            for sequence in part.sequences:
                for each in sequence:
                    self.learn(each)

    def spelled(self, words: Sequence[str]) -> str:
        return "".join([self._words.get(word) or self._other(word) for word in words])

    def _other(self, word: str) -> str:
        """Of a word that stands in no template: all that fit the same slots have one."""
        if not (self._patterns and self._fits_any.fullmatch(word)):
            return chr(_OTHER)
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

    def needed(self, part: str | Slot | OneOf) -> frozenset[str] | None:
        """Words of which one at least is in whatever is as ``part`` has it; None: there are no such."""
        if isinstance(part, str):
            return frozenset(part.split()[-1:])
        if isinstance(part, Slot):
            phrases = self._phrases.get(part.name)
            return frozenset(phrase.split()[-1] for phrase in phrases) if phrases else None
        if id(part) not in self._needed:
            needed = [self._rarest(sequence) for sequence in part.sequences]
            every = frozenset().union(*(each for each in needed if each)) if all(needed) else None
            self._needed[id(part)] = every
        return self._needed[id(part)]

    def _rarest(self, sequence: Sequence[str | Slot | OneOf]) -> frozenset[str] | None:
        each = [needed for part in sequence if (needed := self.needed(part))]
        return min(each, key=len, default=None)


class _Template:
    """One sentence, compiled when a text is first compared with it."""

    def __init__(self, name: str, part: OneOf, alphabet: _Alphabet) -> None:
        self.name = name
        self._part = part
        self._alphabet = alphabet

    @functools.cached_property
    def _compiled(self) -> tuple[re.Pattern[str], Mapping[str, str]]:
        """With the slot that each of its groups fills."""
        groups = dict[str, str]()
        return re.compile(self._alphabet.pattern(self._part, groups)), groups

    def warm(self) -> None:
        _ = self._compiled

    def places(self, spelled: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a longer text."""
        return (match.span() for match in self._compiled[0].finditer(spelled) if match[0])

    def spans(self, spelled: str) -> Mapping[str, tuple[int, int]] | None:
        """Where its slots are in what it matches."""
        pattern, groups = self._compiled
        match = pattern.fullmatch(spelled)
        return match and {slot: match.span(group) for group, slot in groups.items() if match[group]}


class Sentences:
    """Read in the order of their table."""

    def __init__(self, alphabet: _Alphabet, each: Sequence[tuple[str, OneOf]]) -> None:
        self._alphabet = alphabet
        self.each = [_Template(name, part, alphabet) for name, part in each]
        self._by_word = dict[str, list[int]]()
        """Places of the templates that need one of several words, this one among them."""
        self._always = list[int]()
        """Of those that need none."""
        for place, (_, part) in enumerate(each):
            needed = alphabet.needed(part)
            for word in needed or ():
                self._by_word.setdefault(word, []).append(place)
            if not needed:
                self._always.append(place)

    def warm(self) -> None:
        """Each is compiled now, and not when a text is first compared with it."""
        for template in self.each:
            template.warm()

    def may_match(self, words: Iterable[str]) -> bool:
        """No: none of the templates does, whatever is in their slots. That is told at once."""
        return bool(self._always) or not self._by_word.keys().isdisjoint(words)

    def _compared(self, words: Sequence[str]) -> tuple[str, list[_Template]]:
        """A text as it is compared, and the templates that may match it."""
        found = [places for word in words if (places := self._by_word.get(word))]
        near = sorted(set(self._always).union(*found)) if found else self._always
        return self._alphabet.spelled(words) if near else "", [self.each[place] for place in near]

    def match(self, normalised: str) -> bool:
        """Whether all of a text is as one of them has it."""
        return any(True for _ in self.readings(normalised))

    def readings(self, normalised: str) -> Iterator[tuple[str, dict[str, str]]]:
        """What a text may mean: names, each with the words in its slots. Whoever cannot make anything of
        the slots of one takes the next.
        """
        words = normalised.split()
        spelled, near = self._compared(words)
        for template in near:
            if (spans := template.spans(spelled)) is not None:
                yield template.name, {slot: " ".join(words[at:end]) for slot, (at, end) in spans.items()}

    def places(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """What stands anywhere in a text of those words: names, each from a word up to another."""
        spelled, near = self._compared(words)
        return ((each.name, at, end) for each in near for at, end in each.places(spelled))


class Phrasing:
    """A form of several templates, somewhere in a text: ``^{before}*{tell}`` is what "before" stands for, any
    number of times, and "tell" behind it. A ``.`` is a word.
    """

    def __init__(
        self, form: str, table: Mapping[str, Iterable[str]], rules: Mapping[str, str] | None = None
    ) -> None:
        """Raises as ``sentences`` does."""
        self._alphabet, read = _Alphabet({}), dict[str, OneOf]()
        every = {
            name: OneOf(tuple((parsed(text, rules or {}, read),) for text in dict.fromkeys(texts)))
            for name, texts in table.items()
        }
        for one_of in every.values():
            self._alphabet.learn(one_of)
        patterns = {name: self._alphabet.pattern(one_of, {}) or "(?!)" for name, one_of in every.items()}
        self._pattern = re.compile(form.format_map(patterns))

    def span(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Where it is first: from one word up to another; None: nowhere."""
        found = self._pattern.search(self._alphabet.spelled(words))
        return found and found.span()


def sentences(
    table: Mapping[str, Iterable[str]],
    rules: Mapping[str, str] | None = None,
    words: Mapping[str, Words] | None = None,
) -> Sentences:
    """``words``: what a slot may hold; any words, where nothing is said.

    Raises ``ValueError`` for a text that is no template, ``KeyError`` for a rule that is not there.
    """
    return sentences_of([(table, rules or {})], words)


def sentences_of(
    tables: Iterable[tuple[Mapping[str, Iterable[str]], Mapping[str, str]]],
    words: Mapping[str, Words] | None = None,
) -> Sentences:
    """Of several tables, each with its rules. Raises as ``sentences`` does."""
    alphabet, templates = _Alphabet(words or {}), list[tuple[str, OneOf]]()
    for table, rules in tables:
        read = dict[str, OneOf]()
        templates += [(name, parsed(text, rules, read)) for name, texts in table.items() for text in texts]
    for _, template in templates:
        alphabet.learn(template)
    return Sentences(alphabet, templates)
