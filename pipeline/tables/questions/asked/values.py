"""What a column is compared with in a question: a number, a date, words of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.tables.questions.asked.chunks import Chunk
from pipeline.tables.questions.asked.dates import YEARS
from pipeline.tables.questions.asked.parts import NoQuestionError

_LONGEST = 8
"""Words of a value."""
_PASSED = frozenset({"filler", "is", "equals", "value"})
"""What stands between a comparison and its value, and says nothing."""

_TRUTHS = frozenset({"yes", "no"})
_NEVER: frozenset[str] = frozenset()
_LITTLE = frozenset({"of", "filler", "which", "where", "is", "in", "between", "since"})
"""What a word between two of one value may be as well."""

Given = str | int | float


class Values:
    """``written``: words from one up to another, as they were written; ``never``: they are in no value."""

    def __init__(
        self, chunks: Sequence[Chunk], words: Sequence[str], written: Callable[[int, int], str],
        never: frozenset[str],
    ) -> None:  # fmt: skip
        self._chunks = chunks
        self._words = words
        self._written = written
        self._never = never

    def __len__(self) -> int:
        return len(self._chunks)

    def __getitem__(self, at: int) -> Chunk:
        """One that says nothing stands behind the last."""
        return self._chunks[at] if at < len(self._chunks) else Chunk(0, 0, frozenset({"end"}))

    def said(self, at: int, end: int) -> str:
        """What was said from one chunk up to another."""
        return self._written(self._chunks[at].at, self._chunks[end - 1].end)

    def passed(self, at: int, kinds: frozenset[str] = _PASSED, up_to: frozenset[str] = _NEVER) -> int:
        """The place behind what says nothing here. ``up_to``: what may also be this is not passed."""
        while self[at].kinds & kinds and not self[at].kinds & up_to:
            if self[at].columns or self[at].date:
                break
            at += 1
        return at

    def words_at(self, at: int) -> tuple[str, int] | None:
        """A value of words that are nothing else, with the little ones between them: "Bank of America"."""
        begin = at = self.passed(at, frozenset({"filler", "is"}))
        if not (self[at].unknown or self._numbered(at)):
            return None
        while self[at].unknown or self._joins(at) or self._numbered(at) or (at > begin and self._is_part(at)):
            at += 1
        words = self._words[self[begin].at : self._chunks[at - 1].end]
        if len(words) > _LONGEST or self._never.intersection(words):
            raise NoQuestionError
        return self.said(begin, at), at

    def _numbered(self, at: int) -> bool:
        """``City 3``, of a column City."""
        return bool(self[at].columns) and not self[at].kinds and self._is_part(at + 1)

    def _is_part(self, at: int) -> bool:
        """A number that is no year."""
        number = self[at].number
        return number is not None and not self[at].kinds and not self[at].columns and number not in YEARS

    def _joins(self, at: int) -> bool:
        """Whether it stands between two words of one value."""
        little = self[at].kinds & {"of", "filler"} and self[at].kinds <= _LITTLE and not self[at].columns
        return bool(little) and self[at + 1].unknown

    def number_at(self, at: int) -> tuple[int | float, int] | None:
        at = self.passed(at)
        number, kinds = self[at].number, self[at].kinds
        if number is None or kinds:
            return None
        return number, self.passed(at + 1, frozenset({"currency"}))

    def date_at(self, at: int) -> tuple[str, int] | None:
        """A year is one too."""
        at = self.passed(at)
        if self[at].date:
            return self[at].date, at + 1
        number = self.number_at(at)
        year = number and isinstance(number[0], int) and number[0] in YEARS
        return (str(number[0]), number[1]) if number and year else None

    def some_at(self, at: int) -> tuple[Given, int] | None:
        """Of whatever kind."""
        after = self.passed(at, up_to=_TRUTHS)
        if self[after].date:
            return self[after].date, after + 1
        for kind in ("yes", "no"):
            if kind in self[after].kinds:
                return self.said(after, after + 1), after + 1
        return self.number_at(at) or self.words_at(after)

    def listed_at(self, at: int) -> tuple[tuple[Given, ...], int] | None:
        """One or several: ``Berlin or Paris``."""
        first = self.some_at(at)
        if first is None:
            return None
        values, end = [first[0]], first[1]
        while self[end].kinds & {"and", "or"} and (more := self._further(end + 1)):
            values.append(more[0])
            end = more[1]
        return tuple(values), end

    def _further(self, at: int) -> tuple[Given, int] | None:
        """No column of which something else is said, and nothing that begins another condition."""
        more = self.some_at(at)
        if more and self[more[1]].kinds & {"is", "equals", "contains"} and more[1] + 1 < len(self):
            return None
        return more
