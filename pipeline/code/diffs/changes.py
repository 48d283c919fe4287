"""What changed, counted and named: lines, and the functions and classes that they are in."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.code.diffs.base import Diff, FileDiff, Hunk
from pipeline.code.outline.base import Outline, Part
from pipeline.code.outline.outline import outline
from pipeline.code.outline.pattern_outline import pattern_outline
from pipeline.code.source import Source, source_of

_AT_MOST = 1_000_000
"""Pairs of lines that are all compared; of more, lines that stand everywhere are not."""


@dataclass(frozen=True, slots=True)
class PartChange:
    """Of a function or class. ``gained`` and ``lost``: parameters."""

    name: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """``added`` and ``taken``: lines."""

    file: str
    added: int
    taken: int
    changed: tuple[PartChange, ...] = ()
    new: tuple[str, ...] = ()
    """Names of functions and classes that came."""
    gone: tuple[str, ...] = ()
    renamed_from: str = ""
    status: str = "changed"
    binary: bool = False


# Two versions -----------------------------------------------------------------------------------


def between(old: Source, new: Source) -> Changes:
    """Of two versions of the same code, all of which is there."""
    taken, added = changed_lines(old.lines, new.lines)
    touched = _touched(outline(old), taken) | _touched(outline(new), added)
    changed, came, gone = _parts(outline(old), outline(new), touched)
    return Changes(new.name, len(added), len(taken), changed, came, gone)


def changed_lines(old: Sequence[str], new: Sequence[str]) -> tuple[set[int], set[int]]:
    """The numbers of those that were taken away and of those that were added."""
    same = _alike(old, new)
    end = _alike(old[same:][::-1], new[same:][::-1])
    before, after = old[same : len(old) - end], new[same : len(new) - end]
    junk = len(before) * len(after) > _AT_MOST
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=junk).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    taken = {same + n for _, first, last, _, _ in changed for n in range(first + 1, last + 1)}
    return taken, {same + n for _, _, _, first, last in changed for n in range(first + 1, last + 1)}


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """So many lines are the same at the beginning."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _touched(whole: Outline, lines: Iterable[int]) -> set[str]:
    """Names of the innermost parts in which those lines are."""
    return {full_name(part) for line in lines if (part := whole.around(line))}


def full_name(part: Part) -> str:
    """``Report.total``."""
    return ".".join((*part.inside, part.name))


def _parts(
    old: Outline, new: Outline, touched: set[str]
) -> tuple[tuple[PartChange, ...], tuple[str, ...], tuple[str, ...]]:
    """Those that changed, came and went, in their order."""
    before = {full_name(part): part for part in old.named}
    after = {full_name(part): part for part in new.named}
    changed = [
        _changed(before[name], part) for name, part in after.items() if name in before and name in touched
    ]
    came = tuple(part.name for name, part in after.items() if name not in before)
    gone = tuple(part.name for name, part in before.items() if name not in after)
    return tuple(changed), came, gone


def _changed(old: Part, new: Part) -> PartChange:
    gained = tuple(name for name in new.parameters if name not in old.parameters)
    lost = tuple(name for name in old.parameters if name not in new.parameters)
    return PartChange(new.name, gained, lost)


# A diff -----------------------------------------------------------------------------------------


def of_diff(diff: Diff) -> tuple[Changes, ...]:
    """Of each file, by what its hunks show."""
    return tuple(map(of_file, diff.files))


def of_file(file: FileDiff) -> Changes:
    changed, came, gone = dict[str, PartChange](), list[str](), list[str]()
    for hunk in file.hunks:
        one, new, old = _of_hunk(hunk, file.name)
        for each in one:
            known = changed.get(each.name, each)
            gained, lost = (*known.gained, *each.gained), (*known.lost, *each.lost)
            changed[each.name] = PartChange(each.name, _once(gained), _once(lost))
        came += new
        gone += old
    moved = set(came) & set(gone)
    for name in moved:
        changed.setdefault(name, PartChange(name))
    came, gone = ([name for name in each if name not in moved] for each in (came, gone))
    for name in (*came, *gone):
        changed.pop(name, None)
    renamed = file.old if file.status in ("renamed", "copied") else ""
    return Changes(
        file.name, file.added, file.taken, tuple(changed.values()), _once(came), _once(gone), renamed,
        file.status, file.binary,
    )  # fmt: skip


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _of_hunk(hunk: Hunk, name: str) -> tuple[list[PartChange], list[str], list[str]]:
    """By what its lines look like before and after; above the first head in it stands git's."""
    above = _above(hunk, name)
    old_lines = [line for line in hunk.lines if line.sign != "+"]
    new_lines = [line for line in hunk.lines if line.sign != "-"]
    old = pattern_outline(source_of("\n".join(line.text for line in old_lines), name))
    new = pattern_outline(source_of("\n".join(line.text for line in new_lines), name))
    heads_gone = {n for n, line in enumerate(old_lines, 1) if line.sign == "-"}
    heads_new = {n for n, line in enumerate(new_lines, 1) if line.sign == "+"}
    before = {part.name: part for part in old.named}
    after = {part.name: part for part in new.named}
    came = [part.name for part in new.named if part.first in heads_new and part.name not in before]
    gone = [part.name for part in old.named if part.first in heads_gone and part.name not in after]
    touched = _names(old, heads_gone, above) + _names(new, heads_new, above)
    changed = [
        _changed(before[each], after[each]) if each in before and each in after else PartChange(each)
        for each in _once(touched)
        if each not in came and each not in gone
    ]
    return changed, came, gone


def _names(whole: Outline, lines: Iterable[int], above: str) -> list[str]:
    """Of each changed line the part that it is in, the one above where the stretch shows none."""
    found = list[str]()
    for line in sorted(lines):
        part = whole.around(line) or _open_at(whole, line)
        name = part.name if part else ("" if _after_any(whole, line) else above)
        found += [name] if name else []
    return found


def _open_at(whole: Outline, line: int) -> Part | None:
    """The last head before it whose end the stretch does not show."""
    open_parts = [part for part in whole.named if part.first <= line and not part.last]
    return open_parts[-1] if open_parts else None


def _after_any(whole: Outline, line: int) -> bool:
    """Something that began in the stretch has ended before it: what was above has ended too."""
    return any(part.last and part.last < line for part in whole.named)


def _above(hunk: Hunk, name: str) -> str:
    heads = pattern_outline(source_of(hunk.section, name)).named
    return heads[-1].name if heads else ""
