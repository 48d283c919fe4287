"""What is done with code when it is asked for; each method gives an outcome. It may take a while."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.code.diffs.changes import between, of_diff, of_file
from pipeline.code.findings.reported import checked
from pipeline.code.findings.review import review, review_diff
from pipeline.code.git import changes_in, named, repositories
from pipeline.code.outline.base import Part, letters, matching
from pipeline.code.outline.outline import inside, outline
from pipeline.code.skill.outcomes import (
    MOST_READ,
    ChangesTold,
    FileTold,
    FindingTold,
    LinesRead,
    Outcome,
    PartTold,
    Refused,
    Reviewed,
    Shown,
)
from pipeline.code.skill.walk import MOVES, ReviewWalk, new_side, seen_around
from pipeline.code.source import UNSEEN, Source
from pipeline.code.subject import Subject, Subjects
from vision.images.names import shown_name

_AT_ONCE = 1500
"""Lines that are parsed while somebody waits for a word."""
_FUNCTIONS = ("function", "method")


class CodeWork:
    """``at``: the line that was read last, so that "next line" has a meaning."""

    def __init__(
        self, subjects: Subjects, walk: ReviewWalk, folders: Callable[[], Sequence[str]] = tuple
    ) -> None:
        self._subjects = subjects
        self._folders = folders
        self.walk = walk
        self.at = 0

    # Lines ---------------------------------------------------------------------------------------

    def read(self, first: int = 0, last: int = 0, spelled: bool = False, **part: Any) -> Outcome:
        """Lines, or those of a part."""
        place = self._place(first, last, **part)
        if not isinstance(place, tuple):
            return place
        source, begin, end = place
        self.at = min(end, begin + MOST_READ - 1)
        return LinesRead(source, begin, end, spelled)

    def show(self, first: int = 0, last: int = 0, **part: Any) -> Outcome:
        """The same, for the screen; without a part all of it."""
        place = self._place(first, last, **part)
        return Shown(*place) if isinstance(place, tuple) else place

    def show_finding(self, number: int = 0, read: bool = False) -> Outcome:
        """The line of a finding, with what stands around it; ``read``: that line is read."""
        if number and isinstance(moved := self.walk.move("number", number), Refused):
            return moved
        place = self.walk.place()
        if place is None:
            return Refused("no_review")
        source, line = place
        if read:
            self.at = line
            return LinesRead(source, line, line)
        return Shown(source, *_near(source, line))

    def _place(
        self, first: int, last: int, kind: str = "", name: str = "", number: int = 0, file: str = ""
    ) -> tuple[Source, int, int] | Refused:
        subject = self._subjects.called(file)
        if subject is None:
            return Refused("no_code")
        source = subject.source
        if first and subject.diff and (of_it := self._told_of(subject)):
            return _of_diff(subject, of_it, first, max(first, last))
        if first > len(source.lines):
            return _no_line(source, first)
        if first:
            return source, first, min(max(first, last), len(source.lines))
        if not (kind or name):
            return source, 1, len(source.lines)
        source = self._parted(subject)
        found = self._parts(source, kind, name, number)
        if isinstance(found, Refused):
            return found
        part = found[0]
        return source, part.first, part.last or part.first

    def _parted(self, subject: Subject) -> Source:
        """What has functions in it: of a diff the new side of the file that is meant."""
        file = self._told_of(subject) if subject.diff else ""
        return new_side(subject, file) if file else subject.source

    def _told_of(self, subject: Subject) -> str:
        """The file of a diff whose lines are meant: the finding's, or its only one."""
        if self.walk.finding and self.walk.subject is subject:
            return self.walk.finding.file
        files = subject.diff.files if subject.diff else ()
        return files[0].name if len(files) == 1 else ""

    # Parts ---------------------------------------------------------------------------------------

    def explain(
        self,
        kind: str = "",
        name: str = "",
        number: int = 0,
        first: int = 0,
        last: int = 0,
        file: str = "",
        brief: bool = False,
        risks: bool = False,
    ) -> Outcome:
        """What it is made of: all of it, or a part, by its kind, its name, or the line that it is in."""
        subject = self._subjects.called(file)
        if subject is None:
            return Refused("no_code")
        source = subject.source
        if subject.diff is not None and not (kind or name or first):
            return self.changes(file=file) if not risks else self._risks(subject)
        if first:
            return self._around(source, first, last)
        if kind or name:
            return self._part(self._parted(subject), kind, name, number, brief=brief)
        return FileTold(source, outline(source), review(source), risks)

    def _risks(self, subject: Subject) -> Outcome:
        found = review_diff(subject.diff) if subject.diff else review(subject.source)
        return FileTold(subject.source, outline(subject.source), found, risks_only=True)

    def _around(self, source: Source, first: int, last: int) -> Outcome:
        """The innermost part that begins there, else the lines themselves."""
        if first > len(source.lines):
            return _no_line(source, first)
        whole = outline(source)
        begun = [part for part in whole.parts if part.first == first and last <= max(part.last, first)]
        if begun:
            return PartTold(source, begun[0], inside(source, begun[0]))
        return self.read(first, last)

    def _part(self, source: Source, kind: str, name: str, number: int, *, brief: bool) -> Outcome:
        found = self._parts(source, kind, name, number)
        if isinstance(found, Refused):
            return found
        part, at, count = found
        self.at = part.first
        return PartTold(source, part, inside(source, part), at, count, brief)

    def _parts(self, source: Source, kind: str, name: str, number: int) -> tuple[Part, int, int] | Refused:
        """The one that is meant, its number, and how many there are: the one around the line that was read
        last, else the first.
        """
        every = outline(source).parts
        kinds = _FUNCTIONS if kind in _FUNCTIONS else (kind,)
        of_kind = [part for part in every if not kind or part.kind in kinds]
        fitting = matching(of_kind, name) or matching(every, name) if name else of_kind
        if not fitting:
            return Refused("no_name", source, named=name) if name else Refused("no_part", source, named=kind)
        if number:
            at = number if number > 0 else len(fitting)
            there = at <= len(fitting)
            return (fitting[at - 1], at, len(fitting)) if there else Refused("no_part", source, named=kind)
        here = [part for part in fitting if part.first <= self.at <= (part.last or part.first)]
        part = here[-1] if here else fitting[0]
        return part, fitting.index(part) + 1, len(fitting)

    def knows(self, subject: Subject, name: str) -> bool:
        """Whether a part of it has that name: quickly, for an utterance that may be about anything. Of long
        code it is enough that something like it is called or defined.
        """
        if not letters(name):
            return False
        if subject.diff is not None:
            return bool(matching(outline(self._parted(subject)).named, name))
        if len(subject.source.lines) > _AT_ONCE:
            words = "[_-]?".join(map(re.escape, name.split()))
            return re.search(rf"(?i)(?<![^\W_]){words}(?![^\W_])\s*[(:={{<]", subject.source.text) is not None
        return bool(matching(outline(subject.source).named, name))

    def told_of(self, **which: Any) -> Shown | None:
        """The lines that a question is about, for a model; None: there are none, or it is about all."""
        place = self._place(**{"first": 0, "last": 0, **which}) if which else None
        return Shown(*place) if isinstance(place, tuple) else None

    # Changes -------------------------------------------------------------------------------------

    def changes(self, file: str = "", source: str = "") -> Outcome:
        """Of a diff, or between two versions. ``file``: of the diff; ``source``: which diff."""
        subject = self._subjects.called(source)
        if subject is None:
            return Refused("no_code")
        diff = subject.diff
        if diff is not None:
            found = diff.file(file) if file else None
            if file and found is None:
                names = tuple(each.name for each in diff.files)
                return Refused("no_file", subject.source, named=file, names=names)
            return ChangesTold((of_file(found),) if found else of_diff(diff), diff.complete)
        if subject.before is None:
            return Refused("one_version")
        found_changes = between(subject.before, subject.source)
        if not (found_changes.added or found_changes.taken):
            return Refused("unchanged")
        return ChangesTold((found_changes,))

    def open_git(self, folder: str = "") -> Outcome:
        """What is not committed in an allowed folder; it is spoken of from now on. Raises ``FileError``."""
        every = repositories(self._folders())
        found = named(every, folder)
        if len(found) != 1:
            names = tuple(each.name for each in found or every)
            return Refused("which_folder" if found else "no_folder", named=folder, names=names)
        text = changes_in(found[0])
        if not text.strip():
            return Refused("no_changes", named=found[0].name)
        subject = self._subjects.give(text, shown_name(f"{found[0].name}.diff"))
        assert subject.diff
        return ChangesTold(of_diff(subject.diff), subject.diff.complete)

    # Reviews -------------------------------------------------------------------------------------

    def review(self, file: str = "") -> Outcome:
        """By the rules that are known here; what is found can be walked through."""
        subject = self._subjects.called(file)
        if subject is None:
            return Refused("no_code")
        found = review_diff(subject.diff) if subject.diff else review(subject.source)
        self.walk.open(found, subject)
        return Reviewed(subject.source.name, len(subject.source.lines), found, source=subject.source)

    def report(self, findings: Sequence[Mapping[str, Any]]) -> Outcome:
        """What a model found, of the code that was reviewed, else of that which is spoken of."""
        subject = self.walk.subject or self._subjects.latest()
        if subject is None:
            return Refused("no_code")
        reported = checked(findings, lambda file: _lines_of(subject, file))
        self.walk.open(reported.findings, subject, reported.dropped)
        return Reviewed(subject.source.name, len(subject.source.lines), reported.findings, reported.dropped)

    def move(self, move: str, number: int = 0) -> Outcome:
        known = next((each for each in MOVES if each == move), None)
        return self.walk.move(known or "again", number)

    def begun(self, outcome: Outcome) -> FindingTold | None:
        """The first finding of a review that was just made."""
        if not isinstance(outcome, Reviewed) or not outcome.findings:
            return None
        told = self.walk.move("first")
        return told if isinstance(told, FindingTold) else None


def _no_line(source: Source, line: int) -> Refused:
    return Refused("no_line", source, number=line)


def _of_diff(subject: Subject, file: str, first: int, last: int) -> tuple[Source, int, int] | Refused:
    """Lines by their numbers in the new file, of which a diff shows some."""
    seen = new_side(subject, file)
    missing = next((number for number in range(first, last + 1) if seen.line(number) is None), 0)
    return Refused("not_shown", seen, number=missing) if missing else (seen, first, last)


def _near(source: Source, line: int) -> tuple[int, int]:
    """The short function that it is in, else two lines on either side."""
    whole = outline(source).around(line)
    if whole and 0 < whole.lines <= MOST_READ:
        return seen_around(source, whole.first, whole.last)
    return seen_around(source, max(1, line - 2), min(len(source.lines), line + 2))


def _lines_of(subject: Subject, file: str) -> Mapping[int, str] | None:
    """Of a diff the lines that it shows of a file; of one file all."""
    diff = subject.diff
    if diff is None:
        return dict(enumerate(subject.source.lines, 1))
    if not file and len(diff.files) == 1:
        file = diff.files[0].name
    if diff.file(file) is None:
        return None
    return {number: line for number, line in enumerate(new_side(subject, file).lines, 1) if line != UNSEEN}
