"""Which code is spoken of: a file that is open, or what stood in an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.code.diffs.base import Diff
from pipeline.code.diffs.parse import is_diff, parse
from pipeline.code.files import DIFFS, Answers, CodeFile, CodeFiles, is_code
from pipeline.code.outline.outline import outline
from pipeline.code.source import Source, code_blocks, source_of, text_of
from pipeline.files.base import FileContent
from vision.images.names import shown_name

_LATELY = 20
"""Answers that are looked through for code."""
_FENCES = ("```", "~~~")


@dataclass(frozen=True, slots=True)
class Subject:
    """``diff``: what it is, where it is one. ``before``: an earlier version of it."""

    source: Source
    diff: Diff | None = None
    before: Source | None = None


class Subjects:
    """What was read of a file is kept with its content; a file that is read anew has a version before."""

    def __init__(self, files: CodeFiles, answers: Answers) -> None:
        self._given: Subject | None = None
        self._given_at = -1
        self._files = files
        self._answers = answers
        self._known: dict[Path, tuple[FileContent, Subject, int]] = {}
        """Of each file its content, what is in it, and how many answers there were when it was opened."""

    def latest(self) -> Subject | None:
        """The file that was opened or spoken of last, or code that an answer has had since."""
        file, answers = self._file(), self._answers()
        opened_at = -1
        subject = None
        if file is not None:
            subject, opened_at = self._of_file(file, len(answers))
        if self._given is not None and self._given_at >= opened_at:
            subject, opened_at = self._given, self._given_at
        blocks = self._blocks(answers[max(opened_at, len(answers) - _LATELY, 0) :])
        if blocks:
            return _of_answers(blocks)
        return subject

    def give(self, text: str, name: str) -> Subject:
        """What is no file of its own is spoken of from now on."""
        self._given, self._given_at = Subject(source_of(text, name), parse(text)), len(self._answers())
        return self._given

    def answered_lately(self) -> bool:
        """Whether the last answer had code."""
        return bool(self._blocks(self._answers()[-1:]))

    def called(self, name: str) -> Subject | None:
        """The open file of that name; empty: the one that is spoken of."""
        if not name:
            return self.latest()
        wanted = name.casefold()
        found = [file for file in self._files.all if is_code(file.content)
                 and wanted in (file.content.name.casefold(), str(file.path).casefold())]  # fmt: skip
        return self._of_file(found[-1], len(self._answers()))[0] if found else None

    def prepare(self, file: CodeFile) -> None:
        """It is read now, and not when somebody asks for it."""
        if is_code(file.content):
            outline(self._of_file(file, len(self._answers()))[0].source)

    def _file(self) -> CodeFile | None:
        latest = self._files.latest
        if latest is not None and is_code(latest.content):
            return latest
        return next((file for file in reversed(self._files.all) if is_code(file.content)), None)

    def _of_file(self, file: CodeFile, answers: int) -> tuple[Subject, int]:
        known = self._known.get(file.path)
        if known is None or known[0] is not file.content:
            before = known[1].source if known else None
            known = self._known[file.path] = (file.content, _read(file.content, before), answers)
        return known[1], known[2]

    def _blocks(self, answers: Sequence[str]) -> list[Source]:
        return code_blocks(each for each in answers if any(fence in each for fence in _FENCES))


def _read(content: FileContent, before: Source | None) -> Subject:
    text = text_of(content)
    source = source_of(text, shown_name(content.name, "code"))
    may_be = content.name.casefold().endswith(DIFFS) or not source.language.id
    diff = parse(text) if may_be and is_diff(text) else None
    return Subject(source, diff, before)


def _of_answers(blocks: Sequence[Source]) -> Subject:
    """The last code, and the version before it: the last other one in its language."""
    source = blocks[-1]
    diff = parse(source.text) if is_diff(source.text) else None
    before = next((each for each in reversed(blocks[:-1]) if each.language == source.language), None)
    return Subject(source, diff, before)
