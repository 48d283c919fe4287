"""All that is found in a file, or in what a diff adds, without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.code.diffs.base import Diff, FileDiff
from pipeline.code.findings.base import Finding, ordered
from pipeline.code.findings.patterns import pattern_findings
from pipeline.code.findings.python_names import python_name_findings
from pipeline.code.findings.python_risks import python_findings
from pipeline.code.outline.python_outline import unparsable
from pipeline.code.source import Source, source_of

_TEST = re.compile(r"(?:^|[/_.-])(?:tests?|spec)(?:[/_.-]|$)", re.IGNORECASE)
_TEST_LINE = re.compile(
    r"\s*(?:(?:async\s+)?def\s+test|(?:it|test|describe)\s*\(|@Test\b|#\[test\]|func\s+Test|assert)"
)
_SKIPPED = re.compile(
    r"@(?:pytest\.mark\.)?skip|\b(?:xit|it\.skip|test\.skip|describe\.skip)\s*\(|@Disabled\b|@Ignore\b"
)
_ONE_FILE = ("unused_import", "unused_variable", "hides_builtin", "many_branches")
"""What may be used in a part that a diff does not show."""


def review(source: Source) -> tuple[Finding, ...]:
    """Of a file, the gravest first."""
    return ordered(_found(source))


def _found(source: Source) -> Iterator[Finding]:
    found = list(pattern_findings(source))
    yield from found
    if source.language.id == "python":
        merging = any(each.rule == "merge_marker" for each in found)
        if (line := unparsable(source.text)) and not merging:
            yield Finding("broken", "high", line, source.line(line) or "", source.name)
        yield from python_findings(source)
        yield from python_name_findings(source)


def review_diff(diff: Diff) -> tuple[Finding, ...]:
    """Of the lines that it adds, with their numbers in the new file; and of what it takes away the tests."""
    return ordered(finding for file in diff.files for finding in _of_file(file))


def _of_file(file: FileDiff) -> Iterator[Finding]:
    for hunk in file.hunks:
        lines = [line for line in hunk.lines if line.sign != "-"]
        added = {line.new for line in lines if line.sign == "+"}
        if not lines or not added:
            continue
        begun = lines[0].new
        for found in _stretch("\n".join(line.text for line in lines), file.name):
            if begun + found.line - 1 in added:
                yield replace(found, line=begun + found.line - 1)
    yield from _about_tests(file)


def _stretch(text: str, name: str) -> Iterator[Finding]:
    """Of a piece of a file: Python alone is parsed, as if it stood at the margin."""
    source = source_of(text, name)
    found = list(pattern_findings(source))
    yield from found
    if source.language.id != "python":
        return
    for shifted in (text, _dedented(text)):
        if not unparsable(shifted):
            whole = source_of(shifted, name)
            yield from (
                replace(each, quote=source.line(each.line) or "")
                for each in (*python_findings(whole), *python_name_findings(whole))
                if each.rule not in _ONE_FILE
            )
            return
    yield from _line_by_line(source)


def _line_by_line(source: Source) -> Iterator[Finding]:
    """Where the piece begins or ends within something: each line that is a whole statement by itself."""
    for number, line in enumerate(source.lines, 1):
        bare = line.strip()
        for text in (bare, f"{bare}\n pass", f"try: pass\n{bare}\n pass"):
            if bare and not bare.startswith("#") and not unparsable(text):
                for each in python_findings(source_of(text, source.name)):
                    if each.rule not in ("unreachable", "swallowed"):
                        yield replace(each, line=number, quote=line)
                break


def _dedented(text: str) -> str:
    """Its least indentation taken away; lines further out are the rest of something and are let be."""
    lines = text.split("\n")
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[depth:] for line in lines)


def _about_tests(file: FileDiff) -> Iterator[Finding]:
    if not _TEST.search(file.name):
        return
    lines = list(file.lines)
    added = sum(line.sign == "+" and bool(_TEST_LINE.match(line.text)) for line in lines)
    gone = [line for line in lines if line.sign == "-" and _TEST_LINE.match(line.text)]
    if len(gone) > added:
        near = next((line.new for line in lines[lines.index(gone[0]) :] if line.new), 0)
        at = near or max((line.new for line in lines), default=0) or 1
        yield Finding("tests_removed", "medium", at, gone[0].text, file.name)
    for line in lines:
        if line.sign == "+" and _SKIPPED.search(line.text):
            yield Finding("test_skipped", "medium", line.new, line.text, file.name)
