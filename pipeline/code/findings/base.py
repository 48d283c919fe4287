"""A finding: what may be wrong, in which line, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule``: whose words stand in ``config/language/LANGUAGE/code.toml``; empty: a model's own, in the
    language of the conversation.
    """

    rule: str
    severity: Severity
    line: int
    quote: str
    """The line as it stands."""
    file: str = ""
    named: str = ""
    """The name it is about."""
    what: str = ""
    why: str = ""
    suggestion: str = ""


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first, then as they stand; what one rule finds in a line once."""
    ranks, once = get_args(Severity), dict[object, Finding]()
    for each in findings:
        once.setdefault((each.rule, each.what, each.file, each.line), each)
    return tuple(sorted(once.values(), key=lambda each: (ranks.index(each.severity), each.file, each.line)))
