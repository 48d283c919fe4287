"""A rule of reading: what to find, what to say, and a cheap sign of whether to look at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Say = str | Callable[[re.Match[str]], str]


class Rule:
    """One way of reading. It is tried only when one of the characters ``needs`` is there, if it has any."""

    __slots__ = ("needs", "pattern", "say")

    def __init__(self, needs: str, pattern: str, say: Say, *, any_case: bool = False) -> None:
        self.needs = needs
        self.pattern = re.compile(pattern, re.IGNORECASE if any_case else 0)
        self.say = say


def apply(rules: Iterable[Rule], text: str) -> str:
    for rule in rules:
        if not rule.needs or any(sign in text for sign in rule.needs):
            text = rule.pattern.sub(rule.say, text)
    return text


def one_of(words: Iterable[str]) -> str:
    """A pattern of any of them, the longest first; of none, one that nothing matches."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


def between(word: str) -> Callable[[re.Match[str]], str]:
    """Between two things the word; at an end of the line only a sign."""

    def say(match: re.Match[str]) -> str:
        return word if match.start() and match.end() < len(match.string) else " "

    return say
