"""Keeps the place in a text that is read aloud: its paragraphs, and from where on nothing was heard. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.conversation.unheard import UnheardRemainder
from pipeline.intents.reading_controls import Kind

DELAY = 3
"""Other answers after which "next" and "go on" no longer mean the text."""


class ReadingPosition:
    def __init__(self) -> None:
        self.text = ""
        """All of it, paragraphs with an empty line between."""
        self._starts: list[int] = []
        self._at = 0
        self._words = ""
        self._announcer = 0
        self._one_by_one = False

    def open(self, paragraphs: Sequence[str], *, one_by_one: bool = False) -> str:
        """A new text, from its beginning; what is to be read: all of it, or, ``one_by_one``, its first
        paragraph, and the next when they ask for that.
        """
        self._one_by_one = one_by_one
        self.text = "\n\n".join(paragraphs)
        lengths = [len(paragraph) + 2 for paragraph in paragraphs]
        self._starts = [sum(lengths[:number]) for number in range(len(lengths))]
        self._at, self._words, self._announcer = 0, "", 0
        return self.rest.text

    def moved(self, rest: UnheardRemainder) -> None:
        """It was read until ``rest``, which is what was not heard of it."""
        unheard = rest.text.strip()
        read = self.text[: self._end].rstrip() if self._at < len(self.text) else self.text
        if read.endswith(unheard):
            self._at = len(read) - len(unheard) if unheard or rest.words else self._end
            self._words = rest.words
        self._announcer = 0

    def left(self) -> None:
        """Something else was answered in between."""
        self._announcer += 1

    @property
    def is_open(self) -> bool:
        return bool(self.text) and self._announcer <= DELAY

    @property
    def heard(self) -> str:
        """All until there, also what was leafed over."""
        return self.text[: self._at]

    @property
    def rest(self) -> UnheardRemainder:
        """What was not heard yet: words in their spoken form, then the text after them."""
        return UnheardRemainder(self._words, self.text[self._at : self._end].rstrip())

    @property
    def _end(self) -> int:
        """Of what is read at once."""
        following = (start for start in self._starts if start > self._at)
        return next(following, len(self.text)) if self._one_by_one else len(self.text)

    @property
    def number(self) -> int:
        """The paragraph that was being read, or was read last: 0, 1, ..."""
        spot = max(0, self._at - 1)
        return max((n for n, start in enumerate(self._starts) if start <= spot), default=0)

    @property
    def count(self) -> int:
        return len(self._starts)

    def leaf(self, kind: Kind) -> UnheardRemainder | None:
        """From where on it is read now; an empty rest when that is past the end. None: no move at all."""
        match kind:
            case "next":
                return self._from(self.number + 1)
            case "back":
                return self._from(max(0, self.number - 1))
            case "again":
                return self._from(self.number)
            case "start":
                return self._from(0)
            case "on":
                return self.rest
            case _:
                return None

    def _from(self, number: int) -> UnheardRemainder:
        self._words = ""
        self._at = self._starts[number] if number < self.count else len(self.text)
        return self.rest
