"""A part of code: a class, a function, a loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NAMED = frozenset({"class", "function", "method", "interface", "type", "table", "view", "section", "target"})
"""Kinds that have names; the others are a loop and a condition."""


@dataclass(frozen=True, slots=True)
class Part:
    """``last``: its last line; 0: nobody knows. ``inside``: what it stands in, the outermost first."""

    kind: str
    name: str
    first: int
    last: int = 0
    inside: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    """Their names, with a star where they take many."""
    doc: str = ""
    """The first sentence of what its author says of it."""
    over: str = ""
    """Of a loop what it goes through, of a condition what it asks: as it is written."""

    @property
    def lines(self) -> int:
        return self.last - self.first + 1 if self.last else 0


@dataclass(frozen=True, slots=True)
class Outline:
    """``parts`` in their order. ``sure``: it was parsed as its language has it, and not told by the look of
    its lines.
    """

    parts: tuple[Part, ...] = ()
    doc: str = ""
    """What the file says of itself at its head."""
    imports: tuple[str, ...] = ()
    sure: bool = False
    broken: int = 0
    """The line at which it could not be parsed; 0: it could."""

    @property
    def named(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind in NAMED)

    def within(self, whole: Part) -> tuple[Part, ...]:
        """The parts inside of one."""
        return tuple(part for part in self.parts if whole.first < part.first <= whole.last)

    def around(self, line: int) -> Part | None:
        """The innermost part with a name that a line is in."""
        there = [part for part in self.named if part.first <= line <= (part.last or part.first)]
        return max(there, key=lambda part: part.first, default=None)


def first_sentence(text: str, longest: int = 200) -> str:
    """Of what an author says."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    end = next(
        (at + 1 for at, letter in enumerate(paragraph) if _ends(paragraph, at, letter)), len(paragraph)
    )
    return paragraph[:end] if end <= longest else f"{paragraph[:longest].rsplit(' ', 1)[0]} …"


def _ends(text: str, at: int, letter: str) -> bool:
    return letter in ".!?" and (at + 1 == len(text) or text[at + 1] == " ") and at > 2


def matching(parts: Sequence[Part], name: str) -> list[Part]:
    """Those whose name is ``name`` when only its letters and digits count."""
    wanted = letters(name)
    return [part for part in parts if wanted and letters(part.name) == wanted]


def letters(name: str) -> str:
    """``parse_date``, ``parseDate`` and “parse date” are one."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
