"""Whether words go round in a circle: the same ones again and again, or the same but for a number. Pure.

One circle is looked for three times over: in the words as they are, without what counts the entries of a list
("7. Be kind."), and without any number. The less has to be the same, the more often it has to come again.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_CIRCLE = 200
"""Words: a long paragraph. A longer one is ended by ``llm.max_tokens``."""
_DIGITS = re.compile(r"\d+")
_COUNTER = re.compile(r"\W*(\d+|[a-z]|[ivxlc]+)[.):]+\W*", re.IGNORECASE)
"""What stands before an entry of a list: ``12.``, ``(b)``, ``**iv)**``."""
_MARKS_TIMES = 100
"""So often a row without a letter (dots, noughts) is one."""
_CODE_TIMES = 10
"""In code, whatever is one elsewhere comes again so many times as often."""


@dataclass(frozen=True, slots=True)
class Look:
    """``seen``: a word, and whether it begins its line, as it is compared. ``times``: so often a row of so
    many words comes again until it is a circle.
    """

    seen: Callable[[str, bool], str]
    times: Callable[[int], int]
    marks: bool = False
    """A row without a letter may be one, too."""


def _times(period: int) -> int:
    return 25 if period == 1 else 8 if period < 4 else 4 if period < 60 else 3


LOOKS = (
    Look(lambda word, first: word, _times, marks=True),
    Look(
        lambda word, first: "#" if first and _COUNTER.fullmatch(word) else word,
        lambda period: max(8, _times(period)),
    ),
    Look(lambda word, first: _DIGITS.sub("#", word), lambda period: 60 if period < 4 else 40),
)


class Circles:
    """``push`` word for word; ``asked``: so often the person wants to hear something."""

    def __init__(self, look: Look, asked: int = 0) -> None:
        self.holds = False
        """What comes may be part of one."""
        self.found = False
        self._look = look
        self._asked = asked
        self._words: list[str] = []
        self._places: dict[str, deque[int]] = {}
        self._runs: dict[int, int] = {}
        """By the length of a circle: so many words are the same as that many words before."""

    def push(self, word: str, *, first: bool, in_code: bool) -> None:
        """``first``: it begins its line."""
        word, words = self._look.seen(word, first), self._words
        places = self._places.setdefault(word, deque(maxlen=LONGEST_CIRCLE))
        periods = [len(words) - place for place in reversed(places) if len(words) - place <= LONGEST_CIRCLE]
        places.append(len(words))
        words.append(word)
        runs = self._runs = {period: self._runs.get(period, 0) + 1 for period in periods}
        self.holds = False
        for period, run in runs.items():
            if period > 1 and runs.get(1, 0) >= period:
                continue  # one word again and again has a period of its own
            times = self._times(period, in_code=in_code)
            if times and run >= period * (max(2, times * 2 // 3, self._asked) - 1):
                self.holds = True
                self.found = self.found or run >= period * (times - 1)

    def _times(self, period: int, *, in_code: bool) -> int:
        """0: never."""
        times = self._look.times(period)
        if not any(map(_has_letter, self._words[-period:])):
            times = max(times, _MARKS_TIMES) if self._look.marks else 0
        times *= _CODE_TIMES if in_code else 1
        return max(times, self._asked + 2) if times and self._asked else times


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))
