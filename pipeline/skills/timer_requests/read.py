"""From an utterance to what it asks of timers: pure, in one language, without effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pipeline.skills.timer_requests.intents import (
    AskRemaining,
    CancelTimers,
    ChangeTimer,
    Kind,
    NotUnderstood,
    Remind,
    SetAlarm,
    SetTimer,
    TimerIntent,
    Which,
)
from pipeline.skills.timer_requests.which import is_name, label, which
from pipeline.skills.timer_requests.words import timer_words
from pipeline.skills.when.moment import Moment
from pipeline.skills.when.spans import Spanned, spanned

Slots = Mapping[str, str]


def read_timer_intent(words: Sequence[str], language: str, text: str = "") -> TimerIntent | None:
    """None where it is about no timer. ``text``: as it was written."""
    known = timer_words(language)
    if not known.sentences.may_match(words):
        return None
    said = spanned(words, language, text)
    return _intent(said, language) or (
        _intent(said.without_numbers(), language) if said.has_numbers else None
    )


def _intent(said: Spanned, language: str) -> TimerIntent | None:
    for name, slots in timer_words(language).sentences.readings(said.plain):
        if intent := _Sentence(said, slots, language).intent(name):
            return intent
    return None


class _Sentence:
    """One sentence as one template has it."""

    def __init__(self, said: Spanned, slots: Slots, language: str) -> None:
        self._said = said
        self._slots = slots
        self._language = language

    def intent(self, name: str) -> TimerIntent | None:
        read: Callable[[], TimerIntent | None] = getattr(self, f"_{name}")
        return read()

    # What is in a slot --------------------------------------------------------------------------

    def _slot(self, name: str) -> str:
        return self._slots.get(name, "")

    def _seconds(self) -> float | None:
        return self._said.seconds(self._slot("duration"))

    def _which(self, slot: str = "which") -> Which | None:
        return which(self._slot(slot), self._said, self._language)

    def _moment(self) -> Moment | None:
        """Of both its parts, where they were said apart."""
        moment = self._said.moment(self._slot("moment"))
        if moment is None or not self._slot("moment_too"):
            return moment
        other = self._said.moment(self._slot("moment_too"))
        return moment.joined(other) if other else None

    def _name(self) -> str | None:
        """Of a timer; None where it is no name."""
        words = self._slot("name")
        numbers = any(word in self._said.spans for word in words.split())  # "5 or 10 minutes"
        return label(words, self._said, self._language) if self._is_name("name") and not numbers else None

    def _is_one(self) -> bool:
        """Whether what is to say which one is a name, or a length or a time and nothing else."""
        span = self._said.spans.get(self._slot("which"))
        timed = span and (span.seconds is not None or (span.moment and span.moment.clock))
        return bool(timed) or self._is_name("which")

    def _is_name(self, slot: str) -> bool:
        return is_name(self._slot(slot), self._said, self._language)

    def _what(self) -> str | None:
        """What to be reminded of; None where it speaks of a time that was not read."""
        parts = [self._slot("what"), self._slot("what_too")]
        if any(self._said.speaks_of_time(part, self._language) for part in parts):
            return None
        first, more = label(parts[0], self._said, self._language), self._words("what_too")
        return f"{first} {more}".strip()

    def _kind(self) -> Kind | None:
        kinds = timer_words(self._language).kinds
        if slot := self._slot("kind"):
            return kinds.get(slot)
        return next((kinds[word] for word in self._said.words if word in kinds), None)

    def _words(self, *slots: str) -> str:
        """What was said, as it was written."""
        words = self._said.said(" ".join(self._slot(slot) for slot in slots))
        return self._said.written(words, self._language)

    # Setting ------------------------------------------------------------------------------------

    def _set_timer(self) -> TimerIntent | None:
        seconds, name = self._seconds(), self._name()
        misheard = " ".join(self._said.said(self._slot("misheard")))
        if misheard and misheard not in timer_words(self._language).misheard:
            return None
        return None if seconds is None or name is None else SetTimer(seconds, name)

    def _set_alarm(self) -> TimerIntent | None:
        moment, what = self._moment(), self._what()
        if moment is None or what is None:
            return None
        if not moment.clock:
            return NotUnderstood("what_time")
        return Remind(what, moment=moment) if what else SetAlarm(moment)

    def _remind(self) -> TimerIntent | None:
        seconds, what = self._seconds(), self._what()
        moment = None if seconds is not None else self._moment()
        if what is None or (seconds is None and moment is None):
            return None
        if moment and not moment.clock:
            return NotUnderstood("remind_when", self._what() or "", self._words("moment"))
        return Remind(what, seconds, moment)

    def _remind_when(self) -> TimerIntent | None:
        return NotUnderstood("remind_when", self._words("what")) if self._what() else None

    def _how_long(self) -> TimerIntent | None:
        return NotUnderstood("how_long")

    def _what_time(self) -> TimerIntent | None:
        return NotUnderstood("what_time")

    def _cancel_unclear(self) -> TimerIntent | None:
        kind, rest = self._kind(), self._slot("rest")
        timed = kind and self._said.speaks_of_time(rest, self._language)
        return NotUnderstood("cancel", self._words("rest")) if timed else None

    def _remind_unclear(self) -> TimerIntent | None:
        return self._unclear("remind")

    def _set_unclear(self) -> TimerIntent | None:
        kinds = timer_words(self._language).kinds
        timer = any(kinds.get(word) == "timer" for word in self._said.words)
        return self._unclear("set" if timer else "ring")

    def _unclear(self, reason: str) -> TimerIntent | None:
        """Only what speaks of a time was meant for a timer."""
        rest = f"{self._slot('name')} {self._slot('rest')}"
        timed = any(word.startswith("@") and not word.startswith("@w") for word in rest.split())
        if not timed and not self._said.speaks_of_time(rest, self._language):
            return None
        words = self._words("moment", "rest") if self._slot("rest") else self._words("name")
        return NotUnderstood("remind" if reason == "remind" else "ring" if reason == "ring" else "set", words)

    # Cancelling ---------------------------------------------------------------------------------

    def _cancel_everything(self) -> TimerIntent | None:
        return CancelTimers(every=True)

    def _cancel_every(self) -> TimerIntent | None:
        kind, kept = self._kind(), self._which("kept")
        if kind is None or (self._slot("kept") and kept is None) or not self._is_one():
            return None
        return CancelTimers(kind, self._which(), every=True, kept=kept)

    def _cancel(self) -> TimerIntent | None:
        kind, meant = self._kind(), self._which()
        if kind is None:
            return None
        if meant and meant.name and not self._is_name("which"):
            timed = self._said.speaks_of_time(self._slot("which"), self._language)
            return NotUnderstood("cancel", self._words("which")) if timed else None
        several = self._slot("kind") in timer_words(self._language).several
        return CancelTimers(kind, meant, every=several and meant is None)

    # Changing -----------------------------------------------------------------------------------

    def _change_to(self) -> TimerIntent | None:
        seconds = self._seconds()
        return ChangeTimer(self._which(), to_seconds=seconds) if seconds and self._is_one() else None

    def _longer(self) -> TimerIntent | None:
        seconds = self._seconds()
        return ChangeTimer(self._which(), by_seconds=seconds) if seconds and self._is_one() else None

    def _longer_bare(self) -> TimerIntent | None:
        longer = self._longer()
        return replace(longer, bare=True) if isinstance(longer, ChangeTimer) else None

    def _shorter(self) -> TimerIntent | None:
        seconds = self._seconds()
        return ChangeTimer(self._which(), by_seconds=-seconds) if seconds and self._is_one() else None

    def _cannot(self) -> TimerIntent | None:
        kind = self._kind()
        return kind and NotUnderstood("pause_alarm" if kind == "alarm" else "pause_timer")

    # Asking -------------------------------------------------------------------------------------

    def _ask_left(self) -> TimerIntent | None:
        return self._asked()

    def _ask_when(self) -> TimerIntent | None:
        asked = self._asked()
        if not isinstance(asked, AskRemaining):
            return None
        return replace(asked, perhaps=asked.which is not None and asked.which.name != "")

    def _asked(self) -> TimerIntent | None:
        known, words = timer_words(self._language), self._said.words
        kinds = [kind for name, kind in known.kinds.items() if f" {name} " in f" {' '.join(words)} "]
        named = bool(kinds)
        if not named and known.left.isdisjoint(words) and not known.counted.match(self._said.plain):
            return None
        names = {word for name in known.kinds for word in name.split()}
        rest = [word for word in self._slot("rest").split() if word not in known.fillers | names]
        meant = which(" ".join(rest), self._said, self._language)
        one = kinds[0] if kinds and kinds[0] != "timer" else ""
        return AskRemaining(
            one,
            meant,
            named=named or not known.left.isdisjoint(words),
            perhaps=meant is not None and meant.name != "" and (not named or known.still.isdisjoint(words)),
        )
