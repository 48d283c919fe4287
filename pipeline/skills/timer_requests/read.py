"""From an utterance to what it asks of timers: pure, in one language, without effect."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from config.language.courtesy import undress
from config.language.normalise import normalise
from config.language.words import without_article, words_in
from pipeline.skills.durations import begins_unit
from pipeline.skills.timer_requests.changing import Changing
from pipeline.skills.timer_requests.corrected import corrected
from pipeline.skills.timer_requests.intents import (
    AskRemaining,
    CancelTimers,
    ChangeTimer,
    NotUnderstood,
    Remind,
    SetAlarm,
    SetTimer,
    TimerIntent,
    Which,
)
from pipeline.skills.timer_requests.which import which
from pipeline.skills.timer_requests.words import more_in_front, timer_words
from pipeline.skills.when.number_slots import whole_of
from pipeline.skills.when.spans import Spanned, spanned

_MARKS = '“”„«»"‹› '
_QUOTED = re.compile(r"[“„][^“”„]+[“”]|«[^«»]+»|\"[^\"]+\"")
_END = re.compile(r"[.!?;…]\s+")


def read_timer_intent(words: Sequence[str], language: str, text: str = "") -> TimerIntent | None:
    """None where it is about no timer. ``text``: as it was written."""
    known = timer_words(language)
    if not known.sentences.may_match(words):
        return None
    said = corrected(spanned(more_in_front(words, language), language, text), language)
    intent = _intent(said, language) or (
        _intent(said.without_numbers(), language) if said.has_numbers else None
    )
    return None if intent and _told_apart(text, language) else intent


def _told_apart(text: str, language: str) -> bool:
    """Whether it is said in quotation marks only, or two things are asked, one a sentence."""
    outside = _QUOTED.sub(" ", text)
    quoted = (
        [match[0].strip(_MARKS) for match in _QUOTED.finditer(text)] if words_in(outside, language) else []
    )
    apart = [part for part in _END.split(text.strip()) if words_in(part, language)]
    return any(_asks(each, language) for each in quoted) or (
        len(apart) > 1 and sum(_asks(each, language) for each in apart) > 1
    )


def _asks(text: str, language: str) -> bool:
    return (
        read_timer_intent(words_in(undress(normalise(text, language=language), language), language), language)
        is not None
    )


def _intent(said: Spanned, language: str) -> TimerIntent | None:
    for name, slots in timer_words(language).sentences.readings(said.plain):
        if intent := _Sentence(said, slots, language).intent(name):
            return intent
    return None


class _Sentence(Changing):
    """What it asks."""

    def intent(self, name: str) -> TimerIntent | None:
        if self.in_doubt() and not name.endswith("_unclear") and not name.startswith("ask_"):
            return None
        read: Callable[[], TimerIntent | None] = getattr(self, f"_{name}")
        return read()

    # Setting ------------------------------------------------------------------------------------

    def _set_timer(self) -> TimerIntent | None:
        seconds, name = self._seconds(), self._name()
        misheard = " ".join(self._said.said(self._slot("misheard")))
        if misheard and misheard not in self._known.misheard:
            return None
        if self._slot("counted") and self._said.seconds(self._slot("counted")) != 1:
            return None  # "a second timer" is one more
        return None if seconds is None or name is None else SetTimer(seconds, name)

    def _set_named(self) -> TimerIntent | None:
        """ "The pasta timer": one that runs, if there is one."""
        timer, meant = self._set_timer(), self._which("name")
        if not isinstance(timer, SetTimer):
            return None
        return ChangeTimer(meant, to_seconds=timer.seconds, else_set=True) if meant and meant.name else timer

    def _set_alarm(self) -> TimerIntent | None:
        moment, what = self._moment(), self._what()
        if moment and any(self._known.wakes.places(self._said.words)):
            moment = moment.of_waking()
        if moment is None or what is None or self._number_first("what"):  # "for 7 to 8"
            return None
        if not moment.timed:
            return NotUnderstood("what_time")
        return Remind(what, moment=moment) if what else SetAlarm(moment)

    def _remind(self) -> TimerIntent | None:
        seconds, what = self._seconds(), self._what()
        moment = None if seconds is not None else self._moment()
        if what is None or (seconds is None and moment is None):
            return None
        if moment and not moment.timed:
            return (
                None
                if self._mentions()
                else NotUnderstood("remind_when", self._what() or "", self._words("moment"))
            )
        return Remind(what, seconds, moment)

    def _remind_when(self) -> TimerIntent | None:
        what = self._what()
        return NotUnderstood("remind_when", self._words("what")) if what and not self._mentions() else None

    def _how_long(self) -> TimerIntent | None:
        return NotUnderstood("how_long")

    def _what_time(self) -> TimerIntent | None:
        return NotUnderstood("what_time")

    def _cancel_unclear(self) -> TimerIntent | None:
        kind, rest = self._kind(), self._slot("rest")
        timed = kind and self._said.speaks_of_time(rest, self._language)
        if not timed or self._mentions() or self.in_doubt("rest"):
            return None
        return NotUnderstood("cancel", self._words("rest"))

    def _remind_unclear(self) -> TimerIntent | None:
        first = self._said.said(self._slot("rest"))[:1]
        return None if self._known.asks.intersection(first) else self._unclear("remind")

    def _set_unclear(self) -> TimerIntent | None:
        timer = any(self._known.kinds.get(word) == "timer" for word in self._said.words)
        return self._unclear("set" if timer else "ring")

    def _unclear(self, reason: Literal["set", "ring", "remind"]) -> TimerIntent | None:
        """Only what speaks of a time, and tells no story, was meant for a timer."""
        rest = f"{self._slot('name')} {self._slot('rest')}"
        if self._mentions() or not self._timed(rest, numbers=reason != "remind"):
            return None
        return NotUnderstood(
            reason, self._words("moment", "rest") if self._slot("rest") else self._words("name")
        )

    def _mentions(self) -> bool:
        """Whether a timer is only spoken of: "my alarm did not go off"."""
        return not self._known.mentioned.isdisjoint(self._said.words)

    def _timed(self, rest: str, *, numbers: bool) -> bool:
        """Whether it speaks of a time; with ``numbers`` also of a number of something: "25 o'clock"."""
        spans, said = self._said.spans, self._said.said(rest)
        if any(word in spans and (numbers or spans[word].kind != "w") for word in rest.split()):
            return True
        if numbers and any(self._is_number(word) or self._is_unit(word) for word in said):
            return True
        return not self._known.too_long.isdisjoint(said) or self._said.speaks_of_time(rest, self._language)

    def _number_first(self, slot: str) -> bool:
        said = self._said.said(self._slot(slot))
        return bool(said) and self._is_number(said[0])

    def _is_unit(self, word: str) -> bool:
        """ "A few minutes", and no "s" of "s'il"."""
        return len(word) > 2 and begins_unit(word, self._language)

    def _is_number(self, word: str) -> bool:
        return word[0].isdigit() or whole_of([word], self._language) is not None

    # Cancelling ---------------------------------------------------------------------------------

    def _cancel_everything(self) -> TimerIntent | None:
        if not self._slot("kept"):
            return CancelTimers(every=True)
        return self._but_for(CancelTimers(every=True))

    def _cancel_what(self) -> TimerIntent | None:
        """Everything of what: timers, a list, notes?"""
        words = self._said.written([*self._said.words], self._language)
        return NotUnderstood("cancel", words, bare=True)

    def _cancel_reminder(self) -> TimerIntent | None:
        """ "You need not remind me of the bins"."""
        meant = self._which()
        return CancelTimers("reminder", meant) if meant and self._means_one() else None

    def _cancel_every(self) -> TimerIntent | None:
        kind = self._kind()
        if kind is None or not self._means_one():
            return None
        return self._but_for(CancelTimers(kind, self._which() or self._which("moment"), every=True))

    def _but_for(self, every: CancelTimers) -> TimerIntent | None:
        kept = self._slot("kept")
        if not kept:
            return every
        said = " ".join(without_article(self._said.said(kept), self._language))
        if said in self._known.kinds and (said in self._known.several or not every.kind):
            return replace(every, kept_kind=self._known.kinds[said])
        meant = self._which("kept")
        return replace(every, kept=meant) if meant else None

    def _cancel_count(self) -> TimerIntent | None:
        slot = "count" if self._slot("count") else "count_too"  # "le due" is a time of day as well
        kind, count = self._kind(), self._number_in(slot)
        if kind is None or count is None:
            return None
        return CancelTimers(kind, Which(written=self._words(slot, "kinds")), every=True, count=count)

    def _cancel_both(self) -> TimerIntent | None:
        kind = self._kind() if self._slot("kinds") else ""
        return (
            None if kind is None else CancelTimers(kind, Which(written=self._said.text), every=True, count=2)
        )

    def _cancel_one(self) -> TimerIntent | None:
        """ "The one of ten minutes": not by its name."""
        meant = self._which()
        return CancelTimers(which=meant) if meant and not meant.name and self._means_one() else None

    def _cancel_named(self) -> TimerIntent | None:
        meant = self._which()
        if meant is None or not (self._stands_in() or (meant.name and self._is_name("which"))):
            return None
        return CancelTimers(which=meant, perhaps=True)

    def _cancel(self) -> TimerIntent | None:
        kind, meant = self._kind(), self._which()
        if kind is None:
            return None
        if not self._means_one():
            timed = self._said.speaks_of_time(self._slot("which"), self._language)
            return NotUnderstood("cancel", self._words("which")) if timed else None
        several = self._slot("kind") in self._known.several
        timed = meant is not None and meant.moment is not None and meant.number is None
        if several and meant and (count := self._number_in("which")) is not None:
            return CancelTimers(kind, meant, every=True, count=count)
        return CancelTimers(kind, meant, every=several and (meant is None or timed))

    # Asking -------------------------------------------------------------------------------------

    def _ask_left(self) -> TimerIntent | None:
        return self._asked()

    def _ask_when(self) -> TimerIntent | None:
        asked = self._asked()
        if not isinstance(asked, AskRemaining):
            return None
        return replace(asked, perhaps=asked.which is not None and asked.which.name != "")

    def _ask_reminders(self) -> TimerIntent | None:
        return AskRemaining("reminder", self._which("moment"))

    def _asked(self) -> TimerIntent | None:
        known, words = self._known, self._said.words
        kinds = [kind for name, kind in known.kinds.items() if f" {name} " in f" {' '.join(words)} "]
        names = {word for name in known.kinds for word in name.split()}
        rest = [word for word in self._slot("rest").split() if word not in known.fillers | names]
        meant = which(" ".join(rest), self._said, self._language)
        left = not known.left.isdisjoint(words)
        if not kinds and not left and not known.counted.match(self._said.plain):
            return AskRemaining("", meant, named=False, perhaps=True) if meant and meant.name else None
        one = kinds[0] if kinds and kinds[0] != "timer" else ""
        story = not known.closed.isdisjoint(rest)  # "she said"
        perhaps = bool(meant and meant.name) and (not kinds or story or known.still.isdisjoint(words))
        return AskRemaining(one, meant, named=bool(kinds), perhaps=perhaps)
