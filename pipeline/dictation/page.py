"""The text of a take as it is dictated: utterances in, text out; all of it can be taken back. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from config.dictation import commands
from pipeline.dictation.inline import apply_inline
from pipeline.dictation.vocabulary import Vocabulary

Kind = Literal[
    "text", "edited", "learned", "refused", "read_back", "raw", "mode", "new_take", "stop", "send", "copy"
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one utterance."""

    kind: Kind
    text: str
    """All of the text now."""
    said: str = ""
    """What to tell the person; empty when the text tells enough."""
    detail: str = ""
    """The mode's name; what was learned, as ``old → new``."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """At ``at``, ``removed`` gave way to ``added``: so little is kept of each, a take may last for hours."""

    at: int
    removed: str
    added: str


class Page:
    """Push utterances as the ears give them; commands among them are obeyed and are not in the text.

    ``modes``: the names that "mode NAME" may say. ``obeys`` False: every word is text.
    """

    def __init__(
        self,
        language: str = "en",
        vocabulary: Sequence[str] = (),
        *,
        modes: Collection[str] = (),
        obeys: bool = True,
    ) -> None:
        self._table = commands(language)
        self._modes = {_plain(mode): mode for mode in modes}
        self._obeys = obeys
        self.vocabulary = Vocabulary(vocabulary)
        self.text = ""
        self._heard: list[str] = []
        self._done: list[_Edit] = []
        self._undone: list[_Edit] = []

    @property
    def raw(self) -> str:
        """Every word that was heard, commands as well."""
        return " ".join(self._heard)

    def push(self, utterance: str) -> Outcome:
        utterance = " ".join(utterance.split())
        self._heard.append(utterance)
        if self._obeys and (outcome := self._whole(utterance)):
            return outcome
        mended = self.vocabulary.mend(utterance)
        after = (
            apply_inline(self.text, mended, self._table) if self._obeys else f"{self.text} {mended}".strip()
        )
        self._become(after)
        return Outcome("text", self.text)

    def replace(self, text: str, said: str = "") -> Outcome:
        """All of it became ``text``, by a rewrite that was asked for with the words ``said``; that too can be
        taken back.
        """
        self._heard += [said] if said else []
        self._become(text)
        return Outcome("edited", self.text)

    def _become(self, after: str) -> None:
        edit = _difference(self.text, after)
        if edit.removed or edit.added:
            self._done.append(edit)
            self._undone.clear()
        self.text = after

    def _whole(self, utterance: str) -> Outcome | None:
        """The command that all of the utterance is, or None."""
        plain = _plain(utterance)
        for kind, pattern in self._table.whole:
            if (match := pattern.fullmatch(plain)) and (outcome := self._obey(kind, match.groupdict())):
                return outcome
        return None

    def _obey(self, kind: str, slots: dict[str, str]) -> Outcome | None:
        match kind:
            case "undo":
                return self._back(self._done, self._undone, "There is nothing to take back.")
            case "redo":
                return self._back(self._undone, self._done, "There is nothing to bring back.")
            case "scratch" | "scratch_word" | "scratch_sentence" | "scratch_paragraph":
                return self._scratch(kind)
            case "mode":
                mode = self._modes.get(slots["name"])
                return Outcome("mode", self.text, detail=mode) if mode else None
            case "correct":
                return self._correct(slots["old"], slots["new"])
            case "stop" | "send" | "copy" | "read_back" | "raw" | "new_take":
                return Outcome(kind, self.text)
            case _:
                return None

    def _back(self, stack: list[_Edit], other: list[_Edit], empty: str) -> Outcome:
        if not stack:
            return Outcome("refused", self.text, empty)
        edit = stack.pop()
        end = edit.at + len(edit.added)
        self.text = self.text[: edit.at] + edit.removed + self.text[end:]
        other.append(_Edit(edit.at, edit.added, edit.removed))
        return Outcome("edited", self.text)

    def _scratch(self, kind: str) -> Outcome:
        if not self.text.strip():
            return Outcome("refused", self.text, "There is nothing to scratch.")
        if kind == "scratch":
            last = next((edit for edit in reversed(self._done) if edit.added.strip()), None)
            at = last.at if last and self.text.endswith(last.added) else _begin_of_last("sentence", self.text)
            # What the utterance changed before itself (a mark it replaced) comes back with it.
            self._become(self.text[:at] + (last.removed if last and at == last.at else ""))
        else:
            self._become(self.text[: _begin_of_last(kind.removeprefix("scratch_"), self.text)])
        return Outcome("edited", self.text)

    def _correct(self, old: str, new: str) -> Outcome | None:
        """None where ``old`` is not in the text: then it was no command ("change the meeting to Friday")."""
        form = r"\W+".join(re.escape(word) for word in old.split())
        found = list(re.finditer(rf"(?<!\w){form}(?!\w)", self.text, re.IGNORECASE))
        if not found:
            return None
        match = found[-1]
        said = self._heard[-1]
        written = _as_written(new, said)
        if match.group()[:1].isupper() and written[:1].islower():
            written = written[:1].upper() + written[1:]
        before = match.group()
        self._become(self.text[: match.start()] + written + self.text[match.end() :])
        self.vocabulary.learn(before, written)
        return Outcome("learned", self.text, detail=f"{before} → {written}")


def _difference(before: str, after: str) -> _Edit:
    """The stretch that changed: without what both begin with and what both end with."""
    most = min(len(before), len(after))
    at = _common(before, after, most)
    end = _common(before[::-1], after[::-1], most - at) if at < most else 0
    return _Edit(at, before[at : len(before) - end], after[at : len(after) - end])


def _common(one: str, other: str, most: int) -> int:
    """Letters with which both begin, at most ``most``; by halving, which compares whole stretches at once."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


_LAST_SENTENCE = re.compile(r"(?:^|(?<=[.?!…])|(?<=[.?!…][”»\"')])|(?<=\n))[^\S\n]*(?:(?![.?!…]\s)[^\n])+$")


def _begin_of_last(unit: str, text: str) -> int:
    """Where the last word, sentence or paragraph begins, the space before it included."""
    end = len(text.rstrip())
    if unit == "paragraph":
        return max(text.rfind("\n\n", 0, end), 0)
    if unit == "word":
        begin = re.search(r"\s*\S+$", text[:end])
    else:
        begin = re.search(
            r"(?:^|(?<=[.?!…])|(?<=[.?!…][”»\"')])|(?<=\n))[^\S\n]*(?:(?![.?!…]\s)[^\n])+$", text[:end]
        )
    return begin.start() if begin else 0


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w'-]+", text.lower().replace("’", "'")))


def _as_written(words: str, utterance: str) -> str:
    """``words``, which are plain, with the capitals they had in the utterance they end."""
    tail = utterance.rstrip(" .?!,")[-len(words) :]
    return tail if tail.lower().replace("’", "'") == words else words
