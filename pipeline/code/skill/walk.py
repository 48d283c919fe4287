"""A review that is gone through: its findings, and at which one it stands. Pure but for that place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pipeline.code.files import Answers
from pipeline.code.findings.base import Finding
from pipeline.code.languages import by_file
from pipeline.code.skill.outcomes import Aspect, FindingTold, Refused, Standing
from pipeline.code.source import UNSEEN, Source
from pipeline.code.subject import Subject

Move = Literal["next", "previous", "again", "first", "last", "number", "why", "fix", "count", "close"]
MOVES: tuple[Move, ...] = get_args(Move)
_OTHERS = 3
"""Answers about something else after which "next" no longer means the review."""
_ASPECTS: Mapping[Move, Aspect] = {"why": "why", "fix": "fix"}


class ReviewWalk:
    """``answers``: what was answered, of which only the number counts."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.findings: tuple[Finding, ...] = ()
        self.subject: Subject | None = None
        self._at = 0
        self._dropped = 0
        self._told_at = 0

    def open(self, findings: tuple[Finding, ...], subject: Subject, dropped: int = 0) -> None:
        """From before its first finding. ``dropped``: so many are left out, which is told with that one."""
        self.findings, self.subject, self._at, self._dropped = findings, subject, 0, dropped
        self._touched()

    @property
    def is_open(self) -> bool:
        return bool(self.findings) and len(self._answers()) - self._told_at <= _OTHERS

    @property
    def finding(self) -> Finding | None:
        """The one that was told last."""
        return self.findings[self._at - 1] if 0 < self._at <= len(self.findings) else None

    def move(self, move: Move, number: int = 0) -> FindingTold | Standing | Refused:
        """``number``: of ``number``; -1 is the last."""
        if not self.findings:
            return Refused("no_review")
        self._touched()
        if move == "close":
            self.findings, self.subject, self._at = (), None, 0
            return Refused("closed")
        if move == "count":
            return Standing(self._at, len(self.findings))
        to = self._target(move, number)
        if isinstance(to, Refused):
            return to
        self._at = to
        return self._told(_ASPECTS.get(move, "all"))

    def _target(self, move: Move, number: int) -> int | Refused:
        all_of_them, here = len(self.findings), max(self._at, 1)
        match move:
            case "next":
                return self._at + 1 if self._at < all_of_them else Refused("last_one")
            case "previous":
                return self._at - 1 if self._at > 1 else Refused("first_one")
            case "first":
                return 1
            case "last":
                return all_of_them
            case "number":
                wanted = all_of_them if number < 0 else number
                there = 0 < wanted <= all_of_them
                return wanted if there else Refused("no_finding", number=number, all=all_of_them)
            case _:
                return here

    def _told(self, aspect: Aspect) -> FindingTold:
        finding = self.findings[self._at - 1]
        several = len({each.file for each in self.findings}) > 1
        edge = self._at == len(self.findings)
        dropped, self._dropped = self._dropped, 0
        return FindingTold(finding, self._at, len(self.findings), aspect, several, edge, dropped)

    def place(self) -> tuple[Source, int] | None:
        """Where the finding stands that was told last: of a diff its new lines."""
        finding = self.finding or (self.findings[0] if self.findings else None)
        if finding is None or self.subject is None:
            return None
        self._touched()
        if self.subject.diff is None:
            return self.subject.source, finding.line
        return new_side(self.subject, finding.file), finding.line

    def _touched(self) -> None:
        self._told_at = len(self._answers())


def new_side(subject: Subject, file: str) -> Source:
    """What a diff shows of a file as it is now, each line where it stands; between them nothing is known."""
    found = subject.diff.file(file) if subject.diff else None
    lines = {line.new: line.text for line in found.lines if line.new} if found else {}
    whole = tuple(lines.get(number, UNSEEN) for number in range(1, max(lines, default=0) + 1))
    return Source(file, by_file(file), whole)


def seen_around(source: Source, first: int, last: int) -> tuple[int, int]:
    """Of a stretch what is known, around its middle."""
    middle = (first + last) // 2
    while first < middle and any(source.line(n) is None for n in range(first, middle)):
        first += 1
    while last > middle and any(source.line(n) is None for n in range(middle + 1, last + 1)):
        last -= 1
    return first, last
