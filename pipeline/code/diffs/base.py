"""A unified diff as values: its files, their hunks, and each line with its number in the new file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Status = Literal["changed", "added", "deleted", "renamed", "copied", "mode"]
Sign = Literal[" ", "+", "-"]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """``old`` and ``new``: its numbers in either file, the first being 1; 0: it is not in that one."""

    sign: Sign
    text: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of changed lines with those around them."""

    old_start: int
    new_start: int
    section: str
    """What stands behind the second @@: the line of the function that it is in, where git knows."""
    lines: tuple[DiffLine, ...]
    raw: tuple[str, ...]
    """As it was written, with its header and “\\ No newline at end of file”."""
    complete: bool = True
    """False: it has fewer lines than its header says."""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What became of one file. ``old`` and ``new``: its names, without ``a/`` and ``b/``; empty where there
    was or is none.
    """

    old: str
    new: str
    status: Status
    hunks: tuple[Hunk, ...] = ()
    raw: tuple[str, ...] = ()
    """The lines before its first hunk, as they were written, and what stood before those."""
    binary: bool = False

    @property
    def name(self) -> str:
        """What it is called now, or was."""
        return self.new or self.old

    @property
    def lines(self) -> Iterator[DiffLine]:
        return (line for hunk in self.hunks for line in hunk.lines)

    @property
    def added(self) -> int:
        return sum(line.sign == "+" for line in self.lines)

    @property
    def taken(self) -> int:
        return sum(line.sign == "-" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Diff:
    """``rest``: lines behind the last file, as they were written."""

    files: tuple[FileDiff, ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Nothing of it was cut off."""
        return all(hunk.complete for file in self.files for hunk in file.hunks)

    def file(self, name: str) -> FileDiff | None:
        """The one of that name, or the only one whose path ends with it."""
        whole = [each for each in self.files if name in (each.new, each.old)]
        found = whole or [
            each for each in self.files if each.name.split("/")[-1].casefold() == name.casefold()
        ]
        return found[0] if len(found) == 1 else None

    def render(self) -> str:
        """It again, as it was written."""
        raw = [line for file in self.files for line in (*file.raw, *_raw(file))]
        return "\n".join((*raw, *self.rest))


def _raw(file: FileDiff) -> Iterator[str]:
    return (line for hunk in file.hunks for line in hunk.raw)
