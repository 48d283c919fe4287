"""Unified diffs, read: git's and those of ``diff -u``. Pure, and whatever the text is nothing is raised.

What a hunk holds is counted, as its header says: a line that was taken away may begin with ``---`` too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.code.diffs.base import Diff, DiffLine, FileDiff, Hunk, Status

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*?)\r?")
_GIT = re.compile(r"diff --git (?:\"?[a-z]/(.+?)\"? \"?[a-z]/(.+?)\"?|(\S+) (\S+))\r?")
_NAME = re.compile(r"(?:---|\+\+\+) (\"(?:[^\"\\]|\\.)*\"|[^\t\r]*)(?:\t.*)?\r?")
_MOVED = re.compile(r"(rename|copy) (from|to) (.+?)\r?")
_BINARY = re.compile(r"(?:Binary files (.+) and (.+) differ|GIT binary patch)\r?")
_STATUS: tuple[tuple[str, Status], ...] = (
    ("new file mode", "added"), ("deleted file mode", "deleted"), ("rename from", "renamed"),
    ("copy from", "copied"), ("old mode", "mode"),
)  # fmt: skip
_ESCAPED = re.compile(r"\\([0-7]{3}|.)")
_ESCAPES = {"n": b"\n", "t": b"\t", "r": b"\r", "a": b"\a", "b": b"\b", "f": b"\f", "v": b"\v"}
_NOWHERE = "/dev/null"


def is_diff(text: str) -> bool:
    """Whether it is one: it has a hunk, or a header of git."""
    return any(file.hunks or file.status != "changed" or file.binary for file in parse(text).files)


def parse(text: str) -> Diff:
    """``parse(text).render()`` is ``text``."""
    lines = text.split("\n")
    files, begun, at = list[FileDiff](), 0, 0
    while at < len(lines):
        if not _begins(lines, at):
            at += 1
            continue
        header_end = _header_end(lines, at)
        header, hunks = lines[at:header_end], list[Hunk]()
        before, at = lines[begun:at], header_end
        while at < len(lines) and (hunk := _hunk(lines, at)):
            hunks.append(hunk)
            at += len(hunk.raw)
        files.append(_file(before, header, hunks))
        begun = at
    return Diff(tuple(files), tuple(lines[begun:]))


def _begins(lines: Sequence[str], at: int) -> bool:
    """A file of a diff: git's header, or the two names, or a hunk without any."""
    line = lines[at]
    return line.startswith("diff --git ") or _two_names(lines, at) or bool(_HUNK.fullmatch(line))


def _two_names(lines: Sequence[str], at: int) -> bool:
    return (
        lines[at].startswith("--- ")
        and at + 2 < len(lines)
        and lines[at + 1].startswith("+++ ")
        and bool(_HUNK.fullmatch(lines[at + 2]))
    )


def _header_end(lines: Sequence[str], at: int) -> int:
    """Where its hunks begin, or the next file does."""
    if _HUNK.fullmatch(lines[at]):
        return at
    if lines[at].startswith("--- "):
        return at + 2
    end = at + 1
    while end < len(lines) and not lines[end].startswith("diff --git ") and not _HUNK.fullmatch(lines[end]):
        if _two_names(lines, end):
            return end + 2
        end += 1
    return end


def _hunk(lines: Sequence[str], at: int) -> Hunk | None:
    header = _HUNK.fullmatch(lines[at])
    if header is None:
        return None
    old, new = int(header[1]), int(header[3])
    old_left, new_left = int(header[2] or 1), int(header[4] or 1)
    found, end = list[DiffLine](), at + 1
    while end < len(lines) and (old_left > 0 or new_left > 0):
        line = _line(lines, end, old, new)
        if line is None:
            if not lines[end].startswith("\\"):
                break
        else:
            found.append(line)
            old, old_left = old + (line.sign != "+"), old_left - (line.sign != "+")
            new, new_left = new + (line.sign != "-"), new_left - (line.sign != "-")
        end += 1
    if end < len(lines) and lines[end].startswith("\\ "):
        end += 1
    complete = old_left <= 0 and new_left <= 0
    return Hunk(int(header[1]), int(header[3]), header[5], tuple(found), tuple(lines[at:end]), complete)


def _line(lines: Sequence[str], at: int, old: int, new: int) -> DiffLine | None:
    text = lines[at]
    if text in ("", "\r"):  # an editor took the space away; behind the last line nothing stands
        return DiffLine(" ", "", old, new) if at + 1 < len(lines) else None
    match text[0]:
        case "+":
            return DiffLine("+", text[1:].removesuffix("\r"), 0, new)
        case "-":
            return DiffLine("-", text[1:].removesuffix("\r"), old, 0)
        case " ":
            return DiffLine(" ", text[1:].removesuffix("\r"), old, new)
        case _:
            return None


def _file(before: Sequence[str], header: Sequence[str], hunks: Sequence[Hunk]) -> FileDiff:
    old, new = _names(header)
    status = next((name for begin, name in _STATUS if any(line.startswith(begin) for line in header)), None)
    if status in (None, "mode"):
        named: Status = "added" if old == _NOWHERE else "deleted" if new == _NOWHERE else "changed"
        status = named if hunks or status is None else "mode"
    binary = any(_BINARY.fullmatch(line) for line in header)
    assert status is not None
    old = "" if status == "added" or old == _NOWHERE else old
    new = "" if status == "deleted" or new == _NOWHERE else new
    return FileDiff(old, new, status, tuple(hunks), (*before, *header), binary)


def _names(header: Sequence[str]) -> tuple[str, str]:
    """From the surest: those alone on a line, of ``---`` and ``+++``, then of git's first line."""
    git = bool(header) and header[0].startswith("diff --git ")
    moved = {match[2]: match[3] for line in header if (match := _MOVED.fullmatch(line))}
    if moved.keys() == {"from", "to"}:
        return _unquoted(moved["from"]), _unquoted(moved["to"])
    plain = [match[1] for line in header if (match := _NAME.fullmatch(line))]
    if len(plain) >= 2:
        old, new = map(_unquoted, plain[-2:])
        return _without_prefix(old, new, git=git)
    first = _GIT.fullmatch(header[0]) if git else None
    if first is None:
        return "", ""
    old, new = (first[1], first[2]) if first[1] else (first[3], first[4])
    return _unquoted(old), _unquoted(new)


def _without_prefix(old: str, new: str, *, git: bool) -> tuple[str, str]:
    """git writes a letter and a slash before them, and so do those who imitate it."""
    marked = [len(name) > 2 and name[1] == "/" and name[0] in "abciow" for name in (old, new)]
    either = [mark or name == _NOWHERE for mark, name in zip(marked, (old, new), strict=True)]
    if not all(either) or not (git or (old[:2] == "a/" or new[:2] == "b/")):
        return old, new
    return (old[2:] if marked[0] else old), (new[2:] if marked[1] else new)


def _unquoted(name: str) -> str:
    """``"n\\303\\244me.py"``, as git writes what is not ASCII."""
    if "\\" not in name and not name.startswith('"'):
        return name
    inner = name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name
    parts, at = list[bytes](), 0
    for escaped in _ESCAPED.finditer(inner):
        parts += [_encoded(inner[at : escaped.start()]), _letter(escaped[1])]
        at = escaped.end()
    return (b"".join(parts) + _encoded(inner[at:])).decode("utf-8", "replace")


def _letter(code: str) -> bytes:
    return bytes([int(code, 8) & 255]) if len(code) == 3 else _ESCAPES.get(code, _encoded(code))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
