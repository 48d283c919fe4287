"""Phrases that may stand anywhere in a text, each with what it means; the longest that begins at a word is
found. They are templates (``config.language.templates``) whose slots are read by functions:
``{hour} o'clock``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from config.language.normalise import apart
from config.language.templates import texts

T = TypeVar("T")

Slot = Callable[[Sequence[str], int], Iterable[tuple[int, int]]]
"""From words and a place among them to each value that may begin there, with the place after it."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A phrase of a text, up to ``end``; ``values`` of its slots."""

    end: int
    meaning: T
    values: Mapping[str, int]


@dataclass(slots=True)
class _Node(Generic[T]):
    """What may come after the same beginning; ``meaning``: of a phrase that ends here."""

    words: dict[str, _Node[T]] = field(default_factory=dict)
    slots: dict[str, _Node[T]] = field(default_factory=dict)
    meaning: T | None = None

    def after(self, word: str) -> _Node[T]:
        if word.startswith("{"):
            return self.slots.setdefault(word[1:-1], _Node())
        return self.words.setdefault(word, _Node())


class Lexicon(Generic[T]):
    """Raises as ``texts`` does."""

    def __init__(
        self,
        phrases: Iterable[tuple[str, T]],
        slots: Mapping[str, Slot] | None = None,
        rules: Mapping[str, str] | None = None,
    ) -> None:
        self._slots = slots or {}
        self._root: _Node[T] = _Node()
        for template, meaning in phrases:
            for text in texts(apart(template), rules):
                node = self._root
                for word in text.split():
                    node = node.after(word)
                if node.meaning is None:
                    node.meaning = meaning

    def begins(self, word: str) -> bool:
        """Whether a phrase may begin with it, or a slot that one begins with."""
        slots = (self._slots[name]((word,), 0) for name in self._root.slots)
        return word in self._root.words or any(next(iter(values), None) for values in slots)

    def longest(self, words: Sequence[str], at: int = 0) -> Found[T] | None:
        """Of those that begin at ``at``."""
        if at == len(words) or not (self._root.slots or words[at] in self._root.words):
            return None
        return max(self._found(self._root, words, at, {}), key=lambda found: found.end, default=None)

    def whole(self, words: Sequence[str]) -> Found[T] | None:
        """The phrase that all the words are."""
        everything = self._found(self._root, words, 0, {})
        return next((found for found in everything if found.end == len(words)), None)

    def _found(
        self, node: _Node[T], words: Sequence[str], at: int, values: dict[str, int]
    ) -> Iterator[Found[T]]:
        if node.meaning is not None:
            yield Found(at, node.meaning, values)
        if at == len(words):
            return
        if (after := node.words.get(words[at])) is not None:
            yield from self._found(after, words, at + 1, values)
        for name, after in node.slots.items():
            for value, end in self._slots[name](words, at):
                yield from self._found(after, words, end, values | {name: value})
