"""What is said of timers, in the language of who asked: ``[timers]`` of its phrases."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.language.data import known
from config.language.phrases import Phrases, phrases
from pipeline.skills.durations import Case, say_duration
from pipeline.skills.ring.outcomes import (
    NoTimer,
    TimeLeft,
    TimerChanged,
    TimerOutcome,
    TimerRefused,
    TimersCancelled,
    TimerSet,
    TimersListed,
    WhichTimer,
)
from pipeline.skills.ring.timer import Ring, Timer
from pipeline.skills.timer_requests.intents import NotUnderstood
from pipeline.skills.when.say import date_words, say_at, say_repeat, say_time, weekday_name

_NAMED = 5
"""Timers that are named one by one; beyond it only their number is told."""
_ONE_UNIT = (1, 60, 3600, 86_400)
"""Seconds that are one of something: there is one minute left."""
_SOON = 7
"""Days: further away, the date is told with the weekday."""


def say_not_understood(intent: NotUnderstood, language: str) -> str:
    """Nothing is done, and what was understood is said."""
    say = phrases(language).say
    if intent.reason == "remind_when":
        what = intent.words or say("timers.example_reminder")
        return say("timers.remind_when", what=what, when=intent.when or say("timers.example_when"))
    return say(f"timers.{intent.reason}", words=intent.words)


def say_outcome(outcome: TimerOutcome, language: str) -> str:
    return _Answers(language).outcome(outcome)


def say_ring(ring: Ring, language: str) -> str:
    """What is said when it rings."""
    answers = _Answers(language)
    if not ring.late_s:
        return answers.of(ring.timer, "rang")
    late = say_duration(_rounded(ring.late_s), known(language), "dative")
    return answers.of(ring.timer, "late", late=late)


def _rounded(seconds: float) -> float:
    """As exact as it matters: ``2 hours``, not ``2 hours, 3 minutes and 9 seconds``."""
    size = next((size for size in (86_400, 3_600, 60) if seconds >= size), 1)
    return round(seconds / size) * size


class _Answers:
    """Of one language."""

    def __init__(self, language: str) -> None:
        self._language = known(language)
        self._own: Phrases = phrases(language)

    def outcome(self, outcome: TimerOutcome) -> str:
        match outcome:
            case TimerSet():
                return self._set(outcome)
            case TimersListed():
                return self._listed(outcome)
            case TimersCancelled():
                return self._cancelled(outcome)
            case TimerChanged():
                return self._changed(outcome)
            case NoTimer():
                return self._none(outcome)
            case WhichTimer():
                kind = outcome.found[0].kind
                titles, count = self._titles_apart(outcome), len(outcome.found)
                return self._say(f"which_{kind}", count=count, titles=titles)
            case TimerRefused():
                return self._refused(outcome)

    def _say(self, key: str, **values: object) -> str:
        return self._own.say(f"timers.{key}", **values)

    def _length(self, seconds: float, case: Case = "said") -> str:
        return say_duration(seconds, self._language, case)

    def of(self, timer: Timer, key: str, **values: object) -> str:
        """A sentence that names it; each kind has its own, as has one with a name."""
        named = "_named" if timer.kind != "alarm" and timer.label else ""
        values |= {"name": timer.label, "set": self._length(timer.seconds, "accusative")}
        if timer.kind == "alarm":
            values = {"at": self._at(timer), "time": self._time(timer)} | values
        return self._say(f"{key}_{timer.kind}{named}", **values)

    def _time(self, timer: Timer) -> str:
        return say_time(timer.at, self._language) if timer.at else timer.label

    def _at(self, timer: Timer) -> str:
        at = say_at(timer.at, self._language) if timer.at else timer.label
        if not timer.days:
            return at
        return self._say("at_repeat", at=at, days=say_repeat(timer.days, self._language))

    def _titles(self, timers: tuple[Timer, ...]) -> str:
        return self._own.listed([self.of(timer, "the") for timer in timers[:_NAMED]])

    def _titles_apart(self, asked: WhichTimer) -> str:
        """With their days, where several ring at one time of day."""
        if not asked.due or asked.now is None:
            return self._titles(asked.found)
        far = asked.now.date() + timedelta(days=_SOON)
        times = [timer.at for timer in asked.found if not timer.days]
        titles = list[str]()
        for timer, due in zip(asked.found[:_NAMED], asked.due, strict=False):
            alike = timer.kind == "alarm" and not timer.days and times.count(timer.at) > 1
            day = {"at": self._on_day(self._at(timer), due, far=due.date() >= far)} if alike else {}
            titles.append(self.of(timer, "the", **day))
        return self._own.listed(titles)

    def _set(self, done: TimerSet) -> str:
        hint = f" {self._say(done.hint)}" if done.hint else ""
        timer, of = done.timer, "_of" if done.timer.label else ""
        if timer.kind == "reminder" and done.due is None:
            return (
                self._say(f"reminder_in{of}", within=self._length(done.left_s, "dative"), name=timer.label)
                + hint
            )
        if done.due is None:
            named = "_named" if timer.label else ""
            return (
                self._say(f"timer_set{named}", set=self._length(done.left_s, "accusative"), name=timer.label)
                + hint
            )
        at = self._due(done, done.due)
        if timer.kind == "alarm":
            return self._say("alarm_set", at=at) + hint
        return self._say(f"reminder_at{of}", at=at, name=timer.label) + hint

    def _changed(self, done: TimerChanged) -> str:
        timer, of = done.timer, "_of" if done.timer.label else ""
        if done.due is None:
            return self.of(timer, "changed", length=self._length(done.left_s))
        at = self._due(done, done.due)
        if timer.kind == "alarm":
            return self._say("alarm_set", at=at)
        return self._say(f"reminder_at{of}", at=at, name=timer.label)

    def _due(self, done: TimerSet | TimerChanged, due: datetime) -> str:
        at = say_at(due, self._language)
        if done.timer.days:
            return self._say("at_repeat", at=at, days=say_repeat(done.timer.days, self._language))
        if done.days_ahead < 2:
            return self._say("at_tomorrow" if done.days_ahead == 1 else "at_today", at=at)
        return self._on_day(at, due, far=done.days_ahead >= _SOON)

    def _on_day(self, at: str, due: datetime, *, far: bool) -> str:
        if not far:
            return self._say("at_weekday", at=at, weekday=weekday_name(due.weekday(), self._language))
        return self._say("at_date", at=at, **date_words(due.date(), self._language))

    def _listed(self, found: TimersListed) -> str:
        shown = found.timers[:_NAMED]
        bare = len(found.timers) == 1 and shown[0].timer.kind == "timer" and not shown[0].timer.label
        parts = [self._left(shown[0])] if bare else [self._left_on(each) for each in shown]
        if len(found.timers) > _NAMED:
            parts.append(self._say("more", count=len(found.timers) - _NAMED))
        one = round(shown[0].seconds) in _ONE_UNIT
        return self._say("listed_one" if one else "listed", parts=self._own.listed(parts))

    def _left(self, each: TimeLeft) -> str:
        return self._say("left", length=self._length(each.seconds))

    def _left_on(self, each: TimeLeft) -> str:
        return self.of(each.timer, "left", length=self._length(each.seconds))

    def _cancelled(self, done: TimersCancelled) -> str:
        if len(done.timers) == 1:
            return self.of(done.timers[0], "cancelled")
        kind, count = done.kind or "timer", len(done.timers)
        if not done.staying:
            return self._say(f"cancelled_{'both' if count == 2 else 'all'}_{kind}s", count=count)
        stay = self._say("stays" if len(done.staying) == 1 else "stay", titles=self._titles(done.staying))
        return f"{self._say(f'cancelled_{kind}s', count=count)} {stay}"

    def _none(self, found: NoTimer) -> str:
        asked, kind = found.asked, found.asked.kind or "timer"
        if not (found.running and asked.names_one):
            none = self._say(f"no_{kind}")
        elif asked.name:
            none = self._say(f"no_{kind}_called", name=asked.name)
        elif asked.seconds is not None:
            none = self._say(f"no_{kind}_for", set=self._length(asked.seconds, "accusative"))
        else:
            none = self._say(f"no_{kind}_number", number=asked.number)
        if not (found.running and found.tells):
            return none
        return f"{none} {self._say('there_is', titles=self._titles(found.running))}"

    def _refused(self, refused: TimerRefused) -> str:
        if refused.reason in ("no_time", "no_date"):  # said to a model alone
            return refused.text
        return self._say(refused.reason, length=self._length(refused.longest_s), count=refused.most)
