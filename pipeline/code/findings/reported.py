"""What a model reports of code: each finding is kept only if it quotes a line that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.code.findings.base import Finding, ordered

_NEAR = 3
"""Lines by which a model may have miscounted."""
_LEAST = 4
"""Letters of a quotation. Fewer could stand anywhere."""
_MOST = 50

Lines = Callable[[str], Mapping[int, str] | None]
"""Of a file's name to its lines by their numbers; an empty name: the one that is reviewed; None: there is
none such."""

PARAMETERS: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "findings": {
            "type": "array",
            "maxItems": _MOST,
            "items": {
                "type": "object",
                "properties": {
                    "severity": {"type": "string", "enum": ["high", "medium", "low"]},
                    "file": {
                        "type": "string",
                        "description": "as it is named in the diff; of one file leave it out",
                    },
                    "line": {"type": "integer", "minimum": 1, "description": "its number, in the new file"},
                    "quote": {"type": "string", "description": "that line, word for word"},
                    "what": {
                        "type": "string",
                        "maxLength": 300,
                        "description": "what is wrong, in one sentence",
                    },
                    "why": {"type": "string", "maxLength": 300, "description": "what comes of it"},
                    "suggestion": {"type": "string", "maxLength": 300, "description": "what to do instead"},
                },
                "required": ["severity", "line", "quote", "what"],
            },
        }
    },
    "required": ["findings"],
}


@dataclass(frozen=True, slots=True)
class Reported:
    """``dropped``: so many named a line that does not say what they quote."""

    findings: tuple[Finding, ...]
    dropped: int


def checked(reports: Iterable[Mapping[str, Any]], lines: Lines) -> Reported:
    """``reports``: as ``PARAMETERS`` has them."""
    every = [_checked(report, lines) for report in reports]
    kept = [finding for finding in every if finding]
    return Reported(ordered(kept), len(every) - len(kept))


def _checked(report: Mapping[str, Any], lines: Lines) -> Finding | None:
    there = lines(report.get("file", ""))
    at = _where(there, report["line"], report["quote"]) if there else 0
    if not there or not at:
        return None
    told = {key: " ".join(report.get(key, "").split()) for key in ("what", "why", "suggestion")}
    return Finding("", report["severity"], at, there[at], report.get("file", ""), **told)


def _where(there: Mapping[int, str], line: int, quote: str) -> int:
    """The line that has the quotation: the one that was named, or the only such one near it; 0: none."""
    wanted = _plain(quote)
    if len(wanted) < _LEAST:
        whole = _plain(there.get(line, ""))
        return line if wanted and wanted == whole else 0
    if wanted in _plain(there.get(line, "")):
        return line
    near = [n for n in range(line - _NEAR, line + _NEAR + 1) if wanted in _plain(there.get(n, ""))]
    return near[0] if len(near) == 1 else 0


def _plain(text: str) -> str:
    return " ".join(text.split())
