"""What is set: a timer, an alarm, a reminder; and what was meant for one and is not whole."""

from __future__ import annotations

from typing import Literal

from pipeline.skills.durations import begins_unit
from pipeline.skills.timer_requests.intents import (
    ChangeTimer,
    NotUnderstood,
    Remind,
    SetAlarm,
    SetTimer,
    TimerIntent,
)
from pipeline.skills.timer_requests.slotted import Slotted
from pipeline.skills.when.number_slots import whole_of


class Setting(Slotted):
    """Each as its sentences have it."""

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
