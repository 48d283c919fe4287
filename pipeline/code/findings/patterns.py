"""What is found line by line, in any language: ``risks.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.code.findings.base import Finding, Severity
from pipeline.code.masking import masked
from pipeline.code.source import Source

_LONGEST = 1000
"""Letters of a line; a longer one was written by a program."""
Where = Literal["code", "texts", "comments", "line"]


@dataclass(frozen=True, slots=True)
class Rule:
    """``languages``: empty: in all. ``but``: not where this is found as well."""

    id: str
    severity: Severity
    languages: frozenset[str]
    where: Where
    find: re.Pattern[str]
    but: re.Pattern[str] | None


@functools.cache
def rules() -> tuple[Rule, ...]:
    data = tomllib.loads(Path(__file__).with_name("risks.toml").read_text("utf-8"))
    return tuple(map(_rule, data["rule"]))


def _rule(entry: Mapping[str, Any]) -> Rule:
    but = re.compile(entry["but"]) if "but" in entry else None
    languages = frozenset(entry.get("languages", ()))
    return Rule(entry["id"], entry["severity"], languages, entry["in"], re.compile(entry["find"]), but)


@functools.cache
def _of(language: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if not rule.languages or language in rule.languages)


def pattern_findings(source: Source) -> Iterator[Finding]:
    """In their order, each rule once a line."""
    hidden = masked(source)
    looked: Mapping[Where, Sequence[str]] = {
        "code": hidden.code, "texts": hidden.texts, "comments": hidden.comments, "line": source.lines,
    }  # fmt: skip
    for number, line in enumerate(source.lines, 1):
        if len(line) > _LONGEST:
            continue
        found = dict[str, Finding]()
        for rule in _of(source.language.id):
            text = looked[rule.where][number - 1]
            match = rule.find.search(text) if text else None
            if match is None or (rule.but and rule.but.search(line)):
                continue
            named = match.groupdict().get("name") or ""
            found.setdefault(
                rule.id, Finding(rule.id, rule.severity, number, line, source.name, named.strip("\"' "))
            )
        yield from found.values()
    yield from _indentation(source)


def _indentation(source: Source) -> Iterator[Finding]:
    """Tabs on some lines and spaces on others: told at the first line that differs."""
    if source.language.id in ("make", ""):
        return
    marks = [
        (n, line[0]) for n, line in enumerate(source.lines, 1) if line[:1] in ("\t", " ") and line.strip()
    ]
    if len({mark for _, mark in marks}) > 1:
        first = marks[0][1]
        number = next(n for n, mark in marks if mark != first)
        severity: Severity = "medium" if source.language.ends == "indent" else "low"
        yield Finding("mixed_indent", severity, number, source.lines[number - 1], source.name)
