"""A text that grows by utterances, and every step of which can be taken back and brought back. Pure.

A take may last for hours, so that a step keeps only the stretch it changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Utterance:
    """Where one that still stands begins, and what it took the place of; the one before it."""

    at: int
    removed: str
    before: _Utterance | None


@dataclass(frozen=True, slots=True)
class _Edit:
    """At ``at``, ``removed`` gave way to ``added``; the utterances that stood before and after it."""

    at: int
    removed: str
    added: str
    before: _Utterance | None
    after: _Utterance | None


class Edits:
    """``text`` now. ``say`` adds an utterance, ``become`` changes anything else."""

    def __init__(self) -> None:
        self.text = ""
        self._done: list[_Edit] = []
        self._undone: list[_Edit] = []
        self._last: _Utterance | None = None

    def say(self, after: str) -> None:
        """The text with an utterance more at its end; what stands before may have lost a mark to it."""
        at, removed, _ = difference(self.text, after)
        self._step(after, _Utterance(at, removed, self._last))

    def become(self, after: str) -> None:
        at, removed, added = difference(self.text, after)
        self._step(after, _moved(self._last, at, len(removed), len(added)))

    def scratch(self) -> None:
        """Without the last utterance; where a change has blurred its beginning, without the last sentence."""
        last = self._last
        if last and last.at < len(self.text):
            self.become(self.text[: last.at] + last.removed)
            return
        self.become(self.text[: begin_of_last("sentence", self.text)])

    def undo(self) -> bool:
        """False: there is nothing to take back."""
        return self._go(self._done, self._undone)

    def redo(self) -> bool:
        return self._go(self._undone, self._done)

    def _step(self, after: str, last: _Utterance | None) -> None:
        at, removed, added = difference(self.text, after)
        if removed or added:
            self._done.append(_Edit(at, removed, added, self._last, last))
            self._undone.clear()
            self.text, self._last = after, last

    def _go(self, stack: list[_Edit], other: list[_Edit]) -> bool:
        if not stack:
            return False
        edit = stack.pop()
        end = edit.at + len(edit.added)
        self.text = self.text[: edit.at] + edit.removed + self.text[end:]
        self._last = edit.before
        other.append(_Edit(edit.at, edit.added, edit.removed, edit.after, edit.before))
        return True


def _moved(last: _Utterance | None, at: int, removed: int, added: int) -> _Utterance | None:
    """The utterances that still stand, where they are after a change; those inside it are no more."""
    kept: list[_Utterance] = []
    while last:
        if last.at < at:
            kept.append(last)
        elif last.at >= at + removed and removed + added > 0 and last.at > at:
            kept.append(_Utterance(last.at - removed + added, last.removed, None))
        last = last.before
    moved = None
    for utterance in reversed(kept):
        moved = _Utterance(utterance.at, utterance.removed, moved)
    return moved


def difference(before: str, after: str) -> tuple[int, str, str]:
    """Where they part, what the one has there and what the other, until they are alike again."""
    most = min(len(before), len(after))
    at = _common(before, after, most)
    end = _common(before[at:][::-1], after[at:][::-1], most - at) if at < most else 0
    return at, before[at : len(before) - end], after[at : len(after) - end]


def _common(one: str, other: str, most: int) -> int:
    """Letters with which both begin, at most ``most``; by halving, which compares whole stretches at once."""
    if one[:most] == other[:most]:
        return most
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


_LAST_SENTENCE = re.compile(r"(?:^|(?<=[.?!…])|(?<=[.?!…][”»\"')])|(?<=\n))[^\S\n]*(?:(?![.?!…]\s)[^\n])+$")
_LONGEST_SENTENCE = 5_000


def begin_of_last(unit: str, text: str) -> int:
    """Where the last ``word``, ``sentence`` or ``paragraph`` begins, the space before it included."""
    end = len(text.rstrip())
    if unit == "paragraph":
        return max(text.rfind("\n\n", 0, end), 0)
    begin = max(0, end - _LONGEST_SENTENCE)
    if unit == "word":
        found = re.search(r"\s*\S+$", text[begin:end])
    else:
        found = _LAST_SENTENCE.search(text[begin:end])
    return begin + found.start() if found else 0
