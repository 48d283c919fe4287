"""Setting, asking for and cancelling timers, alarms and reminders: from words to a call of their tools."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from config.language.normalise import listed
from config.language.number_words import whole_number
from pipeline.skills.answer import SkillRequest
from pipeline.skills.clock_time import clock_times, say_time
from pipeline.skills.durations import read_duration
from pipeline.skills.moments import NoTime, names_a_time, read_moment
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
_ALARM = (
    re.compile(rf"{_DO}{_A}alarm(?: clock)? (?P<at>.+)"),
    re.compile(r"(?:wake me(?: up)?|get me up) (?P<at>.+)"),
    re.compile(rf"{_DO}{_A}(?P<at>.+) alarm"),
)
_REMIND = re.compile(r"(?:(?P<before>(?:in|after|at|on|tomorrow|tonight) ?.*?) )?remind me (?P<what>.+)")
_WITHIN = re.compile(r"(?:in|after) (?P<length>.+)")
_OF = re.compile(r"(?:to|about|of|that) (?P<name>.+)")
_NO_TIMER = re.compile(
    r"(?:change|extend|shorten|pause|unpause|resume|restart|reset|snooze|move|adjust|increase|reduce|lengthen|"
    r"cancel|stop|delete|remove|clear|end|kill|dismiss|turn|switch|check|show|list|how|when|what|which|why|is|"
    r"are|do|does|did|can|where|who)\b.*"
)
"""What begins so starts no second timer, whatever follows."""
_BARE = re.compile(r"(?:set|start|make|create|begin)(?: me)? (?:a|an|another|the|my) (?P<kind>timer|alarm)")

_ASKS = re.compile(
    r"(?:how (?:much|many|long)|time (?:left|remaining)|(?:what|which)(?: are)?(?: the| my)? (?:timers|"
    r"alarms|reminders)|list|show|check|when (?:does|do|is|are|will)|(?:what|which) (?:time|timer|alarm)|"
    r"(?:are there|do i have|is there) (?:any|an?))\b.*"
)
_ABOUT = frozenset(listed("timer timers alarm alarms reminder reminders"))
_FILLER = _ABOUT | frozenset(
    listed(
        "how much many more longer long time minutes seconds hours is are do i have got does left "
        "remaining remains "
        "until till on for in of the my what which running set list show check any there me all a an to go "
        "active end ends ending ring rings ringing goes off done over finish finished when does will be due "
        "time"
    )
)
_ALL = r"(?:all|every|both|everything)"
_EXCEPT = re.compile(
    r"(?P<all>.+?) (?:except|but|apart from|other than|besides)(?: for)?(?: not)? (?P<kept>.+)"
)
_CANCEL_ALL = re.compile(
    r"(?:cancel|clear|delete|remove) (?:everything|all|all of (?:them|it|those)|them all|both)"
)
_CANCEL = re.compile(
    r"(?:cancel|stop|delete|remove|clear|turn off|switch off|end|kill|dismiss)"
    rf"(?P<all> {_ALL})?(?: of)?(?: the| my| that| this| these| those)?(?: (?P<which>.+?))? "
    r"(?P<kind>timers?|alarms?|reminders?)(?: (?P<rest>.+))?"
)
_CHANGE_TO = re.compile(
    r"(?:change|adjust|move|reset|set back|make) (?:the |my |that |this )?(?:(?P<which>.+?) )?timer"
    r"(?: (?:to|for))? (?P<length>.+)"
)
_CHANGE_BY = (
    re.compile(r"(?P<verb>add|give me|put) (?P<length>.+?)(?: more)?(?: (?:to|on|onto) (?P<which>.+))?"),
    re.compile(r"(?P<verb>take|remove|subtract) (?P<length>.+?) (?:off|from) (?P<which>.+)"),
    re.compile(
        r"(?P<verb>extend|lengthen|increase|snooze|shorten|reduce) (?P<which>.+?) (?:by|for) (?P<length>.+)"
    ),
)
_LESS = frozenset(listed("take remove subtract shorten reduce"))
_A_TIMER = re.compile(r"(?:the |my |that |this )?(?:(?P<name>.+) )?(?P<kind>timer|alarm|reminder)|it|that")
_PAUSE = re.compile(
    r"(?:pause|hold|freeze|unpause|resume|snooze|extend|shorten|change|adjust|move)\b.*? "
    r"(?P<kind>timers?|alarms?)(?: (?:to|by|for|until) .+)?"
)
_KINDS = ("timer", "alarm", "reminder")
_PREPOSITIONS = frozenset(listed("to about of that"))
_COUNTED = re.compile(
    r"(?:how much time|how long|time)(?: (?:is|do i have))?(?: there)?(?: left| remaining)?|how much longer"
)
"""No timer is named: with one that runs, that is what is meant."""
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
        text = re.sub(r"(timer|alarm|reminder) for me\b", r"\1", text)
        if _CANCEL_ALL.fullmatch(text) and self._timers.running():
            return SkillRequest("cancel_timer", {"all": True}, certain=True)
        if changed := self._changed(text):
            return changed
        if not re.search(r"timer|alarm|remind|wake me|time|count ?down|how (?:long|much)|get me up", text):
            return None
        return (
            self._cancelled(text)
            or self._left(text)
            or _remind(text, now)
            or _set_at(text, now)
            or _set(text)
            or _refused(text)
        )

    def _left(self, text: str) -> SkillRequest | None:
        words = text.split()
        named = not _ABOUT.isdisjoint(words)
        counts = bool(self._timers.running()) and _COUNTED.fullmatch(text) is not None
        if not _ASKS.fullmatch(text) or not (named or counts or {"left", "remaining"} & {*words}):
            return None
        which = " ".join(word for word in words if word not in _FILLER)
        arguments = self._which(which)
        if "next" in which.split():
            arguments = self._next(next((kind for kind in _KINDS if kind in text), ""))
        elif not which and named:
            arguments = _given(kind=next((kind for kind in ("alarm", "reminder") if kind in text), ""))
        found = self._timers.find(**arguments)
        if which and not found and (not named or words[0] in ("what", "which", "when")):
            return None  # "when does the alarm clock museum open"
        return SkillRequest("list_timers", arguments, certain=bool(found) or named)

    def _cancelled(self, text: str) -> SkillRequest | None:
        kept = _EXCEPT.fullmatch(text)
        match = _CANCEL.fullmatch(kept["all"] if kept else text)
        if match is None:
            return None
        rest = re.sub(r"^(?:number|for|at|called|named) ", "", match["rest"] or "")
        kind = match["kind"].removesuffix("s")
        which = _clean(match["which"]) or _clean(rest)
        every = bool(match["all"]) or (match["kind"] != kind and not which)
        if match["rest"] and rest == match["rest"] and not re.fullmatch(r"\w+", rest):
            return _not_understood(text, "cancel") if every else None
        if every:
            return self._cancel_all(kind, which, kept["kept"] if kept else "")
        if kept:
            return _not_understood(text, "cancel")
        if which == "next":
            return SkillRequest("cancel_timer", self._next(kind), certain=True)
        arguments = self._which(which, alarm=kind == "alarm")
        if "number" in arguments or (kind != "timer" and not which):
            arguments["kind"] = self._kind(arguments, kind)
        return SkillRequest("cancel_timer", arguments, certain=True)

    def _kind(self, arguments: dict[str, Any], kind: str) -> str:
        """What was named. Timers, alarms and reminders are counted together, so "timer 2" may be any."""
        found = self._timers.find(**arguments)
        return found[0].kind if found and kind == "timer" else kind

    def _cancel_all(self, kind: str, which: str, kept: str) -> SkillRequest:
        """Of one kind, but for the one that is to be kept."""
        arguments: dict[str, Any] = {"all": True, "kind": kind}
        if which:
            arguments |= self._which(which)
        if kept:
            match = re.fullmatch(r"(?:the |my )?(?P<name>.+?)(?: one| ones| timer| alarm| reminder)?", kept)
            found = self._timers.find(**self._which(match["name"], alarm=kind == "alarm")) if match else []
            if len(found) != 1:
                return _not_understood(kept, "keep")
            arguments["keep"] = found[0].number
        return SkillRequest("cancel_timer", arguments, certain=True)

    def _changed(self, text: str) -> SkillRequest | None:
        """Another length for one that runs; None where no such thing is asked."""
        if (match := _CHANGE_TO.fullmatch(text)) and (seconds := read_duration(match["length"])):
            return self._change(match["which"] or "", to_seconds=seconds)
        for form in _CHANGE_BY:
            match = form.fullmatch(text)
            seconds = (
                read_duration(re.sub(r"^another |(?<=\w) more$", "", match["length"])) if match else None
            )
            if not match or not seconds:
                continue
            meant = _A_TIMER.fullmatch(match["which"] or "it")
            bare = match["verb"] == "add" and self._timers.running()  # "give me five minutes" asks to wait
            if meant and meant["kind"] in (None, "timer") and (match["which"] or bare):
                by = -seconds if match["verb"] in _LESS else seconds
                return self._change(meant["name"] or "", by_seconds=by)
        return None

    def _change(self, which: str, **change: float) -> SkillRequest:
        arguments = self._which(which) if which else {}
        return SkillRequest("change_timer", arguments | _given(**change), certain=True)

    def _next(self, kind: str) -> dict[str, Any]:
        """The first that is due, of its kind."""
        found = [timer for timer in self._timers.running() if not kind or timer.kind == kind]
        return {"number": found[0].number} if found else _given(kind=kind)

    def _which(self, which: str, *, alarm: bool = False) -> dict[str, Any]:
        """By place (``first``, ``last``), by name, by length, by the time it rings, or by number."""
        running = self._timers.running()
        if which in _ORDER or which == "last":
            place = len(running) if which == "last" else _ORDER[which]
            return {"number": running[place - 1].number} if running[place - 1 : place] else {"name": which}
        if not which or any(is_called(timer, which) for timer in running):
            return _given(name=which)
        if seconds := read_duration(which):
            return _given(seconds=seconds)
        times = {say_time(datetime.min + time % timedelta(days=1)) for time in clock_times(which)}
        by_time = [timer for timer in running if timer.kind == "alarm" and timer.label in times]
        if by_time and (alarm or not which.isdecimal()):
            return {"number": by_time[0].number}
        number = whole_number(which.split())
        return {"number": int(number)} if number and number.denominator == 1 else {"name": which}


def _set(text: str) -> SkillRequest | None:
    if match := _BARE.fullmatch(text):
        example = "an alarm for seven thirty" if match["kind"] == "alarm" else "a timer for five minutes"
        when = "For when" if match["kind"] == "alarm" else "For how long"
        return SkillRequest(text=f'{when}? Say, for example, "set {example}".', certain=True)
    if _NO_TIMER.fullmatch(text):
        return None
    for form in _SET:
        match = form.fullmatch(text)
        if match is None:
            continue
        groups, seconds = match.groupdict(), _seconds(match["length"])
        label = _clean(groups.get("label") or groups.get("name"))
        if seconds is None and names_a_time(match["length"]) and "timer" in text:
            return _not_understood(text, "set")
        if seconds is None or re.search(r"\btimers?\b|\balarm\b", label):
            continue
        if names_a_time(label) or clock_times(label):
            return _not_understood(text, "set")
        return SkillRequest("set_timer", _given(seconds=seconds, name=label), certain=True)
    return None


def _remind(text: str, now: datetime) -> SkillRequest | None:
    """What, and when, in either order; the longest end, or beginning, that is a time."""
    match = _REMIND.fullmatch(text)
    if match is None:
        return None
    what, before = match["what"], match["before"]
    if before:
        return _reminder(before, what, now)
    words = what.split()
    # "at nine tomorrow to call mom", and "to call mom at nine tomorrow"
    behind = [at for at in range(len(words) - 1, 0, -1) if words[at] in _PREPOSITIONS]
    parts = [(" ".join(words[:at]), " ".join(words[at:])) for at in behind]
    parts += [(" ".join(words[at:]), " ".join(words[:at])) for at in range(2, len(words))]
    for when, name in parts:
        if found := _reminder(when, name, now):
            return found
    if found := _reminder(what, "", now):
        return found
    return _not_understood(what, "remind") if names_a_time(what) else None


def _reminder(when: str, what: str, now: datetime) -> SkillRequest | None:
    of = _OF.fullmatch(what)
    if what and not of:
        return None
    name = _clean(of["name"]) if of else ""
    if within := _WITHIN.fullmatch(when):
        seconds = read_duration(within["length"])
        if seconds and not names_a_time(name):
            return SkillRequest(
                "set_timer", _given(seconds=seconds, name=name, kind="reminder"), certain=True
            )
        return None
    moment = read_moment(when, now)
    if moment is None or names_a_time(name):
        return None
    if isinstance(moment, NoTime):
        example = f"“remind me {what or 'of it'} {when} at nine”"
        return SkillRequest(text=f"At what time? Say, for example, {example}.", certain=True)
    return SkillRequest("set_alarm", _at(moment, now) | _given(name=name, kind="reminder"), certain=True)


def _set_at(text: str, now: datetime) -> SkillRequest | None:
    if _NO_TIMER.fullmatch(text):
        return None
    for form in _ALARM:
        match = form.fullmatch(text)
        if match is None:
            continue
        moment = read_moment(re.sub(r"^(?:for|at|to) ", "", match["at"]), now)
        if isinstance(moment, NoTime):
            example = "“set an alarm for seven thirty tomorrow”"
            return SkillRequest(text=f"At what time? Say, for example, {example}.", certain=True)
        if moment:
            return SkillRequest("set_alarm", _at(moment, now), certain=True)
        if names_a_time(match["at"]):
            return _not_understood(match["at"], "ring")
    return None


def _at(moment: datetime, now: datetime) -> dict[str, Any]:
    """The arguments of ``set_alarm``."""
    days = (moment.date() - now.date()).days
    date = moment.date().isoformat() if days > 1 else ""
    return _given(time=f"{moment:%H:%M}", tomorrow=days == 1 or "", date=date)


def _refused(text: str) -> SkillRequest | None:
    """What a timer cannot do yet is said, and no second one starts."""
    match = _PAUSE.fullmatch(text)
    if match is None:
        return None
    kind = match["kind"].removesuffix("s")
    can = "it, or change how long it runs: say, for example, “add five minutes”."
    can = "it and set another." if kind == "alarm" else can
    thing = "an alarm" if kind == "alarm" else "a timer"
    return SkillRequest(text=f"I cannot do that with {thing} yet. I can cancel {can}", certain=True)


_UNDERSTOOD = {
    "set": "I understood a timer, but not “{}”. Say, for example, “set a timer for ten minutes called tea”.",
    "cancel": "I understood that something is to be cancelled, but not which: “{}”. Nothing was cancelled.",
    "keep": "I understood that all but one are to be cancelled, but there is no “{}”. Nothing was cancelled.",
    "remind": "I understood a reminder, but not when: “{}”. I can remind you once, within the next seven "
    "days: say, for example, “remind me to call mom tomorrow at nine”.",
    "ring": "I understood an alarm, but not when: “{}”. I can ring once, within the next seven days: say, "
    "for example, “set an alarm for seven thirty tomorrow”.",
}


def _not_understood(words: str, what: str) -> SkillRequest:
    """Nothing is done, and what was understood is said."""
    return SkillRequest(text=_UNDERSTOOD[what].format(words), certain=True)
