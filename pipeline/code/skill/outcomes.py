"""What came of a question to code, as values; ``text``: for a model, as JSON or a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.code.diffs.changes import Changes
from pipeline.code.findings.base import Finding
from pipeline.code.outline.base import Outline, Part
from pipeline.code.outline.outline import Inside
from pipeline.code.source import Source

MOST_READ = 20
"""Lines that are spoken at once."""
_LONGEST = 6500
"""Letters of lines that a model gets at once."""
Aspect = Literal["all", "why", "fix"]
Refusal = Literal[
    "no_code", "no_line", "no_part", "no_name", "no_file", "no_finding", "no_review", "not_shown",
    "no_folder", "which_folder", "no_changes", "one_version", "unchanged", "last_one", "first_one", "closed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no such thing. ``source``: in what; ``named``: what is missing."""

    why: Refusal
    source: Source | None = None
    number: int = 0
    named: str = ""
    all: int = 0
    names: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        details = {"number": self.number, "named": self.named, "of": self.all, "there_are": list(self.names),
                   "lines": len(self.source.lines) if self.source else 0}  # fmt: skip
        return _json({"not_found": self.why, **{key: value for key, value in details.items() if value}})


@dataclass(frozen=True, slots=True)
class LinesRead:
    source: Source
    first: int
    last: int
    spelled: bool = False

    @property
    def text(self) -> str:
        return _json({**_head(self.source), **numbered(self.source, self.first, self.last)})


@dataclass(frozen=True, slots=True)
class Shown:
    """To be seen on the screen."""

    source: Source
    first: int
    last: int

    @property
    def text(self) -> str:
        return _json({**_head(self.source), **numbered(self.source, self.first, self.last)})


@dataclass(frozen=True, slots=True)
class PartTold:
    """``number`` of ``count`` such parts; ``brief``: only where it is."""

    source: Source
    part: Part
    inside: Inside
    number: int = 1
    count: int = 1
    brief: bool = False

    @property
    def text(self) -> str:
        lines = numbered(self.source, self.part.first, self.part.last or self.part.first)
        return _json({**_head(self.source), **_part(self.part), "calls": list(self.inside.calls), **lines})


@dataclass(frozen=True, slots=True)
class FileTold:
    source: Source
    outline: Outline
    findings: tuple[Finding, ...]
    risks_only: bool = False

    @property
    def text(self) -> str:
        told = {"says": self.outline.doc, "imports": list(self.outline.imports),
                "parts": [_part(part) for part in self.outline.named[:60]],
                "cannot_be_parsed_at_line": self.outline.broken,
                "risky": [{"line": each.line, "rule": each.rule, "quote": each.quote.strip()[:120]}
                          for each in self.findings[:20]]}  # fmt: skip
        return _json({**_head(self.source), **{key: value for key, value in told.items() if value}})


@dataclass(frozen=True, slots=True)
class ChangesTold:
    changes: tuple[Changes, ...]
    complete: bool = True

    @property
    def text(self) -> str:
        return _json({"files": [_change(each) for each in self.changes[:40]], "cut_off": not self.complete})


@dataclass(frozen=True, slots=True)
class Reviewed:
    """``dropped``: findings of a model that quote no line. ``lines``: so many were looked at."""

    name: str
    lines: int
    findings: tuple[Finding, ...]
    dropped: int = 0
    source: Source | None = None

    @property
    def text(self) -> str:
        found = [
            {"number": n, "severity": each.severity, "line": each.line, "rule": each.rule or each.what,
             "quote": each.quote.strip()[:120], **({"file": each.file} if each.file else {})}
            for n, each in enumerate(self.findings[:30], 1)
        ]  # fmt: skip
        lines = numbered(self.source, 1, len(self.source.lines)) if self.source else {}
        return _json({"name": self.name, "findings": found, "left_out": self.dropped, **lines})


@dataclass(frozen=True, slots=True)
class FindingTold:
    finding: Finding
    number: int
    all: int
    aspect: Aspect = "all"
    several_files: bool = False
    edge: bool = False
    """Nothing comes behind it."""
    dropped: int = 0
    """Findings that are left out, where nobody was told of them yet."""

    @property
    def text(self) -> str:
        each = self.finding
        said = {"what": each.what, "why": each.why, "suggestion": each.suggestion, "rule": each.rule}
        told = {"number": self.number, "of": self.all, "severity": each.severity, "file": each.file,
                "line": each.line, "quote": each.quote, **said}  # fmt: skip
        return _json({key: value for key, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class Standing:
    number: int
    all: int

    @property
    def text(self) -> str:
        return _json({"number": self.number, "of": self.all})


Outcome = Refused | LinesRead | Shown | PartTold | FileTold | ChangesTold | Reviewed | FindingTold | Standing


def numbered(source: Source, first: int, last: int) -> dict[str, Any]:
    """Lines by their numbers, as many as a result may hold; with the first that was left out."""
    lines, length = dict[str, str](), 0
    for number in range(first, last + 1):
        line = source.line(number) or ""
        length += len(line) + 12
        if length > _LONGEST and lines:
            return {"lines": lines, "more_from_line": number}
        lines[str(number)] = line[:_LONGEST]
    return {"lines": lines}


def _head(source: Source) -> dict[str, Any]:
    told = {"file": source.name, "language": source.language.name, "lines_in_all": len(source.lines)}
    return {key: value for key, value in told.items() if value}


def _part(part: Part) -> dict[str, Any]:
    told = {"kind": part.kind, "name": part.name, "first_line": part.first, "last_line": part.last,
            "parameters": list(part.parameters), "says": part.doc, "inside": list(part.inside)}  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _change(each: Changes) -> dict[str, Any]:
    told = {"file": each.file, "status": each.status, "was": each.renamed_from, "added": each.added,
            "taken_away": each.taken, "new": list(each.new), "gone": list(each.gone),
            "changed": [{"name": one.name, "gained": list(one.gained), "lost": list(one.lost)}
                        for one in each.changed]}  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _json(told: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
