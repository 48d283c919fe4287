"""Setting, asking for and cancelling timers, alarms and reminders: from words to a call of their tools."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from config.language.normalise import listed
from config.language.number_words import whole_number
from pipeline.skills.answer import SkillRequest
from pipeline.skills.clock_time import read_clock
from pipeline.skills.durations import read_duration
from pipeline.skills.timers import Timers, is_called

_LENGTH = (
    r"(?P<length>[\w.]+(?: [\w.]+)*? (?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|s|m|h)"
    r"(?: .+?)?)"
)
_DO = r"(?:(?:set|start|make|create|begin|give me|put on|add|run|i need|i want)(?: me)? )?"
_A = r"(?:(?:a|an|another|the|my|one|new|a new) )?"
_NAMED = r"(?: (?:called|named|for(?: the| my)?|to) (?P<name>.+))?"

_SET = tuple(
    re.compile(form)
    for form in (
        rf"{_DO}{_A}(?:(?P<label>.+?) )?(?:timer|time|countdown|alarm) (?:(?:for|of|to|in) "
        rf")?(?P<length>.+?){_NAMED}",
        rf"{_DO}{_A}(?:timer|countdown) (?:called|named) (?P<label>.+) (?:for|of) (?P<length>.+)",
        rf"{_DO}{_A}(?P<length>.+?) (?:timer|countdown|alarm){_NAMED}",
        rf"{_DO}{_A}{_LENGTH} (?P<label>\w+(?: \w+)?) timer",
        r"(?:wake me(?: up)?|time|count down(?: from)?) (?:in |for )?(?P<length>.+)",
    )
)
_REMIND = (
    re.compile(r"remind me (?:in|after) (?P<length>.+?)(?: (?:to|about|of|that) (?P<name>.+))?"),
    re.compile(r"remind me (?:to|about|of|that) (?P<name>.+) (?:in|after) (?P<length>.+?)"),
)
_ALARM = (
    re.compile(rf"{_DO}{_A}alarm(?: clock)? (?:for|at|to|on)?\s?(?P<at>.+)"),
    re.compile(r"(?:wake me(?: up)?|get me up) at (?P<at>.+)"),
    re.compile(rf"{_DO}{_A}(?P<at>.+) alarm"),
)
_REMIND_AT = (
    re.compile(r"remind me at (?P<at>.+?)(?: (?:to|about|of|that) (?P<name>.+))?"),
    re.compile(r"remind me (?:to|about|of|that) (?P<name>.+) at (?P<at>.+)"),
)
_BARE = re.compile(r"(?:set|start|make|create|begin)(?: me)? (?:a|an|another|the|my) (?P<kind>timer|alarm)")

_ASKS = re.compile(
    r"(?:how (?:much|many|long)|time (?:left|remaining)|(?:what|which)(?: are)?(?: the| my)? (?:timers|"
    r"alarms|reminders)|list|show|check|"
    r"(?:are there|do i have|is there) (?:any|an?))\b.*"
)
_ABOUT = frozenset(listed("timer timers alarm alarms reminder reminders"))
_FILLER = _ABOUT | frozenset(
    listed(
        "how much many more longer long time minutes seconds hours is are do i have got does left "
        "remaining remains "
        "until till on for in of the my what which running set list show check any there me all a an to go "
        "active"
    )
)
_CANCEL = re.compile(
    r"(?:cancel|stop|delete|remove|clear|turn off|switch off|end|kill|dismiss)"
    r"(?P<all> all| every| both)?(?: of)?(?: the| my| that| this)?(?: (?P<which>.+?))? "
    r"(?P<kind>timers?|alarms?|reminders?)(?: (?P<rest>.+))?"
)
_ORDER = {
    w: n for n, w in enumerate(listed("first second third fourth fifth sixth seventh eighth ninth tenth"), 1)
}


def _clean(label: str | None) -> str:
    words = (label or "").split()
    while words and words[0] in {"a", "an", "the", "my", "another", "new"}:
        words = words[1:]
    return " ".join(words)


def _seconds(length: str) -> float | None:
    """``timer four five minutes``: recognisers write "for" as a number."""
    return read_duration(length) or read_duration(re.sub(r"^(?:four|4|to|two) ", "", length))


def _given(**arguments: Any) -> dict[str, Any]:
    """Those that say something; whole numbers as such."""
    whole = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in arguments.items()
    }
    return {name: value for name, value in whole.items() if value or isinstance(value, int | float)}


class TimerWords:
    """``timers`` are looked at, to know which is meant; nothing is done to them here."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers

    def parse(self, text: str, now: datetime) -> SkillRequest | None:
        """``text`` is normalised. None when it is about no timer."""
        if not re.search(r"timer|alarm|remind|wake me|time|count ?down|how (?:long|much)|get me up", text):
            return None
        return self._cancel(text) or self._left(text) or _set(text) or _set_at(text, now)

    def _left(self, text: str) -> SkillRequest | None:
        words = text.split()
        named = not _ABOUT.isdisjoint(words)
        if not _ASKS.fullmatch(text) or not (named or {"left", "remaining"} & {*words}):
            return None
        which = " ".join(word for word in words if word not in _FILLER)
        arguments = self._which(which)
        found = self._timers.find(**arguments)
        if which and not found and not named:
            return None
        return SkillRequest("list_timers", arguments, certain=bool(found) or named)

    def _cancel(self, text: str) -> SkillRequest | None:
        match = _CANCEL.fullmatch(text)
        if match is None or (
            match["rest"] and not re.fullmatch(r"(?:number )?\w+|for .+|called .+", match["rest"])
        ):
            return None
        which = _clean(match["which"]) or _clean(re.sub(r"^(?:number|for|called) ", "", match["rest"] or ""))
        kind = match["kind"].removesuffix("s")
        if match["all"] or which in {"all", "every", "both"} or (match["kind"] != kind and not which):
            return SkillRequest("cancel_timer", {"all": True}, certain=True)
        kind = "" if kind == "timer" or which else kind
        return SkillRequest("cancel_timer", self._which(which) | _given(kind=kind), certain=True)

    def _which(self, which: str) -> dict[str, Any]:
        """By place (``first``, ``last``), by name, by length, or by number."""
        running = self._timers.running()
        if which in _ORDER or which == "last":
            place = len(running) if which == "last" else _ORDER[which]
            return {"number": running[place - 1].number} if running[place - 1 : place] else {"name": which}
        if not which or any(is_called(timer, which) for timer in running):
            return _given(name=which)
        if seconds := read_duration(which):
            return _given(seconds=seconds)
        number = whole_number(which.split())
        return {"number": int(number)} if number and number.denominator == 1 else {"name": which}


def _set(text: str) -> SkillRequest | None:
    if match := _BARE.fullmatch(text):
        example = "an alarm for seven thirty" if match["kind"] == "alarm" else "a timer for five minutes"
        when = "For when" if match["kind"] == "alarm" else "For how long"
        return SkillRequest(text=f'{when}? Say, for example, "set {example}".', certain=True)
    for form in (*_SET, *_REMIND):
        match = form.fullmatch(text)
        if match is None:
            continue
        groups, seconds = match.groupdict(), _seconds(match["length"])
        label = _clean(groups.get("label") or groups.get("name"))
        if seconds is not None and not re.search(r"\btimers?\b|\balarm\b", label):
            kind = "reminder" if form in _REMIND else ""
            return SkillRequest("set_timer", _given(seconds=seconds, name=label, kind=kind), certain=True)
    return None


def _set_at(text: str, now: datetime) -> SkillRequest | None:
    for form in (*_REMIND_AT, *_ALARM):
        match = form.fullmatch(text)
        moment = match and read_clock(match["at"], now)
        if not match or not moment:
            continue
        name = _clean(match.groupdict().get("name"))
        kind, tomorrow = "reminder" if form in _REMIND_AT else "", moment.date() > now.date() or ""
        arguments = _given(time=f"{moment:%H:%M}", tomorrow=tomorrow, name=name, kind=kind)
        return SkillRequest("set_alarm", arguments, certain=True)
    return None
