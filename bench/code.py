"""Twenty files in ten languages and ten diffs with planted faults: what is found of them without a model, in
the right line, and what is told that is none.

python -m bench.code [--talk]        ``--talk``: a conversation about each, as it would be said
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import code_cases
from pipeline.code.diffs.changes import of_diff
from pipeline.code.diffs.parse import is_diff, parse
from pipeline.code.findings.base import Finding
from pipeline.code.findings.review import review, review_diff
from pipeline.code.outline.outline import outline
from pipeline.code.skill.answers import say_outcome
from pipeline.code.skill.outcomes import ChangesTold, FileTold, FindingTold, Reviewed
from pipeline.code.source import source_of

_MARK = re.compile(r"[ \t]*§([\w?,]+)$", re.MULTILINE)
_BEYOND = "?"


@dataclass(frozen=True)
class Case:
    """``faults``: rule and line, of a diff with the file before it."""

    name: str
    text: str
    faults: Counter[tuple[str, int]]


def cases(kind: str) -> list[Case]:
    folder = Path(code_cases.__file__).parent
    entries = tomllib.loads((folder / f"{kind}.toml").read_text("utf-8"))
    return [_case(name, text) for name, text in entries.items()]


def _case(name: str, marked: str) -> Case:
    text = _MARK.sub("", marked)
    numbers = dict(_new_lines(text)) if is_diff(text) else {}
    faults = Counter[tuple[str, int]]()
    for number, line in enumerate(marked.split("\n"), 1):
        if mark := _MARK.search(line):
            faults.update((rule, numbers.get(number, number)) for rule in mark[1].split(","))
    return Case(name, text, faults)


def _new_lines(text: str) -> Iterator[tuple[int, int]]:
    """From a line of the diff to its number in the new file."""
    at = 0
    for file in parse(text).files:
        at += len(file.raw)
        for hunk in file.hunks:
            lines = iter(hunk.lines)
            for number, raw in enumerate(hunk.raw[1:], at + 2):
                if not raw.startswith("\\"):
                    yield number, next(lines).new
            at += len(hunk.raw)


def found_in(case: Case) -> tuple[Finding, ...]:
    if is_diff(case.text):
        return review_diff(parse(case.text))
    return review(source_of(case.text, case.name))


def judge(case: Case) -> tuple[int, int, int, list[str]]:
    """Found, missed, false, and what was missed or false in words."""
    found = Counter((each.rule, each.line) for each in found_in(case))
    planted = Counter({key: count for key, count in case.faults.items() if key[0] != _BEYOND})
    right, missed, false = found & planted, planted - found, found - planted
    said = [f"missed {rule} in line {line}" for rule, line in missed]
    said += [f"false {rule} in line {line}" for rule, line in false]
    return right.total(), missed.total(), false.total(), said


def talk(case: Case, language: str) -> Iterator[str]:
    """As it is said to a person who asks what it is, and has it reviewed."""
    findings, source = found_in(case), source_of(case.text, case.name)
    if is_diff(case.text):
        yield say_outcome(ChangesTold(of_diff(parse(case.text)), parse(case.text).complete), language)
    else:
        yield say_outcome(FileTold(source, outline(source), findings), language)
    yield say_outcome(Reviewed(case.name, len(source.lines), findings), language)
    several = len({each.file for each in findings}) > 1
    for number, finding in enumerate(findings, 1):
        told = FindingTold(finding, number, len(findings), several_files=several)
        yield say_outcome(told, language)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m bench.code", description=__doc__)
    options.add_argument("--talk", action="store_true")
    options.add_argument("--language", default="en")
    chosen = options.parse_args()
    wrong = 0
    for kind in ("files", "diffs"):
        total = Counter[str]()
        for case in cases(kind):
            right, missed, false, said = judge(case)
            beyond = sum(count for (rule, _), count in case.faults.items() if rule == _BEYOND)
            total.update(right=right, missed=missed, false=false, beyond=beyond)
            counts = f"{right:3} found {missed:3} missed {false:3} false"
            print(f"{case.name:16} {counts}  {'; '.join(said)}")
            if chosen.talk:
                print("\n".join(f"    {line}" for line in talk(case, chosen.language)))
        planted = total["right"] + total["missed"]
        print(f"{kind}: {total['right']} of {planted} found in the right line, {total['false']} false")
        print(f"{total['beyond']} more need a reader who understands the code\n")
        wrong += total["missed"] + total["false"]
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
