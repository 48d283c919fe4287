"""What came of a question to code, in a person's own words: ``config/language/LANGUAGE/code.toml``."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from config.language.data import known, table
from config.language.phrases import phrases
from pipeline.code.diffs.changes import Changes, PartChange
from pipeline.code.findings.base import Finding, Severity
from pipeline.code.outline.base import NAMED, Part
from pipeline.code.skill.outcomes import (
    MOST_READ,
    ChangesTold,
    FileTold,
    FindingTold,
    LinesRead,
    Outcome,
    PartTold,
    Refused,
    Reviewed,
    Shown,
    Standing,
)
from pipeline.code.source import Source, shown
from pipeline.code.spoken import spelled_line, spoken_line
from vision.images.names import shown_name

_LONGEST_LINE = 200
_MOST_NAMES = 6
_MOST_RISKS = 3
_MOST_FILES = 4
_IDENTIFIER = re.compile(r"[\w$]+")
_NAME_FIRST = ("{name}", "{file}", "{old}")
"""A name stays as it is, also where a sentence begins with it."""
_MARK = re.compile(r"[.!?]$")


def say_outcome(outcome: Outcome, language: str) -> str:
    """As sentences. Code in it is spoken sign by sign, or shown as a block."""
    words = _words(known(language))
    return _WAYS[type(outcome)](words, outcome)


def say_saved(file: object, language: str) -> str:
    """``file``: its path, as the tool that saved it says."""
    if not isinstance(file, Path):
        return ""
    return _words(known(language)).say(
        "saved", name=shown_name(file.name), folder=shown_name(str(file.parent))
    )


def phrase(key: str, language: str) -> str:
    """One without anything to fill in."""
    return _words(known(language)).say(key)


@functools.cache
def _words(language: str) -> _Words:
    data = table(language, "code")
    rules = table(language, "code_findings")["rules"]
    return _Words(language, data["say"], data["counts"], data["kinds"], data["severities"], rules)


@dataclass(frozen=True, slots=True)
class _Words:
    language: str
    sentences: Mapping[str, str]
    counts: Mapping[str, Sequence[str]]
    kinds: Mapping[str, str]
    severities: Mapping[str, Sequence[str]]
    rules: Mapping[str, Sequence[str]]

    def say(self, key: str, **values: object) -> str:
        said = self.sentences[key].format(**values)
        return said if self.sentences[key].startswith(_NAME_FIRST) else _capital(said)

    def plain(self, key: str, **values: object) -> str:
        return self.sentences[key].format(**values)

    def count(self, what: str, number: int) -> str:
        return self.counts[what][number != 1].format(number)

    def listed(self, names: Iterable[str]) -> str:
        return phrases(self.language).listed([*names])

    def name(self, name: str) -> str:
        """Of a function: as code on the screen, by its words in speech."""
        return f"`{name}`" if _IDENTIFIER.fullmatch(name) else spoken_line(name, self.language)

    def names(self, names: Sequence[str]) -> str:
        said = [self.name(name) for name in names[:_MOST_NAMES]]
        return self.listed([*said, *self._more(len(names) - len(said))])

    def _more(self, count: int) -> list[str]:
        return [self.plain("more", count=count)] if count > 0 else []

    def some(self, said: Sequence[str], most: int) -> str:
        return self.listed([*said[:most], *self._more(len(said) - most)])

    def apart(self, said: Sequence[str], most: int) -> str:
        """As ``some``, for what has a comma in it itself."""
        return "; ".join([*said[:most], *self._more(len(said) - most)])

    def where(self, first: int, last: int) -> str:
        return self.plain("range", first=first, last=last) if last > first else self.plain("at", line=first)

    def source(self, source: Source, *, first: bool = False) -> str:
        """``first``: a sentence begins with it."""
        return source.name or (_capital(self.plain("code")) if first else self.plain("code"))

    def kind(self, part: Part) -> str:
        return self.kinds.get(part.kind, part.kind)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


# Lines ------------------------------------------------------------------------------------------


def _lines(words: _Words, read: LinesRead) -> str:
    tell = spelled_line if read.spelled else spoken_line
    last = min(read.last, read.first + MOST_READ - 1)
    said = [_line(words, number, read.source.line(number) or "", tell)
            for number in range(read.first, last + 1)]  # fmt: skip
    if read.last > last:
        asked = read.last - read.first + 1
        said.insert(0, words.say("from_to", first=read.first, last=last, asked=asked))
    return "\n".join(said)


def _line(words: _Words, number: int, line: str, tell: Callable[[str, str], str]) -> str:
    if not line.strip():
        return words.say("empty", line=number)
    text = tell(line[:_LONGEST_LINE], words.language)
    if more := len(line.rstrip()) - _LONGEST_LINE:
        text += f", {words.plain('line_goes_on', count=more)}" if more > 0 else ""
    return words.say("line", line=number, text=text)


def _shown(words: _Words, asked: Shown) -> str:
    return shown(asked.source, asked.first, asked.last)


# Parts ------------------------------------------------------------------------------------------


def _part(words: _Words, told: PartTold) -> str:
    part = told.part
    where = words.where(part.first, part.last)
    named = words.say("part", kind=words.kind(part), name=words.name(part.name), where=where)
    said = [named if part.name else words.say("nameless", kind=words.kind(part), where=where)]
    if told.count > 1:
        said.append(words.say("one_of", count=told.count, n=told.number))
    if part.inside:
        said.append(words.say("in_part", name=words.name(part.inside[-1])))
    if not told.brief:
        said += _details(words, told)
    return " ".join(said)


def _details(words: _Words, told: PartTold) -> list[str]:
    part, inside, said = told.part, told.inside, list[str]()
    if part.doc:
        said.append(words.say("doc", doc=_ended(part.doc)))
    if part.over:
        key = "loop_over" if part.kind == "loop" else "condition_over"
        said.append(words.say(key, over=spoken_line(part.over, words.language)))
    if part.parameters:
        said.append(words.say("takes", names=words.names([name.lstrip("*") for name in part.parameters])))
    elif part.kind in ("function", "method"):
        said.append(words.say("takes_nothing"))
    numbers = {"loop": inside.loops, "condition": inside.conditions, "returns": inside.returns,
               "raises": inside.raises}  # fmt: skip
    if counted := [words.count(what, number) for what, number in numbers.items() if number]:
        said.append(words.say("holds", list=words.listed(counted)))
    if inside.calls:
        said.append(words.say("calls", names=words.names(inside.calls)))
    return said if part.doc else [*said, words.say("without_llm")]


def _file(words: _Words, told: FileTold) -> str:
    source, whole = told.source, told.outline
    if told.risks_only:
        return _risks(words, told.findings) or words.say("not_risky")
    head = words.say("file", name=words.source(source, first=True), language=source.language.name or "–",
                     lines=words.count("lines", len(source.lines)))  # fmt: skip
    said = [head.replace(" –,", "")]
    if whole.doc:
        said.append(words.say("doc", doc=_ended(whole.doc)))
    if whole.broken:
        said.append(words.say("broken", line=whole.broken))
    said.append(_made_of(words, whole.named) if whole.named else words.say("no_parts"))
    if whole.named and not whole.sure:
        said.append(words.say("by_look"))
    if whole.imports:
        said.append(words.say("imports", names=words.names([*dict.fromkeys(whole.imports)])))
    return " ".join(filter(None, (*said, _risks(words, told.findings))))


def _made_of(words: _Words, parts: Sequence[Part]) -> str:
    """What it has is counted; what stands outermost is named."""
    counts = Counter(part.kind for part in parts)
    outermost = [part for part in parts if not part.inside]
    said = [words.plain("part_at", name=words.name(part.name), where=words.plain("at", line=part.first))
            for part in outermost]  # fmt: skip
    counted = [words.count(kind, number) for kind, number in counts.items() if kind in NAMED]
    return words.say("made_of", counts=words.listed(counted), names=words.apart(said, _MOST_NAMES))


def _risks(words: _Words, findings: Sequence[Finding]) -> str:
    grave = [each for each in findings if each.severity != "low"]
    said = [words.plain("risky_at", line=each.line, what=_bare(_what(words, each))) for each in grave]
    return words.say("risky", list=words.apart(said, _MOST_RISKS)) if said else ""


def _ended(text: str) -> str:
    return text if _MARK.search(text) else f"{text}."


def _bare(sentence: str) -> str:
    """To stand within another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


# Changes ----------------------------------------------------------------------------------------


def _changes(words: _Words, told: ChangesTold) -> str:
    several = len(told.changes) > 1
    said = [_all(words, told.changes)] if several else []
    said += [_change(words, each) for each in told.changes[:_MOST_FILES]]
    if len(told.changes) > _MOST_FILES:
        rest = [shown_name(each.file) for each in told.changes[_MOST_FILES:]]
        said.append(_ended(words.some(rest, _MOST_NAMES)))
    return " ".join([*said, *([] if told.complete else [words.say("cut_off")])])


def _all(words: _Words, changes: Sequence[Changes]) -> str:
    added, taken = (sum(each) for each in zip(*((one.added, one.taken) for one in changes), strict=True))
    files = words.count("files", len(changes))
    return words.say("changed_all", files=files, counts=_line_counts(words, added, taken))


def _line_counts(words: _Words, added: int, taken: int) -> str:
    """“14 lines added, 3 taken away”; what there is none of is left out."""
    said = [words.count("added", added)] if added or not taken else []
    said += [words.count("taken" if said else "taken_alone", taken)] if taken else []
    return ", ".join(said)


def _change(words: _Words, each: Changes) -> str:
    name = shown_name(each.file, _capital(words.plain("code")))
    if each.binary:
        return words.say("file_binary", file=name)
    if each.status == "mode":
        return words.say("file_mode", file=name)
    if each.status in ("added", "deleted"):
        lines = words.count("lines", each.added or each.taken)
        said = [words.say(f"file_{each.status}", file=name, lines=lines)]
        return " ".join(said + ([_new(words, each)] if each.status == "added" and each.new else []))
    said = []
    if each.renamed_from:
        said.append(words.say("file_renamed", old=shown_name(each.renamed_from), file=name))
    if each.added or each.taken:
        counts = _line_counts(words, each.added, each.taken)
        said.append(words.say("changed_file", file=name, counts=counts))
    if each.changed:
        parts = words.apart([_part_change(words, one) for one in each.changed], _MOST_NAMES)
        count = words.count("changed", len(each.changed))
        said.append(words.say("changed_parts", count=count, list=parts))
    if not said:
        return words.say("file_unclear", file=name)
    said += [_new(words, each)] if each.new else []
    said += [words.say("changed_gone", names=words.names(each.gone))] if each.gone else []
    return " ".join(said)


def _new(words: _Words, each: Changes) -> str:
    return words.say("changed_new", names=words.names(each.new))


def _part_change(words: _Words, change: PartChange) -> str:
    name = words.name(change.name)
    gained, lost = (
        words.names([each.lstrip("*") for each in names]) for names in (change.gained, change.lost)
    )
    if gained and lost:
        return words.plain("gained_lost", name=name, names=gained, lost=lost)
    if gained or lost:
        return words.plain("gained" if gained else "lost", name=name, names=gained or lost)
    return name


# A review ---------------------------------------------------------------------------------------


def _reviewed(words: _Words, review: Reviewed) -> str:
    lines = words.count("lines", review.lines)
    name = review.name or words.plain("code")
    dropped = _dropped(words, review.dropped)
    if not review.findings:
        return " ".join([words.say("reviewed_none", name=name, lines=lines), *dropped])
    counts = Counter(each.severity for each in review.findings)
    severities = words.listed(
        words.plain("severity", count=counts[each], severity=words.severities[each][1 + (counts[each] != 1)])
        for each in get_args(Severity)
        if counts[each]
    )
    findings = words.count("findings", len(review.findings))
    return " ".join([words.say("reviewed", findings=findings, name=name, severities=severities), *dropped])


def _finding(words: _Words, told: FindingTold) -> str:
    each = told.finding
    what, why, fix = _what(words, each), _why(words, each), _fix(words, each)
    if told.aspect != "all":
        return (why if told.aspect == "why" else fix) or words.say("no_why")
    place = words.plain("place_in", file=shown_name(each.file), line=each.line)
    place = place if told.several_files else words.plain("place", line=each.line)
    said = words.say("finding", n=told.number, all=told.all, severity=words.severities[each.severity][0],
                     place=place, what=" ".join(filter(None, (what, why, fix))))  # fmt: skip
    more = [words.say("say_next")] if told.number == 1 and not told.edge else []
    return " ".join([said, *more, *_dropped(words, told.dropped)])


def _dropped(words: _Words, count: int) -> list[str]:
    """What a model reported and nobody hears of."""
    return [words.say("dropped", findings=words.count("findings", count))] if count else []


def _what(words: _Words, finding: Finding) -> str:
    return _ended(finding.what) if not finding.rule else _of_rule(words, finding, 0)


def _why(words: _Words, finding: Finding) -> str:
    return (_ended(finding.why) if finding.why else "") if not finding.rule else _of_rule(words, finding, 1)


def _fix(words: _Words, finding: Finding) -> str:
    own = finding.suggestion
    return (_ended(own) if own else "") if not finding.rule else _of_rule(words, finding, 2)


def _of_rule(words: _Words, finding: Finding, which: int) -> str:
    said = words.rules[finding.rule][which].format(name=words.name(finding.named) if finding.named else "")
    return said[:1].upper() + said[1:]


def _standing(words: _Words, standing: Standing) -> str:
    findings = words.count("findings", standing.all)
    return words.say("standing", findings=findings, n=standing.number) if standing.number else f"{findings}."


# What is not there ------------------------------------------------------------------------------


def _refused(words: _Words, refused: Refused) -> str:
    source = refused.source
    return words.say(
        refused.why,
        line=refused.number,
        n=refused.number,
        name=words.name(refused.named) if refused.why == "no_name" else source and words.source(source),
        lines=words.count("lines", len(source.lines)) if source else "",
        kind=words.kinds.get(refused.named, refused.named),
        file=refused.named,
        names=words.some([shown_name(name) for name in refused.names], _MOST_FILES),
        findings=words.count("findings", refused.all),
    )


_WAYS: Mapping[type, Callable[[_Words, Any], str]] = {
    Refused: _refused, LinesRead: _lines, Shown: _shown, PartTold: _part, FileTold: _file,
    ChangesTold: _changes, Reviewed: _reviewed, FindingTold: _finding, Standing: _standing,
}  # fmt: skip
