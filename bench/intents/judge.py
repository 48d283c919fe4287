"""One sentence carried out, and what came of it beside what it must do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bench.intents.decide import Decision, decide
from bench.intents.lists import LIST_TOOLS, is_meant
from bench.intents.parts import Parts, Rings, days, parts_in
from bench.intents.table import EFFECTS, LISTS, STEERS, Sentence
from config.language.normalise import normalise

Verdict = Literal["right", "refused", "to_llm", "wrong_answer", "wrong_effect"]
_NEAR = 0.0006
"""Of a number: answers are told with four digits."""
_STEERING = {
    "capabilities": "capabilities", "reads": "read", "zooms": "zoom", "doubts": "second_look",
    "looks": "look", "watches": "watch",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    sentence: Sentence
    verdict: Verdict
    became: str
    """What came of it, for whoever reads the list of faults."""


@dataclass(frozen=True, slots=True)
class _CarriedOut:
    decision: Decision
    before: Mapping[int, Rings]
    after: Mapping[int, Rings]
    answer: str = ""
    declined: bool = False
    """A skill took it and did nothing, but said so."""

    @property
    def changed(self) -> bool:
        return self.before != self.after


def judge(sentence: Sentence) -> Judged:
    parts = parts_in(sentence.situation)
    out = _carry_out(sentence, parts)
    verdict = _verdict(sentence, out)
    if verdict == "refused" and sentence.must.get("or_refused"):
        verdict = "right"
    return Judged(sentence, verdict, _told(out))


def _carry_out(sentence: Sentence, parts: Parts) -> _CarriedOut:
    before = parts.state()
    decision = decide(sentence.text, sentence.language, parts)
    if parts.state() != before:
        raise AssertionError(f"{sentence.text!r} had an effect while it was read")
    request = decision.request
    if request is None or request.tool in LIST_TOOLS:
        return _CarriedOut(decision, before, before)
    if not request.tool:
        return _CarriedOut(decision, before, before, request.text, declined=not request.wants)
    result = parts.run(request.tool, request.arguments)
    after = parts.state()
    declined = result.failed or (parts.risk(request.tool) != "read" and after == before)
    return _CarriedOut(decision, before, after, request.answer(result), declined)


def _verdict(sentence: Sentence, out: _CarriedOut) -> Verdict:
    must = sentence.must
    if out.changed and EFFECTS.isdisjoint(must):
        return "wrong_effect"
    if not LISTS.isdisjoint(must) or _list_tool(out):
        return _of_lists(must, out)
    if must.get("for_llm"):
        return "right" if out.decision.by == "llm" else "refused" if _may_refuse(must, out) else _taken(out)
    if not STEERS.isdisjoint(must):
        return _of_steering(must, out)
    if out.decision.by != "skills":
        return "to_llm" if out.decision.by == "llm" else _taken(out)
    if not EFFECTS.isdisjoint(must):
        if not out.changed:
            return "refused" if out.declined else "wrong_answer"
        if not _as_meant(sentence, out):
            return "wrong_effect"
        return "right" if _says(sentence, out.answer) else "wrong_answer"
    if must.get("refused"):
        return "right" if out.declined and _says(sentence, out.answer) else "wrong_answer"
    if out.declined:
        return "refused"
    return "right" if _says(sentence, out.answer) else "wrong_answer"


def _taken(out: _CarriedOut) -> Verdict:
    """What another part took. What silences or steers has an effect; an answer, or letting pass, has none."""
    return "wrong_effect" if out.decision.by in ("stop", "control", "reading") else "wrong_answer"


def _may_refuse(must: Mapping[str, Any], out: _CarriedOut) -> bool:
    return out.declined and bool(must.get("or_refused"))


def _list_tool(out: _CarriedOut) -> bool:
    return out.decision.request is not None and out.decision.request.tool in LIST_TOOLS


def _of_lists(must: Mapping[str, Any], out: _CarriedOut) -> Verdict:
    request = out.decision.request
    if request is None:
        return "to_llm" if out.decision.by == "llm" else _taken(out)
    if request.tool not in LIST_TOOLS:
        return "refused" if out.declined else "wrong_answer"
    if is_meant(must, request.tool, request.arguments):
        return "right"
    return "wrong_answer" if request.tool.startswith("read") else "wrong_effect"


def _of_steering(must: Mapping[str, Any], out: _CarriedOut) -> Verdict:
    decision = out.decision
    wanted = next(key for key in must if key in STEERS)
    if decision.by == "llm":
        return "to_llm"
    if wanted == "backchannel":
        return "right" if decision.by == "backchannel" else _taken(out)
    if wanted == "control":
        kind = "stop" if decision.by == "stop" else decision.kind
        steered = decision.by in ("stop", "control", "reading")
        return "right" if steered and kind in _any_of(must["control"]) else _taken(out)
    if decision.by != _STEERING[wanted]:
        return _taken(out)
    named = {"looks": must.get("looks"), "watches": must.get("watches")}.get(wanted)
    if isinstance(named, int) and not isinstance(named, bool):
        return "right" if decision.page == named else "wrong_effect"
    return "right" if not isinstance(named, str) or decision.kind == named else "wrong_effect"


def _as_meant(sentence: Sentence, out: _CarriedOut) -> bool:
    """Whether what runs now is just what should."""
    must, now = sentence.must, sentence.situation.now
    stays = {number: rings for number, rings in out.before.items() if number not in must.get("cancels", ())}
    for change in _any_of(must.get("changes")):
        was = stays.pop(change["number"])
        found = out.after.get(change["number"])
        if found is None or found.kind != was.kind or not _rings_when(found.at, change, now):
            return False
    if any(out.after.get(number) != rings for number, rings in stays.items()):
        return False
    known = {*stays, *(change["number"] for change in _any_of(must.get("changes")))}
    begun = [rings for number, rings in out.after.items() if number not in known]
    wanted = _any_of(must.get("sets"))
    return len(begun) == len(wanted) and all(
        any(_is_set(rings, each, sentence) for rings in begun) for each in wanted
    )


def _any_of(value: Any) -> list[Any]:
    """Those that are right, of one or several."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_set(rings: Rings, wanted: Mapping[str, Any], sentence: Sentence) -> bool:
    repeats = map(days, _any_of(wanted.get("repeat", "")))
    if rings.kind not in _any_of(wanted["kind"]) or rings.repeat not in repeats:
        return False
    named = [_bare(name, sentence) for name in _any_of(wanted.get("name", ""))]
    if rings.kind != "alarm" and _bare(rings.name, sentence) not in named:
        return False
    return _rings_when(rings.at, wanted, sentence.situation.now)


def _rings_when(at: datetime, wanted: Mapping[str, Any], now: datetime) -> bool:
    if "at" in wanted:
        return f"{at:%Y-%m-%d %H:%M}" == wanted["at"]
    seconds = wanted.get("seconds", wanted.get("left_s"))
    return bool(seconds is not None and abs(at.timestamp() - now.timestamp() - seconds) < 0.5)


def _bare(name: str, sentence: Sentence) -> list[str]:
    return [word for word in normalise(name).replace("'", " ").split() if word not in sentence.little]


def _says(sentence: Sentence, answer: str) -> bool:
    """Whether the answer has one of the values, and nothing of what it must be without, nor of English."""
    language = sentence.language
    choices, unwanted = _any_of(sentence.must.get("value")), _any_of(sentence.must.get("without"))
    words = normalise(answer, accents=True).split()
    return (
        bool(answer)
        and (not choices or any(_has(answer, each, language) for each in choices))
        and not any(_has(answer, each, language) for each in unwanted)
        and sentence.foreign.isdisjoint(words)
    )


def _has(answer: str, value: str | float, language: str) -> bool:
    if isinstance(value, str):
        return f" {normalise(value)} " in f" {normalise(answer)} "
    return any(abs(number - value) <= _NEAR * abs(value) for number in numbers(answer, language))


def numbers(answer: str, language: str) -> list[float]:
    """As they are written in a language: 1,234.5 or 1.234,5."""
    text = answer.replace("−", "-").replace("minus ", "-").replace("meno ", "-").replace("moins ", "-")
    text = text.replace("menos ", "-")
    if language == "en":
        found = re.findall(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?", text)
        return [float(number.replace(",", "")) for number in found]
    found = re.findall(r"-?\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?:,\d+)?(?!\d)|-?\d+(?:,\d+)?", text)
    return [float(re.sub(r"[.\s]", "", number).replace(",", ".")) for number in found]


def _told(out: _CarriedOut) -> str:
    decision = out.decision
    if decision.request is None:
        return " ".join(filter(None, (decision.by, decision.kind, str(decision.page or ""))))
    call = (
        f"{decision.request.tool}({_arguments(decision.request.arguments)}) " if decision.request.tool else ""
    )
    return f"{call}{out.answer!r}"


def _arguments(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())
