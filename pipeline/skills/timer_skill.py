"""Setting, asking for and cancelling timers, alarms and reminders by voice."""

from __future__ import annotations

import re
from datetime import datetime

from config.errors import InputError
from config.language.number_words import whole_number
from config.language.utterance import listed
from pipeline.skills.answer import SkillAnswer, sentence
from pipeline.skills.clock_time import read_clock, say_time, seconds_between
from pipeline.skills.durations import read_duration
from pipeline.skills.timers import Kind, Timer, Timers, count, enumerate_aloud, say_duration

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


class Timing:
    """The timer skill: reads the words, moves the ``Timers``."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers

    def answer(self, text: str, now: datetime) -> SkillAnswer | None:
        """``text`` is normalised. None when it is about no timer."""
        if not re.search(r"timer|alarm|remind|wake me|time|count ?down|how (?:long|much)|get me up", text):
            return None
        return self._cancel(text) or self._left(text) or self._set(text) or self._set_at(text, now)

    def _set(self, text: str) -> SkillAnswer | None:
        if match := _BARE.fullmatch(text):
            example = "an alarm for seven thirty" if match["kind"] == "alarm" else "a timer for five minutes"
            when = "For when" if match["kind"] == "alarm" else "For how long"
            return _timer_answer(f'{when}? Say, for example, "set {example}".')
        for form in (*_SET, *_REMIND):
            match = form.fullmatch(text)
            if match is None:
                continue
            length, groups = match["length"], match.groupdict()
            # "timer four five minutes": recognisers write "for" as a number.
            seconds = read_duration(length) or read_duration(re.sub(r"^(?:four|4|to|two) ", "", length))
            label = _clean(groups.get("label") or groups.get("name"))
            if seconds is not None and not re.search(r"\btimers?\b|\balarm\b", label):
                return self._start(seconds, label, "reminder" if form in _REMIND else "timer")
        return None

    def _start(self, seconds: float, label: str, kind: Kind) -> SkillAnswer:
        try:
            timer = self._timers.start(seconds, label, kind)
        except InputError as error:
            return _timer_answer(str(error))
        length = say_duration(seconds)
        if kind == "reminder":
            text = f"I will remind you{' to ' + label if label else ''} in {length}."
        else:
            text = f"{sentence(label + ' timer' if label else 'timer')} set for {length}."
        return _timer_answer(text + _as_long_as(seconds), timer)

    def _set_at(self, text: str, now: datetime) -> SkillAnswer | None:
        for form in (*_REMIND_AT, *_ALARM):
            match = form.fullmatch(text)
            moment = match and read_clock(match["at"], now)
            if not match or not moment:
                continue
            seconds = seconds_between(now, moment)
            at = say_time(moment) + (" tomorrow" if moment.date() > now.date() else "")
            label = _clean(match.groupdict().get("name"))
            kind: Kind = "reminder" if form in _REMIND_AT else "alarm"
            try:
                timer = self._timers.start(seconds, label if kind == "reminder" else say_time(moment), kind)
            except InputError as error:
                return _timer_answer(str(error))
            what = f"I will remind you{' to ' + label if label else ''} at {at}."
            text = what if kind == "reminder" else f"Alarm set for {at}."
            return _timer_answer(text + _as_long_as(max(seconds, 3600)), timer)
        return None

    def _left(self, text: str) -> SkillAnswer | None:
        words = text.split()
        named = not _ABOUT.isdisjoint(words)
        if not _ASKS.fullmatch(text) or not (named or {"left", "remaining"} & {*words}):
            return None
        which = " ".join(word for word in words if word not in _FILLER)
        running = self._named(which) if which else self._timers.running()
        if not running:
            if which and not named:
                return None
            none = (
                f"There is no {which} timer." if which and self._timers.running() else "No timer is running."
            )
            return SkillAnswer(none, "timer", {}, named)
        if len(running) == 1 and running[0].kind == "timer" and not running[0].label:
            parts = [f"{say_duration(self._timers.left(running[0]))} left"]
        else:
            parts = [f"{say_duration(self._timers.left(t))} left on the {t.title}" for t in running[:5]]
        if len(running) > 5:
            parts.append(f"{count(len(running) - 5, 'timer')} more")
        verb = "is" if re.match(r"1 \w+ left", parts[0]) else "are"
        return _timer_answer(f"There {verb} {enumerate_aloud(parts)}.")

    def _cancel(self, text: str) -> SkillAnswer | None:
        match = _CANCEL.fullmatch(text)
        if match is None or (
            match["rest"] and not re.fullmatch(r"(?:number )?\w+|for .+|called .+", match["rest"])
        ):
            return None
        running = self._timers.running()
        which = _clean(match["which"]) or _clean(re.sub(r"^(?:number|for|called) ", "", match["rest"] or ""))
        everything = (
            match["all"] or which in {"all", "every", "both"} or (match["kind"].endswith("s") and not which)
        )
        if not running:
            return _timer_answer("No timer is running.")
        if everything:
            cancelled = self._timers.cancel_all()
            return _timer_answer(
                "Timer cancelled." if cancelled == 1 else f"All {cancelled} timers cancelled."
            )
        found = self._named(which) if which else [t for t in running if t.kind in match["kind"]] or running
        if not found:
            return _timer_answer(f"There is no {which} timer. There is the {_titles(running)}.")
        if len(found) > 1:
            return _timer_answer(f"There are {count(len(found), 'timer')}: the {_titles(found)}. Which one?")
        self._timers.cancel(found[0])
        return _timer_answer(f"{sentence(found[0].title)} cancelled.", found[0])

    def _named(self, which: str) -> list[Timer]:
        """By name, by length, or by place (``first``, ``two``)."""
        running = self._timers.running()
        if which in _ORDER or which == "last":
            place = len(running) if which == "last" else _ORDER[which]
            return running[place - 1 : place]
        seconds = read_duration(which)
        number = whole_number(which.split())
        return [
            timer
            for timer in running
            if which in {timer.label.lower(), *timer.label.lower().split()}
            or seconds == timer.seconds
            or number == timer.number
        ]


def _titles(timers: list[Timer]) -> str:
    return enumerate_aloud([timer.title for timer in timers[:5]])


def _as_long_as(seconds: float) -> str:
    """From an hour on it matters that a timer lives no longer than the program."""
    return " It rings only while I am running." if seconds >= 3600 else ""


def _timer_answer(text: str, timer: Timer | None = None) -> SkillAnswer:
    arguments = {"number": timer.number, "label": timer.label, "seconds": timer.seconds} if timer else {}
    return SkillAnswer(text, "timer", arguments, True)
